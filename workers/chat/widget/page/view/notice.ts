import { OWN_WORDS, TEXT, el } from "./dom.ts";
import * as WORDS from "../words.ts";

/** The line above the composer that says how things stand. */
export interface Notice {
	element: HTMLElement;
	clear(): void;
	/** Only for those who cannot see that something is going on. */
	whisper(text: string): void;
	/** `retry` = what the button does; null = no button */
	say(text: string, retry?: (() => void) | null): void;
}

export function createNotice(): Notice {
	let again: (() => void) | null = null;
	const status = el("p", { role: "status", ...TEXT });
	const button = el("button", { type: "button", class: "quiet", hidden: "" }, WORDS.tryAgain);
	const element = el("div", { class: "notice", ...OWN_WORDS }, status, button);
	const show = (text: string, isSeen: boolean, retry: (() => void) | null): void => {
		again = retry;
		status.textContent = text;
		element.classList.toggle("unseen", !isSeen);
		button.hidden = retry === null;
	};
	button.addEventListener("click", () => again?.());
	show("", false, null);
	return {
		element,
		clear: () => show("", false, null),
		whisper: (text) => show(text, false, null),
		say: (text, retry = null) => show(text, true, retry),
	};
}
