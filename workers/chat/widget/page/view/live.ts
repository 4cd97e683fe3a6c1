import { markdown, patch } from "../markdown/markdown.ts";
import { el } from "./dom.ts";

/** The answer while it is given: shown, and not announced. */
export interface Live {
	element: HTMLElement;
	/** Waits for the first words. */
	wait(): void;
	append(text: string): void;
	/** What has been shown of it; "" while it waits. */
	text(): string;
	clear(): void;
}

export function createLive(): Live {
	const dots = el("span", { class: "dots" }, el("i"), el("i"), el("i"));
	const bubble = el("div", { class: "bubble" });
	const element = el("div", { class: "message bot", "aria-hidden": "true", hidden: "" }, bubble);
	let words = "";
	return {
		element,
		wait() {
			words = "";
			bubble.replaceChildren(dots);
			element.hidden = false;
		},
		append(text) {
			words += text;
			const next = el("div", {}, ...markdown(words, true));
			// The finished answer takes this one's place: a focus in here would be lost.
			for (const stop of next.querySelectorAll<HTMLElement>("a, [tabindex]")) stop.tabIndex = -1;
			if (next.firstChild) patch(bubble, next);
		},
		text: () => words,
		clear() {
			words = "";
			element.hidden = true;
			bubble.replaceChildren();
		},
	};
}
