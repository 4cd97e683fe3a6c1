import type { Panel, Stand } from "../loader/handover.ts";
import { showAnswer } from "./answers.ts";
import type { Api, LeadFields } from "./api/api.ts";
import { messagesOf } from "./api/shapes.ts";
import type { Config } from "./api/shapes.ts";
import { createAsking } from "./consent.ts";
import type { Consent } from "./consent.ts";
import { emit } from "./events.ts";
import { asFault } from "./api/fault.ts";
import type { Later } from "./later/later.ts";
import { createNamed } from "./identity.ts";
import { isShared } from "./store.ts";
import type { Store } from "./store.ts";
import { coversPage } from "./view/frame.ts";
import type { Past } from "./talk/past.ts";
import type { Anew } from "./talk/anew.ts";
import type { Tabs } from "./talk/tabs.ts";
import { followLeaving } from "./talk/leaving.ts";
import { createTurns } from "./turns.ts";
import type { Turns } from "./turns.ts";
import { createView } from "./view/view.ts";
import type { View } from "./view/view.ts";

interface Parts {
	siteKey: string;
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
export function startChat(parts: Parts): Panel {
	const { api, store, consent, config, memory, stand, later } = parts;
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
	const turns = createTurns(api, store, view, later, { askAnew: () => void asking.anew(), tabs: () => tabs });
	const past = later.createPast({ api, store, view, show: showAnswer, resume: turns.resume });
	const anew = later.createAnew(store, view, end);
	const beginAfresh = (): void => {
		past.forget();
		clear();
		asking.show();
	};
	const tabs = joinTabs(parts, view, { turns, past, anew }, beginAfresh);
	const named = createNamed(store, view.lead, stand.signal, beginAfresh);

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
		endSession(api, store, tabs);
		asking.show();
	}

	function reset(): void {
		anew.settle();
		clear();
		end();
		if (view.frame.isOpen()) view.focus();
	}

	followLeaving(view, store, memory, { settle: anew.settle, leave: beginAfresh, end, drop: turns.drop });
	asking.show();
	reopen(view, store);
	return {
		isOpen: view.frame.isOpen,
		open: () => view.frame.open(),
		close: view.frame.close,
		reset() {
			// The conversation is ended by the one who led it.
			reset();
			named.forget();
			asking.show();
		},
		identify: named.identify,
	};
}

/** Nothing goes to other tabs where the device is one of many people's: null. */
function joinTabs(
	{ siteKey, store, memory, later }: Parts,
	view: View,
	{ turns, past, anew }: { turns: Turns; past: Past; anew: Anew },
	beginAfresh: () => void,
): Tabs | null {
	if (isShared(memory)) return null;
	const show = (messages: unknown): void => {
		anew.undo();
		past.join(messagesOf(messages));
	};
	const clear = (): void => {
		// It is over, so it is not to be taken back here either.
		anew.settle();
		beginAfresh();
	};
	return later.createTabs({ siteKey, store, signal: view.frame.signal, isBusy: turns.isRunning, show, clear });
}

function endSession(api: Api, store: Store, tabs: Tabs | null): void {
	const sessionId = store.sessionId();
	// Where this fails the old one ends by itself, and no message of this page goes on with it.
	if (sessionId !== "") api.end(sessionId).catch(() => undefined);
	store.forget();
	tabs?.ended();
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
function reopen({ banner, frame }: View, store: Store): void {
	banner.show(store.help());
	if (store.wasOpen() && !coversPage()) frame.open(false);
}
