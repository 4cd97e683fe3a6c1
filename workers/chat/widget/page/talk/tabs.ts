import type { Answer } from "../api/shapes.ts";
import type { Store } from "../store.ts";

/** The visitor's other tabs, where the device is theirs alone. */
export interface Tabs {
	/** Shows a question with its answer there as well, and what has come from there. */
	said(question: string, answer: Answer): void;
	/** The conversation is over there as well. */
	ended(): void;
	/** Shows what has come from there while an answer was under way here. */
	catchUp(): void;
}

/** What of this tab it touches. */
interface Given {
	siteKey: string;
	store: Store;
	/** Aborted when the chat is taken off the page for good. */
	signal: AbortSignal;
	/** An answer is under way, which belongs below its own question. */
	isBusy(): boolean;
	/** @param messages as `GET /sessions/{id}` has them */
	show(messages: unknown): void;
	clear(): void;
}

/**
 * Tabs tell each other by a value that is written and taken away again: nothing of what was said stays on the device, and a page that is
 * frozen while another one is visited stays so, as with an open channel it might not.
 */
export function createTabs({ siteKey, store, signal, isBusy, show, clear }: Given): Tabs {
	const name = `koby:${siteKey}:said`;
	const waiting: Record<string, unknown>[] = [];
	const tell = (told: object): void => {
		try {
			localStorage.setItem(name, JSON.stringify(told));
			localStorage.removeItem(name);
		} catch {
			// Without a storage, or with one that is full, each tab shows what was said in it.
		}
	};
	const catchUp = (): void => {
		while (waiting.length > 0 && !isBusy()) {
			const { session_id: sessionId } = waiting[0] ?? {};
			// What another tab has begun anew since is not shown any more.
			if (sessionId !== store.sessionId()) waiting.shift();
			else if (sessionId === "") {
				waiting.shift();
				clear();
			} else show(waiting.shift());
		}
	};
	const onStorage = ({ key, newValue }: StorageEvent): void => {
		if (key !== name || newValue === null) return;
		waiting.push(Object(parsed(newValue)));
		catchUp();
	};
	addEventListener("storage", onStorage, { signal });
	return {
		said(question, { text, messageId: id, sources }) {
			const messages = [
				{ role: "user", text: question },
				{ role: "assistant", id, text, sources },
			];
			// One that is not recorded, such as whom to call, is not for another tab.
			if (id !== "") tell({ session_id: store.sessionId(), messages });
			catchUp();
		},
		ended: () => tell({ session_id: "" }),
		catchUp,
	};
}

/** Any script of the page can write there. */
function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
