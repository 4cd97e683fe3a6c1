import type { Config } from "../api/shapes.ts";
import { safeLink } from "../markdown/link.ts";
import * as WORDS from "../words.ts";
import { TEXT, el } from "./dom.ts";

/** What every visitor is told beside the input, always: that an AI answers, and who processes what they write. */
export interface Disclosure {
	element: HTMLElement;
	/** @param isMissing the visitor has to agree, by the button below */
	show(config: Config, isMissing: boolean): void;
	focus(): void;
}

export function createDisclosure(onAgree: () => void): Disclosure {
	const words = el("div", { id: "disclosure" });
	const button = el("button", { type: "button", class: "solid", "aria-describedby": words.id });
	const adults = el("p", TEXT);
	const ask = el("div", { class: "buttons" }, button);
	// To be scrolled by keyboard, it must be reached by it.
	const element = el(
		"div",
		{ class: "disclosure", role: "group", "aria-label": WORDS.about, tabindex: "0" },
		words,
		ask,
	);
	button.addEventListener("click", onAgree);
	return {
		element,
		show(config, isMissing) {
			const links = [safeLink(config.privacyUrl, WORDS.privacy), safeLink(config.termsUrl, WORDS.terms)].filter(
				(link) => link !== null,
			);
			adults.textContent = WORDS.forAdults;
			words.replaceChildren(
				el("p", TEXT, config.aiNotice),
				...(config.isForAdults ? [adults] : []),
				...(links.length > 0 ? [el("p", {}, ...links.flatMap((link) => [link, " "]))] : []),
			);
			const asked = config.consent === "required" ? WORDS.agreeAsAdult : WORDS.amAdult;
			button.textContent = config.isForAdults ? asked : WORDS.agree;
			ask.hidden = !isMissing;
		},
		focus: () => button.focus(),
	};
}
