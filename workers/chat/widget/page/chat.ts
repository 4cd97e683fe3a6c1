import type { Panel, Stand } from "../loader/handover.ts";
import { showAnswer } from "./answers.ts";
import type { Api, LeadFields } from "./api/api.ts";
import type { Config } from "./api/shapes.ts";
import { createAsking } from "./consent.ts";
import type { Consent } from "./consent.ts";
import { emit } from "./events.ts";
import { asFault } from "./api/fault.ts";
import type { Later } from "./later.ts";
import { createNamed } from "./identity.ts";
import { isShared } from "./store.ts";
import type { Store } from "./store.ts";
import { coversPage } from "./view/frame.ts";
import { createTurns } from "./turns.ts";
import { createView } from "./view/view.ts";
import type { View } from "./view/view.ts";

interface Parts {
	api: Api;
	store: Store;
	consent: Consent;
	config: Config;
	/** As the store keeps it. */
	memory: string;
	stand: Stand;
	later: Later;
}

/** Shows the chat on its stand and leads the conversation. */
export function startChat({ api, store, consent, config, memory, stand, later }: Parts): Panel {
	const view = createView(config, stand, later.createLead, {
		send,
		choose: (question) => turns.isRunning() || send(question),
		stop() {
			past.leave();
			turns.stop();
		},
		saveLead: (lead) => saveLead(api, store, lead, { settle: anew.settle, askAnew: () => void asking.anew() }),
		reset() {
			// What somebody clears at a device of many, the next one is not to bring back.
			if (isShared(memory)) return reset();
			turns.stop();
			anew.begin(clear);
			view.focus();
		},
		agree: () => asking.agree(),
		opened() {
			asking.show();
			if (config.hasHistory) void past.restore();
		},
	});
	const asking = createAsking(api, consent, view, config);
	const turns = createTurns(api, store, view, later, () => void asking.anew());
	const past = later.createPast({ api, store, view, show: showAnswer, resume: turns.resume });
	const anew = later.createAnew(store, view, end);
	const named = createNamed(store, view.lead, () => {
		past.forget();
		clear();
		asking.show();
	});

	view.banner.show(store.help());

	function send(text: string): void {
		anew.settle();
		view.suggest(false);
		view.lead.giveWay();
		past.leave();
		emit("koby:message", { role: "user", text });
		turns.ask(text);
	}

	function clear(): void {
		view.banner.show("");
		turns.drop();
		view.lead.forget();
		view.log.quietly(view.greet);
	}

	function end(): void {
		endSession(api, store);
		asking.show();
	}

	function reset(): void {
		anew.settle();
		clear();
		end();
		if (view.frame.isOpen()) view.focus();
	}

	const leave = (): void => {
		past.forget();
		clear();
		if (memory === "none") end();
	};
	followLeaving(view, store, { settle: anew.settle, leave: isShared(memory) ? leave : null, drop: turns.drop });

	asking.show();
	reopen(view, store);
	return {
		isOpen: view.frame.isOpen,
		open: () => view.frame.open(),
		close: view.frame.close,
		reset() {
			named.forget();
			reset();
		},
		identify: named.identify,
	};
}

function endSession(api: Api, store: Store): void {
	const sessionId = store.sessionId();
	// Where this fails the old one ends by itself, and no message of this page goes on with it.
	if (sessionId !== "") api.end(sessionId).catch(() => undefined);
	store.forget();
}

/** What a lead brings about: a conversation that was begun anew stays so, and consent that the server takes for none is asked for. */
interface Asking {
	settle(): void;
	askAnew(): void;
}

async function saveLead(api: Api, store: Store, lead: LeadFields, { settle, askAnew }: Asking): Promise<void> {
	settle();
	const sessionId = store.sessionId();
	try {
		await api.lead(sessionId, lead);
	} catch (thrown) {
		const { code } = asFault(thrown);
		// The conversation has ended meanwhile; the visitor wants to be written to all the same.
		if (code === "not_found" && sessionId !== "") return api.lead("", lead);
		if (code === "consent_required") askAnew();
		throw thrown;
	}
}

/** The chat stands as it stood on the page before. Where there is no room beside it, the page is to be seen first. */
function reopen({ frame }: View, store: Store): void {
	if (store.wasOpen() && !coversPage()) frame.open(false);
}

/** What is done when the page is left, or the chat taken off it. */
interface Leaving {
	/** What was begun anew stays so. */
	settle(): void;
	/** A page that is left may be come back to as it stood, by somebody else; null = not by one of these. */
	leave: (() => void) | null;
	/** Gives up what is being answered. */
	drop(): void;
}

function followLeaving({ frame, composer, lead }: View, store: Store, { settle, leave, drop }: Leaving): void {
	const { signal } = frame;
	const onLeave = (): void => {
		store.keepOpen(frame.isOpen());
		settle();
		if (leave === null) return;
		frame.close();
		composer.element.reset();
		lead.prefill("", "");
		leave();
	};
	addEventListener("pagehide", onLeave, { signal });
	const end = (): void => {
		settle();
		drop();
	};
	signal.addEventListener("abort", end);
}
