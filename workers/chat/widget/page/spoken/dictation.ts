import type { VoiceOptions } from "./options.ts";
import type { VoiceWords } from "./words.ts";

const MICROPHONE = "M12 14a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3ZM6 11a6 6 0 0 0 12 0M12 17v3.5";

/** What is used of the browser's `SpeechRecognition`, which TypeScript does not know. */
interface Recognition extends EventTarget {
	lang: string;
	interimResults: boolean;
	start(): void;
	stop(): void;
	abort(): void;
}

/** What the browser listens with; null = it does not. */
function recognition(): Recognition | null {
	const make: unknown = Reflect.get(window, "SpeechRecognition") ?? Reflect.get(window, "webkitSpeechRecognition");
	return typeof make === "function" ? Reflect.construct(make, []) : null;
}

/**
 * Puts a button before the field: pressed, what is said is written into it, to be read and sent by hand; pressed again, it ends.
 * @returns ends it
 */
export function addDictation(
	input: HTMLTextAreaElement,
	{ config, language, words: lang, iconButton }: VoiceOptions,
	words: VoiceWords,
	say: (text: string) => void,
): () => void {
	const listener = config.canDictate ? recognition() : null;
	if (listener === null) return () => undefined;
	let isOn = false;
	let before = "";
	const button = iconButton("plain speak", words.speak, MICROPHONE, () => {
		if (isOn) listener.stop();
		// Before the visitor has agreed, nothing can be written.
		else if (!input.disabled) begin();
	});
	button.lang = lang;
	const show = (on: boolean): void => {
		isOn = on;
		button.setAttribute("aria-pressed", String(on));
	};
	const begin = (): void => {
		before = input.value.trim() === "" ? "" : `${input.value.trimEnd()} `;
		listener.lang = language;
		listener.interimResults = true;
		try {
			listener.start();
		} catch {
			say(words.notHeard);
			return;
		}
		show(true);
		say(words.listening);
	};
	listener.addEventListener("result", (event) => {
		input.value = before + transcriptOf(event);
		// It grows, and is cut where it is too long, as with any input.
		input.dispatchEvent(new Event("input"));
	});
	let fault = "";
	listener.addEventListener("error", (event) => {
		const code: unknown = Reflect.get(event, "error");
		const isRefused = code === "not-allowed" || code === "service-not-allowed" || code === "audio-capture";
		if (code !== "aborted") fault = isRefused ? words.refused : words.notHeard;
	});
	listener.addEventListener("end", () => {
		show(false);
		say(fault);
		fault = "";
	});
	show(false);
	input.before(button);
	return () => {
		if (isOn) listener.abort();
	};
}

function transcriptOf(event: Event): string {
	const results: ArrayLike<ArrayLike<{ transcript: string }>> = Reflect.get(event, "results");
	return Array.from(results, (result) => result[0]?.transcript ?? "").join("");
}
