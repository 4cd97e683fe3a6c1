import { createAnew } from "./anew.ts";
import type { Api, LeadFields } from "./api/api.ts";
import type { Config } from "./api/shapes.ts";
import { createAsking } from "./consent.ts";
import type { Consent } from "./consent.ts";
import { emit } from "./events.ts";
import { asFault } from "./api/fault.ts";
import { createPast } from "./past.ts";
import { isHiddenPath, onMove } from "./paths.ts";
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
export function startChat(api: Api, store: Store, consent: Consent, config: Config, memory: string): Chat {
	const view = createView(config, {
		send,
		choose(question) {
			if (!turns.isRunning()) send(question);
		},
		stop() {
			turns.stop();
			past.leave();
		},
		saveLead,
		talk() {
			view.suggest(false);
			view.lead.open();
			view.panel.follow(view.lead.element, true);
		},
		reset() {
			// What somebody clears at a device of many, the next one is not to bring back.
			if (isShared(memory)) reset();
			else {
				turns.stop();
				anew.begin(clear);
				if (view.frame.isOpen()) view.focus();
			}
		},
		agree: () => asking.agree(),
		opened() {
			asking.show();
			if (config.hasHistory) void past.restore();
		},
	});
	const asking = createAsking(api, consent, view, config);
	const turns = createTurns(api, store, view, () => void asking.anew());
	const past = createPast(api, store, view);
	const anew = createAnew(store, view, end);

	view.banner.show(store.help());

	function send(text: string): void {
		anew.settle();
		view.suggest(false);
		view.lead.giveWay();
		past.leave();
		emit("koby:message", { role: "user", text });
		turns.ask(text);
	}

	async function saveLead(fields: LeadFields): Promise<void> {
		anew.settle();
		const sessionId = store.sessionId();
		try {
			await api.lead(sessionId, fields);
		} catch (thrown) {
			const { code } = asFault(thrown);
			// The conversation has ended meanwhile; the visitor wants to be written to all the same.
			if (code === "not_found" && sessionId !== "") return api.lead("", fields);
			if (code === "consent_required") void asking.anew();
			throw thrown;
		}
	}

	function clear(): void {
		view.banner.show("");
		turns.drop();
		view.lead.forget();
		view.log.quietly(view.greet);
	}

	function end(): void {
		const sessionId = store.sessionId();
		// Where this fails the old one ends by itself, and no message of this page goes on with it.
		if (sessionId !== "") api.end(sessionId).catch(() => undefined);
		store.forget();
		asking.show();
	}

	function reset(): void {
		anew.settle();
		clear();
		end();
		if (view.frame.isOpen()) view.focus();
	}

	addEventListener("pagehide", () => {
		store.keepOpen(view.frame.isOpen());
		anew.settle();
	});
	// A page that is left may be come back to as it stood, by somebody else.
	if (isShared(memory))
		addEventListener("pagehide", () => {
			view.frame.close();
			view.composer.element.reset();
			past.forget();
			clear();
			if (memory === "none") end();
		});

	asking.show();
	const stayAway = (): void => view.frame.setAway(isHiddenPath(location.pathname, config.hiddenPaths));
	if (config.hiddenPaths.length > 0) {
		stayAway();
		onMove(stayAway);
	}

	// A page that has no room beside the chat is to be seen first.
	if (store.wasOpen() && !matchMedia("(max-width: 480px)").matches) view.frame.open(false);

	return { open: () => view.frame.open(), close: view.frame.close, reset };
}
