import type { Api } from "./api/api.ts";
import type { Config } from "./api/shapes.ts";
import { emit } from "./events.ts";
import { createPast } from "./past.ts";
import type { Store } from "./store.ts";
import { createTurns } from "./turns.ts";
import { createView } from "./view/view.ts";

/** What the page may do with the chat. */
export interface Chat {
	open(): void;
	close(): void;
	reset(): void;
}

/** Shows the chat on the page and leads the conversation. */
export function startChat(api: Api, store: Store, config: Config): Chat {
	const view = createView(config, {
		send,
		choose(question) {
			if (!turns.isRunning()) send(question);
		},
		saveLead: (fields) => api.lead(store.sessionId(), fields),
		reset,
		opened: () => void past.restore(),
	});
	const turns = createTurns(api, store, view);
	const past = createPast(api, store, view);

	function send(text: string): void {
		view.suggest(false);
		view.lead.giveWay();
		past.leave();
		view.log.addVisitor(text);
		emit("koby:message", { role: "user", text });
		void turns.ask(text);
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
