import { showAnswer } from "./answers.ts";
import type { Api } from "./api/api.ts";
import { asFault } from "./api/fault.ts";
import type { StoredMessage } from "./api/shapes.ts";
import type { Store } from "./store.ts";
import type { View } from "./view/view.ts";

/** How often an answer under way is looked for, ms, and how many times: the model has 20 s, and the visitor waits no longer. */
const LOOK_MS = 2000;
const MAX_LOOKS = 12;

/** What was said before this page, or in another tab. */
export interface Past {
	/** Shows the conversation, unless it is shown or this page has gone on with it. */
	restore(): Promise<void>;
	/** The visitor has written on this page: what is shown is its own from here on. */
	leave(): void;
	/** Nothing is shown any more. */
	forget(): void;
}

export function createPast(api: Api, store: Store, view: View): Past {
	/** The session whose messages are shown; "" = none were. */
	let shown = "";
	let isOwn = false;
	let isLooking = false;

	async function restore(): Promise<void> {
		const sessionId = store.sessionId();
		if (isOwn || shown === sessionId) return;
		shown = sessionId;
		view.suggest(false);
		isLooking = true;
		view.setBusy(true);
		try {
			await show(sessionId);
		} catch (thrown) {
			if (isOwn) return;
			if (store.sessionId() !== sessionId) return;
			if (asFault(thrown).code === "not_found") store.forget();
			else shown = "";
			view.suggest(true);
		}
		if (!isOwn) rest();
	}

	function rest(): void {
		isLooking = false;
		view.live.clear();
		view.setBusy(false);
	}

	/** An answer that the page before did not wait for is waited for here. */
	async function show(sessionId: string): Promise<void> {
		for (let look = 0; look < MAX_LOOKS; look++) {
			const messages = await api.messages(sessionId);
			if (isOwn || store.sessionId() !== sessionId) return;
			view.log.quietly(view.greet);
			view.suggest(false);
			showMessages(api, store, view, messages);
			if (messages.at(-1)?.isPending !== true) return;
			view.live.wait();
			await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
		}
	}

	return {
		restore,
		leave() {
			if (isLooking) rest();
			isOwn = true;
		},
		forget() {
			shown = "";
			isOwn = false;
		},
	};
}

function showMessages(api: Api, store: Store, view: View, messages: readonly StoredMessage[]): void {
	view.log.quietly(() => {
		for (const { id, isVisitor, text, rating, sources, isPending } of messages) {
			if (isPending) continue;
			if (isVisitor) view.log.addVisitor(text);
			else showAnswer(api, store, view, { text, messageId: id, sources }, rating);
		}
	});
	view.panel.follow(null, true);
}
