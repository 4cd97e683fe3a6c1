import { OWN_WORDS, TEXT, el, unseen } from "./dom.ts";
import { safeLink } from "../markdown/link.ts";
import { markdown } from "../markdown/markdown.ts";
import type { Source } from "../api/shapes.ts";
import * as WORDS from "../words.ts";

/** Long enough for a screen reader to have taken in a change, ms. */
const SETTLED_MS = 1000;

/** The finished messages. Each is added once, whole: so it is announced once. */
export interface Log {
	element: HTMLElement;
	/** Of the last answer that can be known again; "" = none. */
	lastId: string;
	addVisitor(text: string): HTMLElement;
	/** `rating` = the buttons, where the answer can be rated */
	addBot(text: string, sources: readonly Source[], rating: HTMLElement | null): HTMLElement;
	/** While another message is answered none can be tried again. */
	setBusy(isBusy: boolean): void;
	clear(): void;
	/** What is added by `add` is shown without being announced. */
	quietly(add: () => void): void;
}

export function createLog(): Log {
	const element = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": WORDS.messages });
	let timer = 0;
	return {
		element,
		lastId: "",
		addVisitor(text) {
			const bubble = el("div", { class: "bubble" }, el("p", TEXT, text));
			const message = el("div", { class: "message visitor" }, unseen(WORDS.you), bubble);
			element.append(message);
			return message;
		},
		addBot(text, sources, rating) {
			const message = el(
				"div",
				{ class: "message bot" },
				unseen(WORDS.assistant),
				el("div", { class: "bubble" }, ...markdown(text)),
			);
			if (sources.length > 0) message.append(sourceList(sources));
			if (rating !== null) message.append(rating);
			element.append(message);
			return message;
		},
		setBusy(isBusy) {
			for (const failure of element.querySelectorAll(".failure")) failure.toggleAttribute("inert", isBusy);
		},
		clear: () => element.replaceChildren(),
		quietly(add) {
			element.setAttribute("aria-live", "off");
			add();
			clearTimeout(timer);
			timer = window.setTimeout(() => element.setAttribute("aria-live", "polite"), SETTLED_MS);
		},
	};
}

function sourceList(sources: readonly Source[]): HTMLElement {
	const items = sources.map(({ title, url }) => {
		const name = title || url;
		return el("li", TEXT, safeLink(url, name) ?? name);
	});
	return el("div", { class: "sources" }, el("span", OWN_WORDS, WORDS.sources), el("ul", {}, ...items));
}
