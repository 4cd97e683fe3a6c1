import type { Stand } from "../../loader/handover.ts";
import { addDictation } from "./dictation.ts";
import type { VoiceOptions } from "./options.ts";
import { createReader } from "./reader.ts";
import { addTalk } from "./talk.ts";
import { ENGLISH, VOICE_WORDS } from "./words.ts";
import css from "./voice.css";

/**
 * Puts a button to be read to beside each of the bot's messages, one to speak beside the field, where the browser can listen,
 * and one to talk in the head, each where the site has it.
 */
export function addVoice(stand: Stand, options: VoiceOptions): void {
	const { shadow, root, signal } = stand;
	const log = root.querySelector<HTMLElement>(".log");
	const input = root.querySelector<HTMLTextAreaElement>(".composer textarea");
	const status = root.querySelector<HTMLElement>(".notice");
	if (log === null || input === null || status === null) return;
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(css);
	shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
	const words = VOICE_WORDS[options.words] ?? ENGLISH;
	// Beside the status line, whose words are the conversation's; as long as nothing is wrong it is empty.
	const trouble = document.createElement("p");
	Object.assign(trouble, { className: "voice-trouble", lang: options.words, dir: "auto" });
	trouble.setAttribute("role", "status");
	status.before(trouble);
	const say = (text: string): void => {
		trouble.textContent = text;
	};
	const reader = createReader(options, words, say);
	const watch = new MutationObserver(() => reader.offer(log));
	if (options.config.voiceUrl !== "") {
		watch.observe(log, { childList: true });
		reader.offer(log);
	}
	const silence = addDictation(input, options, words, (text) => {
		// It would hear itself.
		reader.stop();
		say(text);
	});
	const hush = (): void => {
		reader.stop();
		silence();
		say("");
	};
	if (options.config.conversationUrl !== "") addTalk(stand, options, words, hush, say);
	for (const type of ["koby:close", "pagehide"]) addEventListener(type, hush, { signal });
	signal.addEventListener("abort", () => {
		watch.disconnect();
		hush();
	});
}
