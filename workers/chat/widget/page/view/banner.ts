import { el } from "./dom.ts";
import { markdown } from "../markdown/markdown.ts";

/** Where one sentence ends and the next begins. */
const BETWEEN_SENTENCES = /(?<=[.!]) (?=\S)/;

/** Whom to call, above the conversation, for as long as it lasts. */
export interface Banner {
	element: HTMLElement;
	/** Shows the sentences of a text that hold a number to tap; "" = hides it. */
	show(text: string): void;
}

export function createBanner(): Banner {
	const element = el("div", { class: "banner", role: "note", hidden: "" });
	return {
		element,
		show(text) {
			const calls = text.split(BETWEEN_SENTENCES).filter((sentence) => sentence.includes("]("));
			element.replaceChildren(...markdown(calls.join(" ")));
			element.hidden = calls.length === 0;
		},
	};
}
