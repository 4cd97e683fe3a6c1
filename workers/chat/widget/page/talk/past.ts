import type { showAnswer } from "../answers.ts";
import type { Api } from "../api/api.ts";
import type { StoredMessage } from "../api/shapes.ts";
import type { Store } from "../store.ts";
import type { View } from "../view/view.ts";

/** What was said before this page, or in another tab. */
export interface Past {
	/** Shows the conversation, unless it is shown or this page has gone on with it. */
	restore(): Promise<void>;
	/** The visitor has written on this page: what is shown is its own from here on. */
	leave(): void;
	/** Adds what was said in another tab meanwhile. */
	join(messages: readonly StoredMessage[]): void;
	/** Nothing is shown any more. */
	forget(): void;
}

/** What the panel has for it. */
interface Given {
	api: Api;
	store: Store;
	view: View;
	show: typeof showAnswer;
	/** As `Turns.resume`. */
	resume(text: string, answerId: string, message: HTMLElement): void;
}

export function createPast({ api, store, view, show, resume }: Given): Past {
	/** The session whose messages are shown; "" = none were. */
	let shown = "";
	let isOwn = false;

	async function restore(): Promise<void> {
		const sessionId = store.sessionId();
		if (isOwn || shown === sessionId) return;
		const isLate = (): boolean => isOwn || store.sessionId() !== sessionId;
		shown = sessionId;
		view.suggest(false);
		view.setBusy(true);
		try {
			const messages = await api.messages(sessionId);
			if (isLate()) return;
			view.setBusy(false);
			showMessages(messages);
		} catch (thrown) {
			if (isLate()) return;
			if (Object(thrown).code === "not_found") store.forget();
			else shown = "";
			view.setBusy(false);
			view.suggest(true);
		}
	}

	let question: HTMLElement | undefined;
	let asked = "";
	function add(messages: readonly StoredMessage[]): void {
		view.suggest(false);
		for (const { id, isVisitor, text, rating, sources, isPending } of messages) {
			if (isVisitor) {
				question = view.log.addVisitor(text);
				asked = text;
			} else if (!isPending) show(api, store, view, { text, messageId: id, sources }, rating);
		}
	}

	function showMessages(messages: readonly StoredMessage[]): void {
		question = undefined;
		view.log.quietly(() => {
			view.greet();
			add(messages);
		});
		view.panel.follow(null, true);
		// An answer that the page before did not wait for is waited for here.
		const last = messages.at(-1);
		if (last?.isPending && question !== undefined) resume(asked, last.id, question);
	}

	return {
		restore,
		join(messages) {
			if (messages.at(-1)?.id === view.log.lastId) return;
			add(messages);
			view.panel.follow(view.log.element.querySelector<HTMLElement>(".message:nth-last-child(2)"));
		},
		leave() {
			isOwn = true;
		},
		forget() {
			shown = "";
			isOwn = false;
		},
	};
}
