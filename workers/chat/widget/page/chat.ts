import type { Panel, Stand } from "../loader/handover.ts";
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
import { createTurns } from "./turns.ts";
import { createView } from "./view/view.ts";

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
		saveLead: (fields) => saveLead(api, store, fields, () => void asking.anew()),
		reset,
		agree: () => asking.agree(),
		opened() {
			asking.show();
			if (config.hasHistory) void past.restore();
		},
	});
	const asking = createAsking(api, consent, view, config);
	const turns = createTurns(api, store, view, () => void asking.anew());
	const past = createPast(api, store, view);

	const named = createNamed(store, view.lead, () => {
		past.forget();
		clear();
		asking.show();
	});

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
		asking.show();
	}

	function reset(): void {
		end();
		if (view.frame.isOpen()) view.focus();
	}

	// A page that is left may be come back to as it stood, by somebody else.
	const { signal } = stand;
	const leave = (): void => {
		view.frame.close();
		view.composer.element.reset();
		past.forget();
		view.lead.prefill("", "");
		if (memory === "none") end();
		else clear();
	};
	if (isShared(memory)) addEventListener("pagehide", leave, { signal });
	signal.addEventListener("abort", turns.drop);

	asking.show();
	return {
		isOpen: view.frame.isOpen,
		open: view.frame.open,
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
async function saveLead(api: Api, store: Store, fields: LeadFields, askAnew: () => void): Promise<void> {
	try {
		await api.lead(store.sessionId(), fields);
	} catch (thrown) {
		if (asFault(thrown).code === "consent_required") askAnew();
		throw thrown;
	}
}
