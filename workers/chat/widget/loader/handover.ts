/**
 * What the loader gives the panel, and the panel the loader. A browser may have kept the loader of an older version, which then meets
 * the panel of today: so fields are only added here, and each side does without those that the other does not know.
 */
export interface Handover {
	/** Folder of the chat's routes, with `/` at its end. */
	base: string;
	siteKey: string;
	/** The body of `GET /config`. */
	config: unknown;
	stand: Stand;
}

/** The chat's place on the page: a shadow tree with the launcher in it. */
export interface Stand {
	/** It is connected while the chat may be seen. */
	host: HTMLElement;
	shadow: ShadowRoot;
	/** What is shown stands in here, after the launcher. */
	root: HTMLElement;
	launcher: HTMLButtonElement;
	/** What the host stands in: beside the body, which some sites exchange for the next page's, unless the panel says otherwise. */
	parent: () => Element;
	/** Puts the host there, where it may be seen. */
	place(): void;
	/** Aborted when the page takes the chat off for good. */
	signal: AbortSignal;
}

/** The chat once it is there. */
export interface Panel {
	isOpen(): boolean;
	/** Does nothing while the host is not connected. */
	open(): void;
	close(): void;
	/** Ends the conversation, and forgets whom the page has named. */
	reset(): void;
	/** @param identity as the page gave it; one that is not as it has to be is named in the console and left aside */
	identify(identity: unknown): void;
}

/** What the panel's file exports. */
export interface PanelModule {
	/** What need not wait until somebody wants the chat. @returns whether it stood open on the page before, and is to come at once */
	prepare?(handover: Handover): boolean;
	/** Rejects where what it needs cannot be fetched. */
	start(handover: Handover): Promise<Panel>;
}

/** A configuration that could not be had. */
export interface Trouble {
	base: string;
	siteKey: string;
	/** As the configuration was asked for in. */
	language: string;
	/** Ends it: nobody waits any more. */
	signal: AbortSignal;
	/** What was answered; null = nothing */
	response: Response | null;
	/** Called with each try that fails. */
	onFailure(): void;
}

/** What the file exports that knows what to do then. */
export interface TroubleModule {
	/** @returns the body of `GET /config` at last; null = the chat is not to be shown on this page */
	explained(trouble: Trouble): Promise<unknown>;
}
