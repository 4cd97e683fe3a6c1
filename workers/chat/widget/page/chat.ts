import type { Panel, Stand } from "../loader/handover.ts";
import { createAnew } from "./talk/anew.ts";
import type { Api, LeadFields } from "./api/api.ts";
import type { Config } from "./api/shapes.ts";
import { createAsking } from "./consent.ts";
import type { Consent } from "./consent.ts";
import { emit } from "./events.ts";
import { asFault } from "./api/fault.ts";
import { createPast } from "./past.ts";
import { createNamed } from "./identity.ts";
import { isShared } from "./store.ts";
import type { Store } from "./store.ts";
import { coversPage } from "./view/frame.ts";
import { createTurns } from "./turns.ts";
import { createView } from "./view/view.ts";
import type { View } from "./view/view.ts";

/** Shows the chat on its stand and leads the conversation. @param memory as the store keeps it */
export function startChat(
	api: Api,
	store: Store,
	consent: Consent,
	config: Config,
	memory: string,
	stand: Stand,
): Panel {
	const view = createView(config, stand, {
		send,
		choose(question) {
			if (!turns.isRunning()) send(question);
		},
		stop() {
			past.leave();
			turns.stop();
		},
		saveLead(lead) {
			anew.settle();
			return saveLead(api, store, lead, () => void asking.anew());
		},
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
	const turns = createTurns(api, store, view, () => void asking.anew());
	const past = createPast(api, store, view, turns);
	const anew = createAnew(store, view, end);

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

	const { signal } = stand;
	keepOpen(view, store);
	addEventListener("pagehide", anew.settle, { signal });
	// A page that is left may be come back to as it stood, by somebody else.
	if (isShared(memory)) {
		const leave = (): void => {
			view.frame.close();
			view.composer.element.reset();
			past.forget();
			view.lead.prefill("", "");
			clear();
			if (memory === "none") end();
		};
		addEventListener("pagehide", leave, { signal });
	}
	signal.addEventListener("abort", () => {
		anew.settle();
		turns.drop();
	});

	asking.show();
	reopen(view, store);
	return {
		isOpen: view.frame.isOpen,
		open: () => view.frame.open(),
		close: view.frame.close,
		reset() {
			reset();
			named.forget();
			asking.show();
		},
		identify: named.identify,
	};
}

/** @param askAnew for consent, which the server takes for none */
async function saveLead(api: Api, store: Store, lead: LeadFields, askAnew: () => void): Promise<void> {
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

function keepOpen({ frame }: View, store: Store): void {
	addEventListener("pagehide", () => store.keepOpen(frame.isOpen()), { signal: frame.signal });
}
