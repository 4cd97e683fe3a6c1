import type { Stand } from "../../loader/handover.ts";
import type { VoiceOptions } from "./options.ts";
import type { VoiceWords } from "./words.ts";

const HANDSET =
	"M6 3.5h3l1.5 4-2 1.5a12 12 0 0 0 6.5 6.5l1.5-2 4 1.5v3a2 2 0 0 1-2.2 2A17.5 17.5 0 0 1 4 5.7a2 2 0 0 1 2-2.2Z";

/** Puts a button into the head that opens a spoken conversation, whose file is fetched then. @param hush ends what else is spoken or heard */
export function addTalk(
	stand: Stand,
	options: VoiceOptions,
	words: VoiceWords,
	hush: () => void,
	say: (text: string) => void,
): void {
	const panel = stand.root.querySelector<HTMLElement>(".panel");
	const head = panel?.querySelector<HTMLElement>(".head > div");
	if (panel === null || head === null || head === undefined) return;
	const button = options.iconButton("plain", words.talk, HANDSET, () => {
		hush();
		import("../call/call.ts")
			.then(({ openCall }) => openCall({ stand, options, panel, button }))
			.catch(() => say(words.noTalk));
	});
	button.lang = options.words;
	head.prepend(button);
}
