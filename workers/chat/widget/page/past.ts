import type { showAnswer } from "./answers.ts";
import type { Api } from "./api/api.ts";
import type { StoredMessage } from "./api/shapes.ts";
import type { Store } from "./store.ts";
import type { View } from "./view/view.ts";

/** What was said before this page, or in another tab. */
export interface Past {
	/** Shows the conversation, unless it is shown or this page has gone on with it. */
	restore(): Promise<void>;
	/** The visitor has written on this page: what is shown is its own from here on. */
	leave(): void;
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

	function showMessages(messages: readonly StoredMessage[]): void {
		let question: HTMLElement | undefined;
		let asked = "";
		view.log.quietly(() => {
			view.greet();
			view.suggest(false);
			for (const { id, isVisitor, text, rating, sources, isPending } of messages) {
				if (isVisitor) {
					question = view.log.addVisitor(text);
					asked = text;
				} else if (!isPending) show(api, store, view, { text, messageId: id, sources }, rating);
			}
		});
		view.panel.follow(null, true);
		// An answer that the page before did not wait for is waited for here.
		const last = messages.at(-1);
		if (last?.isPending && question !== undefined) resume(asked, last.id, question);
	}

	return {
		restore,
		leave() {
			isOwn = true;
		},
		forget() {
			shown = "";
			isOwn = false;
		},
	};
}
