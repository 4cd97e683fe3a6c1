import { fieldsOf, textOf } from "./api/read.ts";

/** What is remembered of a visitor from page to page. */
export interface Store {
	/** `tab` and `none` forget what the device holds. @param memory of the configuration; until it is known nothing is read @returns what applies here */
	keepIn(memory: string): string;
	visitorId(): string;
	/** The page's own id of the visitor; "" = whoever comes next is somebody else. @returns whether that ends the conversation of another */
	identify(id: string): boolean;
	/** "" = no conversation yet */
	sessionId(): string;
	/** As an answer names it; "" = it names none, and the conversation goes on as it was. */
	keepSession(sessionId: string): void;
	/** The text that says whom to call, if one was given in this tab; "" = none was. */
	help(): string;
	keepHelp(text: string): void;
	/** The version of the notice that the visitor has agreed to; "" = none. */
	agreed(): string;
	keepAgreed(version: string): void;
	/** Whether the chat was open on the page before, in this tab. */
	wasOpen(): boolean;
	keepOpen(isOpen: boolean): void;
	/** Ends it for this page: the next answer begins another. */
	forget(): void;
}

/**
 * Kept by site key in the page's own storage: with the device, or with the tab. In neither, and where there is no storage, it lives
 * as long as the page.
 */
export function openStore(siteKey: string): Store {
	const name = `koby:${siteKey}`;
	const helpName = `${name}:help`;
	const openName = `${name}:open`;
	const agreedName = `${name}:consent`;
	let memory = "none";
	let agreed = "";
	/** Reading the property throws where storage is blocked. */
	const storage = (): Storage | null => {
		if (memory === "none") return null;
		return memory === "tab" ? sessionStorage : localStorage;
	};
	const { read, keep } = openKept(name, storage);
	/** Never with the device: whoever uses it next is not to read what was said. */
	const keepHelp = (text: string): void => {
		if (memory !== "none") attempt(() => sessionStorage.setItem(helpName, text));
	};
	const keepAgreed = (version: string): void => {
		agreed = version;
		attempt(() => storage()?.setItem(agreedName, version));
	};
	const dropHelp = (): unknown => attempt(() => sessionStorage.removeItem(helpName));
	return {
		keepIn(wanted) {
			// A tab that another one opened has a copy of its storage, and may be the next person's.
			memory = wanted === "tab" && window.opener ? "none" : wanted;
			for (const held of [name, agreedName]) {
				if (isShared(memory)) attempt(() => localStorage.removeItem(held));
				if (memory !== "tab") attempt(() => sessionStorage.removeItem(held));
			}
			if (memory === "none") attempt(() => sessionStorage.removeItem(openName));
			return memory;
		},
		visitorId: () => read().visitorId,
		identify(id) {
			const { visitorId, sessionId, isNamed } = read();
			if (id === visitorId || (id === "" && !isNamed)) return false;
			// Who was not named before is the same person, and has agreed already.
			if (isNamed) keepAgreed("");
			dropHelp();
			keep({ visitorId: id || randomId(), sessionId: "", isNamed: id !== "" });
			return sessionId !== "";
		},
		sessionId: () => read().sessionId,
		keepSession(id) {
			const kept = read();
			if (id !== "" && id !== kept.sessionId) keep({ ...kept, sessionId: id });
		},
		help: () => (memory === "none" ? "" : String(attempt(() => sessionStorage.getItem(helpName)) ?? "")),
		keepHelp,
		agreed() {
			const kept = attempt(() => storage()?.getItem(agreedName));
			return typeof kept === "string" ? kept : agreed;
		},
		keepAgreed,
		wasOpen: () => memory !== "none" && attempt(() => sessionStorage.getItem(openName)) === "1",
		keepOpen(isOpen) {
			if (memory !== "none") attempt(() => sessionStorage.setItem(openName, isOpen ? "1" : ""));
		},
		forget() {
			const kept = read();
			dropHelp();
			// Whoever comes next to a device of many is somebody else.
			if (isShared(memory)) {
				keepAgreed("");
				keep({ visitorId: randomId(), sessionId: "", isNamed: false });
			} else if (kept.sessionId !== "") keep({ ...kept, sessionId: "" });
		},
	};
}

/** Who the visitor is, and which conversation is theirs. */
interface Kept {
	visitorId: string;
	sessionId: string;
	/** The page has named the visitor. */
	isNamed: boolean;
}

function openKept(name: string, storage: () => Storage | null): { read(): Kept; keep(next: Kept): void } {
	let kept: Kept = { visitorId: randomId(), sessionId: "", isNamed: false };
	return {
		/** Another tab may have begun the conversation, gone on with it, or ended it. */
		read() {
			const held = attempt(() => JSON.parse(storage()?.getItem(name) ?? "null"));
			if (!held) return kept;
			const fields = fieldsOf(held);
			kept = {
				visitorId: textOf(fields, "visitor") || kept.visitorId,
				sessionId: textOf(fields, "session"),
				isNamed: fields.named === true,
			};
			return kept;
		},
		keep(next) {
			kept = next;
			const { visitorId: visitor, sessionId: session, isNamed } = next;
			// Blocked or full: then the visitor is a new one on the next page.
			attempt(() =>
				storage()?.setItem(name, JSON.stringify({ visitor, session, ...(isNamed ? { named: true } : {}) })),
			);
		},
	};
}

/** Whether the conversation must not outlive the tab or the page: the device is one of many people's. */
export function isShared(memory: string): boolean {
	return /^(tab|none)$/.test(memory);
}

function attempt(action: () => unknown): unknown {
	try {
		return action();
	} catch {
		return null;
	}
}

/** A UUID; where the page is not a secure context, as many random digits. */
function randomId(): string {
	if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
	return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
