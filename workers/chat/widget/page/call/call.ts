import type { Stand } from "../../loader/handover.ts";
import type { VoiceOptions } from "../spoken/options.ts";
import { createSheet } from "./sheet.ts";
import { createTalk } from "./talk.ts";
import { callWords } from "./words/load.ts";
import type { CallWords } from "./words/words.ts";
import css from "./call.css";

interface Place {
	stand: Stand;
	options: VoiceOptions;
	panel: HTMLElement;
	/** Gets the focus back. */
	button: HTMLElement;
}

/** Lays the sheet of a conversation over the chat's messages. Nothing is heard or sent before the visitor starts it. */
export async function openCall(place: Place): Promise<void> {
	const { stand, options, panel, button } = place;
	const words = await callWords(options.words);
	if (panel.classList.contains("talking")) return;
	dress(stand.shadow);
	const sheet = createSheet(words, options.words);
	const closing = new AbortController();
	const { signal } = closing;
	let ending: ((word: keyof CallWords) => void) | null = null;
	const close = (): void => {
		ending?.("ended");
		closing.abort();
		sheet.element.remove();
		panel.classList.remove("talking");
	};
	const leave = (): void => {
		close();
		button.focus();
	};
	for (const type of ["koby:close", "pagehide"]) addEventListener(type, close, { signal });
	stand.signal.addEventListener("abort", close, { signal });
	addEventListener("offline", () => ending?.("offline"), { signal });
	const again = (word: keyof CallWords, at = 0): void => {
		ending = null;
		sheet.ask(withTime(words[word], at, options.words), [
			{ word: "again", act: start },
			{ word: "back", act: leave },
		]);
		// The notice is asked for where the chat's messages stand.
		if (word === "agreeFirst") panel.dispatchEvent(new Event("koby-ask"));
	};
	function start(): void {
		// Before the visitor has agreed nothing can be said either, and no microphone is asked for.
		if (panel.querySelector<HTMLTextAreaElement>(".composer textarea")?.disabled === true) {
			again("agreeFirst");
			return;
		}
		const call = createTalk(options, sheet, again);
		ending = call.end;
		sheet.ask(words.connecting, [{ word: "end", act: () => call.end("ended") }]);
		void call.begin();
	}
	panel.querySelector(".head")?.after(sheet.element);
	panel.classList.add("talking");
	const choices = [
		{ word: "start", act: start },
		{ word: "notNow", act: leave },
	] as const;
	sheet.ask(words.told.replace("{name}", options.config.name), [...choices], options.config.privacyUrl);
}

const dressed = new WeakSet<ShadowRoot>();

function dress(shadow: ShadowRoot): void {
	if (dressed.has(shadow)) return;
	dressed.add(shadow);
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(css);
	shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
}

function withTime(words: string, at: number, language: string): string {
	return words.replace("{time}", new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(at));
}
