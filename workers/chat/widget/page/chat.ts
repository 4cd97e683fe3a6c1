import { showPast } from "./answers.ts";
import type { Api } from "./api/api.ts";
import { asFault } from "./api/fault.ts";
import type { Config } from "./api/shapes.ts";
import { emit } from "./events.ts";
import type { Store } from "./store.ts";
import { createTurns } from "./turns.ts";
import { createView } from "./view/view.ts";

/** What the page may do with the chat. */
export interface Chat {
	open(): void;
	close(): void;
	reset(): void;
}

/** How often an answer under way is looked for, ms, and how many times: after two minutes nobody gives it any more. */
const LOOK_MS = 2000;
const MAX_LOOKS = 60;

/** Shows the chat on the page and leads the conversation. */
export function startChat(api: Api, store: Store, config: Config): Chat {
	/** The session whose messages are shown; "" = none were. */
	let shown = "";
	/** The visitor has written on this page: what is shown is its own. */
	let isOwn = false;
	const view = createView(config, {
		send,
		choose(question) {
			if (!turns.isRunning()) send(question);
		},
		saveLead: (fields) => api.lead(store.sessionId(), fields),
		reset,
		opened: () => void restore(),
	});
	const turns = createTurns(api, store, view);

	function send(text: string): void {
		view.suggest(false);
		view.lead.giveWay();
		isOwn = true;
		view.log.addVisitor(text);
		emit("koby:message", { role: "user", text });
		void turns.ask(text);
	}

	/** Shows the conversation of the page before, or of another tab, unless it is shown or this page has gone on with it. */
	async function restore(): Promise<void> {
		const sessionId = store.sessionId();
		if (isOwn || shown === sessionId) return;
		shown = sessionId;
		view.suggest(false);
		view.composer.setBusy(true);
		try {
			await showConversation(sessionId);
		} catch (thrown) {
			if (store.sessionId() !== sessionId) return;
			if (asFault(thrown).code === "not_found") store.forget();
			else shown = "";
			view.suggest(true);
		}
		view.live.clear();
		view.composer.setBusy(false);
	}

	/** An answer that the page before did not wait for is waited for here. */
	async function showConversation(sessionId: string): Promise<void> {
		for (let look = 0; look < MAX_LOOKS; look++) {
			const messages = await api.messages(sessionId);
			if (store.sessionId() !== sessionId) return;
			view.log.quietly(view.greet);
			view.suggest(false);
			showPast(api, store, view, messages);
			if (messages.at(-1)?.isPending !== true) return;
			view.live.wait();
			await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
		}
	}

	function reset(): void {
		turns.drop();
		view.lead.forget();
		const sessionId = store.sessionId();
		store.forget();
		// Where this fails the old one ends by itself, and no message of this page goes on with it.
		if (sessionId !== "") api.end(sessionId).catch(() => undefined);
		view.log.quietly(view.greet);
		if (view.frame.isOpen()) view.composer.focus();
	}

	return { open: view.frame.open, close: view.frame.close, reset };
}
