import { fieldsOf, textOf } from "../page/api/read.ts";

/** What the script has to know of the page before it asks anybody. */
export interface Settings {
	siteKey: string;
	/** Folder of the chat's routes, with `/` at its end. */
	base: string;
	/** "" = none was given */
	color: string;
	/** Tags with commas between them, the page's choice before the visitor's: the server takes the first that it speaks. */
	language: string;
}

// The worker writes both into the file it serves: so they are known wherever an optimizer has copied it, also into the page itself.
const SERVED_BASE = "{{koby-base}}";
/** Of `?site_key=` on the script's address. */
const SERVED_KEY = "{{koby-key}}";

// Only while the script runs for the first time does the browser know which tag it is.
const current = document.currentScript;
const own = current instanceof HTMLScriptElement ? current : null;

/**
 * Reads the settings from where they may stand: on the script's own tag, in its address, in `window.kobySettings`, in the file as it was
 * served, and on a tag that a consent manager or an optimizer has left behind.
 * @returns null = no key is to be found
 * @throws {TypeError} the address of the chat is none
 */
export function readSettings(): Settings | null {
	const left = document.querySelector<HTMLScriptElement>("script[data-site-key*=sk_]");
	// An element of the page with one of these ids is found here as well: only texts count.
	const page: { kobySettings?: unknown; koby?: unknown } = window;
	const set = (name: string): string => textOf(fieldsOf(page.kobySettings), name) || textOf(fieldsOf(page.koby), name);
	const given = (name: string): string => own?.dataset[name] || set(name) || left?.dataset[name] || "";
	const siteKey =
		own?.dataset.siteKey ||
		/[?&]site_key=(sk_[\w-]+)/.exec(own?.src ?? "")?.[1] ||
		(SERVED_KEY.startsWith("sk_") && SERVED_KEY) ||
		given("siteKey");
	return siteKey
		? {
				// A blank comes along where it is copied.
				siteKey: siteKey.trim(),
				base: baseOf(given("api"), own?.src || left?.src || ""),
				color: given("color"),
				language: `${given("language")},${navigator.languages}`,
			}
		: null;
}

/** A script on the host that has served it stands beside the routes, whatever folder that is; on any other host it is a copy. */
function baseOf(api: string, source: string): string {
	if (api) return new URL(api, location.href).href.replace(/\/*$/, "/");
	const isServed = SERVED_BASE.startsWith("http");
	const isCopy = isServed && !source.startsWith(SERVED_BASE);
	return isCopy ? SERVED_BASE : new URL(".", source || location.href).href;
}
