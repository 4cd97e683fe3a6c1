import { OWN_WORDS, TEXT, el } from "./dom.ts";
import * as WORDS from "../words.ts";

/** The line above the composer that says how things stand. */
export interface Notice {
	element: HTMLElement;
	clear(): void;
	/** Only for those who cannot see that something is going on. */
	whisper(text: string): void;
	/** `undo` = takes back what the text says; null = no button */
	say(text: string, undo?: (() => void) | null): void;
}

export function createNotice(): Notice {
	let undone: (() => void) | null = null;
	const status = el("p", { role: "status", ...TEXT });
	const button = el("button", { type: "button", class: "quiet", hidden: "" }, WORDS.undo);
	const element = el("div", { class: "notice", ...OWN_WORDS }, status, button);
	const show = (text: string, isSeen: boolean, undo: (() => void) | null): void => {
		undone = undo;
		status.textContent = text;
		element.classList.toggle("unseen", !isSeen);
		button.hidden = undo === null;
	};
	button.addEventListener("click", () => undone?.());
	show("", false, null);
	return {
		element,
		clear: () => show("", false, null),
		whisper: (text) => show(text, false, null),
		say: (text, undo = null) => show(text, true, undo),
	};
}
