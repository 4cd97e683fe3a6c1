import type { Handover, Panel } from "../loader/handover.ts";
import { connect } from "./api/api.ts";
import { configOf } from "./api/shapes.ts";
import { startChat } from "./chat.ts";
import { createConsent } from "./consent.ts";
import { openStore } from "./store.ts";

/** Puts the chat on the stand that the loader has made for it. */
export function start({ base, siteKey, config: body, stand }: Handover): Panel {
	const config = configOf(body);
	const store = openStore(siteKey);
	const memory = store.keepIn(config.visitorMemory);
	const consent = createConsent(store);
	consent.use(config);
	return startChat(connect(base, siteKey, store.visitorId, consent.version), store, consent, config, memory, stand);
}
