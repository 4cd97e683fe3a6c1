import { createAnew } from "./talk/anew.ts";
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
import type { View } from "./view/view.ts";

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

	keepOpen(view, store);
	addEventListener("pagehide", anew.settle);
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
	followPaths(view, config);
	reopen(view, store);
	return { open: () => view.frame.open(), close: view.frame.close, reset };
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

function followPaths({ frame }: View, { hiddenPaths }: Config): void {
	const stayAway = (): void => frame.setAway(isHiddenPath(location.pathname, hiddenPaths));
	if (hiddenPaths.length > 0) {
		stayAway();
		onMove(stayAway);
	}
}

/** The chat stands as it stood on the page before. Where there is no room beside it, the page is to be seen first. */
function reopen({ frame }: View, store: Store): void {
	if (store.wasOpen() && !matchMedia("(max-width: 480px)").matches) frame.open(false);
}

function keepOpen({ frame }: View, store: Store): void {
	addEventListener("pagehide", () => store.keepOpen(frame.isOpen()));
}
