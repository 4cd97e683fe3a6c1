import type { Handover, Panel } from "../loader/handover.ts";
import { connect } from "./api/api.ts";
import { configOf } from "./api/shapes.ts";
import { startChat } from "./chat.ts";
import { createConsent } from "./consent.ts";
import { emit } from "./events.ts";
import { textLanguage } from "./languages/direction.ts";
import { speakIn } from "./languages/load.ts";
import { loadLooks } from "./looks/load.ts";
import { openStore } from "./store.ts";
import { OWN_WORDS, el, focusField, iconButton } from "./view/dom.ts";
import { nameLauncher } from "./view/frame.ts";
import * as WORDS from "./words.ts";

/** Forgets at once what a browser has kept and is not to keep any more, and calls the launcher by its name in the visitor's language. */
export function prepare({ siteKey, config: body, stand }: Handover): boolean {
	const config = configOf(body);
	const store = openStore(siteKey);
	store.keepIn(config.visitorMemory);
	void loadLooks(config).then((looks) => looks?.dressLauncher(stand, config.looks, textLanguage(config)));
	speakIn(config.language).then(
		() => nameLauncher(stand.launcher),
		() => undefined,
	);
	return store.wasOpen();
}

/** Puts the chat on the stand that the loader has made for it. Rejects where there are no words to be had, or nothing for later. */
export async function start({ base, siteKey, config: body, stand }: Handover): Promise<Panel> {
	let config = configOf(body);
	const store = openStore(siteKey);
	const memory = store.keepIn(config.visitorMemory);
	const consent = createConsent(store);
	const api = connect(base, siteKey, store.visitorId, consent.version, () => OWN_WORDS.lang);
	const coming = Promise.all([loadLooks(config), import("./later/later.ts")]);
	// It is waited for below, behind the words.
	coming.catch(() => undefined);
	try {
		await speakIn(config.language);
	} catch {
		await speakIn("en");
		// What a visitor agrees to is all in one language: the one that the widget speaks.
		config = await api.config();
	}
	consent.use(config);
	const [looks, { createLater }] = await coming;
	looks?.dressLauncher(stand, config.looks, textLanguage(config));
	const { shadow } = stand;
	const later = createLater({ shadow, el, focusField, emit, lang: OWN_WORDS.lang, words: WORDS.spoken });
	later.followDialogs(stand);
	const panel = startChat({ siteKey, api, store, consent, config, memory, stand, later });
	if (config.voiceUrl || config.conversationUrl)
		import("./spoken/voice.ts").then(
			({ addVoice }) =>
				addVoice(stand, {
					config,
					headers: () => ({ "X-Site-Key": siteKey, ...(consent.version() && { "X-Consent": consent.version() }) }),
					language: textLanguage(config),
					words: OWN_WORDS.lang,
					iconButton,
				}),
			// Who cannot hear can read.
			() => undefined,
		);
	looks?.dressPanel(stand, config.looks);
	return panel;
}
