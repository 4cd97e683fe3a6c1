import { fieldsOf, textOf } from "./api/read.ts";

/** What is remembered of a visitor from page to page. */
export interface Store {
	visitorId(): string;
	/** "" = no conversation yet */
	sessionId(): string;
	/** As an answer names it; "" = it names none, and the conversation goes on as it was. */
	keepSession(sessionId: string): void;
	/** Ends it for this page: the next answer begins another. */
	forget(): void;
}

/** Kept in the page's own storage, by site key; for as long as the page lives where it has none. */
export function openStore(siteKey: string): Store {
	const name = `koby:${siteKey}`;
	let visitorId = randomId();
	let sessionId = "";
	/** Another tab may have begun the conversation, gone on with it, or ended it. */
	const read = (): void => {
		const kept = load(name);
		if (kept === null) return;
		const fields = fieldsOf(kept);
		visitorId = textOf(fields, "visitor") || visitorId;
		sessionId = textOf(fields, "session");
	};
	const save = (id: string): void => {
		if (id === sessionId) return;
		sessionId = id;
		try {
			localStorage.setItem(name, JSON.stringify({ visitor: visitorId, session: sessionId }));
		} catch {
			// Blocked or full: then the visitor is a new one on the next page.
		}
	};
	return {
		visitorId() {
			read();
			return visitorId;
		},
		sessionId() {
			read();
			return sessionId;
		},
		keepSession(id) {
			read();
			save(id || sessionId);
		},
		forget() {
			read();
			save("");
		},
	};
}

function load(name: string): unknown {
	try {
		return JSON.parse(localStorage.getItem(name) ?? "null");
	} catch {
		return null;
	}
}

/** A UUID; where the page is not a secure context, as many random digits. */
function randomId(): string {
	if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
	return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
