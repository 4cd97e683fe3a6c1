import type { Api } from "./api/api.ts";
import type { Config } from "./api/shapes.ts";
import { emit } from "./events.ts";
import { createPast } from "./past.ts";
import { isShared } from "./store.ts";
import type { Store } from "./store.ts";
import { createTurns } from "./turns.ts";
import { createView } from "./view/view.ts";

/** What the page may do with the chat. */
export interface Chat {
	open(): void;
	close(): void;
	reset(): void;
}

/** Shows the chat on the page and leads the conversation. @param memory as the store keeps it */
export function startChat(api: Api, store: Store, config: Config, memory: string): Chat {
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

	view.banner.show(store.help());

	function send(text: string): void {
		view.suggest(false);
		view.lead.giveWay();
		past.leave();
		view.log.addVisitor(text);
		emit("koby:message", { role: "user", text });
		void turns.ask(text);
	}

	function clear(): void {
		view.banner.show("");
		turns.drop();
		view.lead.forget();
		view.log.quietly(view.greet);
	}

	function end(): void {
		clear();
		const sessionId = store.sessionId();
		// Where this fails the old one ends by itself, and no message of this page goes on with it.
		if (sessionId !== "") api.end(sessionId).catch(() => undefined);
		store.forget();
	}

	function reset(): void {
		end();
		if (view.frame.isOpen()) view.composer.focus();
	}

	// A page that is left may be come back to as it stood, by somebody else.
	if (isShared(memory))
		addEventListener("pagehide", () => {
			view.frame.close();
			view.composer.element.reset();
			past.forget();
			if (memory === "none") end();
			else clear();
		});

	return { open: view.frame.open, close: view.frame.close, reset };
}
