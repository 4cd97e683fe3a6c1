/**
 * Types of the Koby chat for the page that embeds it. Save this file in a TypeScript project, and `window.koby`,
 * `window.kobySettings` and the chat's events are known there.
 */

/** What a page may set before the script runs, in place of the tag's attributes. @public */
export interface KobySettings {
	/** The engine's public key, `sk_…`. */
	siteKey?: string;
	/** Address of the chat worker, where the script comes from another host. */
	api?: string;
	/** The launcher's colour, `#1a2b3c`, until the dashboard's is known. */
	color?: string;
	/** In place of the visitor's own, one of those that the chat speaks: `en es fr de pt it nl pl zh ar`. */
	language?: string;
}

/** Who the visitor is for the page. @public */
export interface KobyIdentity {
	/** The page's own id of the visitor: 1 to 128 signs of ASCII without blanks. Not to be guessed: whoever has it is this visitor. */
	visitor_id: string;
	/** Fills the form for being written to, at most 200 characters. */
	name?: string;
	/** The same, at most 254 characters. */
	email?: string;
}

/** Every command, and what it takes. */
export interface KobyCommands {
	/** Opens the chat, as soon as it can be. */
	open(): void;
	close(): void;
	/** Ends the conversation and forgets who the visitor is, such as when they log out. */
	reset(): void;
	/** Undoes `hide`. */
	show(): void;
	/** Takes launcher and chat off the page until `show`; what was said stays. */
	hide(): void;
	identify(identity: KobyIdentity): void;
	/** Takes all of it off the page for good; to have it back, put the tag in again. */
	destroy(): void;
}

/**
 * Commands as a call, which also works before the script has come, and as methods, which are there once it has:
 * `window.koby = window.koby || function () { (koby.q = koby.q || []).push(arguments); }`
 * @public
 */
export interface Koby extends Partial<Readonly<KobyCommands>> {
	<Name extends keyof KobyCommands>(name: Name, ...values: Parameters<KobyCommands[Name]>): void;
	/** Commands that were given before the script came. */
	q?: ArrayLike<unknown>[];
}

/** What the window is told, by `CustomEvent`; these are their details. */
export interface KobyEvents {
	/** The site answers this page: the launcher is there, unless it is to stay away or hidden. */
	"koby:ready": { name: string };
	"koby:open": null;
	"koby:close": null;
	"koby:message": { role: "user" | "assistant"; text: string; message_id?: string };
	/** A request failed, or the chat cannot be shown; the API's code, or offline, unreachable, wrong_origin, broken, http_<status>. */
	"koby:error": { code: string };
}

type KobyEventMap = { [Name in keyof KobyEvents]: CustomEvent<KobyEvents[Name]> };

declare global {
	interface Window {
		koby?: Koby;
		kobySettings?: KobySettings;
	}
	interface WindowEventMap extends KobyEventMap {}
	/** The same as `window.koby`. */
	var koby: Koby | undefined;
}
