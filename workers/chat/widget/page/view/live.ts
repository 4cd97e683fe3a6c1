import { TEXT, el } from "./dom.ts";

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
	const words = document.createTextNode("");
	const line = el("p", TEXT);
	const element = el(
		"div",
		{ class: "message bot", "aria-hidden": "true", hidden: "" },
		el("div", { class: "bubble" }, line),
	);
	return {
		element,
		wait() {
			words.data = "";
			line.replaceChildren(dots);
			element.hidden = false;
		},
		append(text) {
			if (words.data === "") line.replaceChildren(words);
			words.appendData(text);
		},
		text: () => words.data,
		clear() {
			words.data = "";
			element.hidden = true;
			line.replaceChildren();
		},
	};
}
