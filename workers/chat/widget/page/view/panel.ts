import { OWN_WORDS, TEXT, el, iconButton } from "./dom.ts";
import { ICONS } from "./icons.ts";
import type { Config } from "../api/shapes.ts";
import { isRightToLeft, textLanguage } from "../languages/direction.ts";
import * as WORDS from "../words.ts";

/** Nearer to the end than this one reads what comes, px. */
const AT_END_PX = 80;
/** Left above a message that is shown from its beginning, px. */
const MARGIN_PX = 12;

/** What the panel is put together from, top to bottom. */
export interface PanelParts {
	banner: HTMLElement;
	/** What scrolls. */
	conversation: HTMLElement[];
	notice: HTMLElement;
	disclosure: HTMLElement;
	composer: HTMLElement;
}

export interface Panel {
	element: HTMLElement;
	/** Shows the end, where the visitor was reading it; `isForced` = wherever they were. */
	follow(isForced?: boolean): void;
	/** Shows a message from its beginning, and what follows as far as there is room. */
	showFrom(message: HTMLElement): void;
}

/** The dialog. It takes nothing away from the page, so it is not modal; where it covers the page, it closes when that gets the focus. */
export function createPanel(config: Config, parts: PanelParts, onReset: () => void, onClose: () => void): Panel {
	const header = el(
		"header",
		{},
		el("h2", TEXT, config.name),
		el("span", { class: "ai", ...OWN_WORDS }, WORDS.ai),
		el(
			"div",
			OWN_WORDS,
			iconButton("plain", WORDS.newConversation, ICONS.reset, onReset),
			iconButton("plain", WORDS.closeChat, ICONS.close, onClose),
		),
	);
	// To be scrolled by keyboard, it must be reached by it.
	const scroller = el(
		"div",
		{ class: "scroller", role: "region", "aria-label": WORDS.conversation, tabindex: "0" },
		...parts.conversation,
	);
	const element = el(
		"section",
		{ id: "panel", class: "panel", role: "dialog", "aria-label": config.name, hidden: "" },
		header,
		parts.banner,
		scroller,
		parts.notice,
		parts.disclosure,
		parts.composer,
	);
	element.lang = textLanguage(config);
	element.dir = isRightToLeft(element.lang) ? "rtl" : "ltr";

	let isAtEnd = true;
	scroller.addEventListener("scroll", () => {
		isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < AT_END_PX;
	});
	return {
		element,
		follow(isForced = false) {
			isAtEnd ||= isForced;
			if (isAtEnd) scroller.scrollTop = scroller.scrollHeight;
		},
		showFrom(message) {
			scroller.scrollTop = message.offsetTop - MARGIN_PX;
		},
	};
}
