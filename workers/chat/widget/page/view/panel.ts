import { OWN_WORDS, TEXT, el, iconButton } from "./dom.ts";
import { ICONS } from "./icons.ts";
import type { Config } from "../api/shapes.ts";
import { isRightToLeft, textLanguage } from "../languages/direction.ts";
import * as WORDS from "../words.ts";

/** A browser rounds where it has scrolled to, px. */
const ROUNDING_PX = 2;
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
	/**
	 * Shows a message as it grows, and never less of it than its beginning; null = the end. Whoever has scrolled is left where they are.
	 * @param isForced wherever they were
	 */
	follow(message: HTMLElement | null, isForced?: boolean): void;
}

/** The dialog. It takes nothing away from the page, so it is not modal; where it covers the page, it closes when that gets the focus. */
export function createPanel(
	config: Config,
	parts: PanelParts,
	onTalk: () => void,
	onReset: () => void,
	onClose: () => void,
): Panel {
	// Neither this nor what scrolls is a landmark: those are the page's.
	const head = el(
		"div",
		{ class: "head" },
		el("h2", TEXT, config.name),
		el("span", { class: "ai", ...OWN_WORDS }, WORDS.ai),
		el(
			"div",
			OWN_WORDS,
			...(config.canTalkToPerson ? [iconButton("plain", WORDS.talkToPerson, ICONS.person, onTalk)] : []),
			iconButton("plain", WORDS.newConversation, ICONS.reset, onReset),
			iconButton("plain", WORDS.closeChat, ICONS.close, onClose),
		),
	);
	// To be scrolled by keyboard, it must be reached by it.
	const scroller = el(
		"div",
		{ class: "scroller", role: "group", "aria-label": WORDS.conversation, tabindex: "0" },
		...parts.conversation,
	);
	const element = el(
		"section",
		{ id: "panel", class: "panel", role: "dialog", "aria-label": config.name, hidden: "" },
		head,
		parts.banner,
		scroller,
		parts.notice,
		parts.disclosure,
		parts.composer,
	);
	element.lang = textLanguage(config);
	element.dir = isRightToLeft(element.lang) ? "rtl" : "ltr";

	let place = 0;
	let isFollowing = true;
	scroller.addEventListener("scroll", () => {
		isFollowing = Math.abs(scroller.scrollTop - place) < ROUNDING_PX;
	});
	return {
		element,
		follow(message, isForced = false) {
			isFollowing ||= isForced;
			if (!isFollowing) return;
			// As far as there is something to scroll to.
			scroller.scrollTop = message === null ? scroller.scrollHeight : message.offsetTop - MARGIN_PX;
			place = scroller.scrollTop;
		},
	};
}
