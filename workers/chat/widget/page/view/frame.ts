import { brandProperties } from "../colour.ts";
import { OWN_WORDS, el, icon } from "./dom.ts";
import { ICONS } from "./icons.ts";
import type { Config } from "../api/shapes.ts";
import css from "../widget.css";
import * as WORDS from "../words.ts";

const RTL_LOCALE = /^(?:ar|arc|ckb|dv|fa|he|iw|ks|ps|sd|ug|ur|yi)(?:-|$)/i;

/** The launcher and the panel on the page. */
export interface Frame {
	isOpen(): boolean;
	/** @param isAsked somebody wants it now; else it is as on the page before, and takes no focus */
	open(isAsked?: boolean): void;
	/** The focus returns to the launcher, if it was in the panel. */
	close(): void;
	/** Takes both from the page, or puts them back, closed. */
	setAway(isAway: boolean): void;
}

/**
 * Puts both into a shadow tree of their own, where the page's styles do not reach. The style sheet is constructed, and
 * everything else set through the object model, so that a page needs no `unsafe-inline` for it.
 */
export function mount(config: Config, panel: HTMLElement, onOpened: (isAsked: boolean) => void): Frame {
	const launcher = el(
		"button",
		{ type: "button", class: "launcher", "aria-controls": panel.id, ...OWN_WORDS },
		icon(ICONS.chat),
		icon(ICONS.close),
	);
	const root = el("div", { class: "root", dir: directionOf(config.locale) }, launcher, panel);
	const host = document.createElement("koby-chat");
	const shadow = host.attachShadow({ mode: "open" });
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(css);
	shadow.adoptedStyleSheets = [sheet];
	for (const [name, value] of Object.entries(brandProperties(config.brandColor))) root.style.setProperty(name, value);
	shadow.append(root);

	const show = (isOpen: boolean): void => {
		panel.hidden = !isOpen;
		root.classList.toggle("open", isOpen);
		launcher.setAttribute("aria-expanded", String(isOpen));
		launcher.setAttribute("aria-label", isOpen ? WORDS.closeChat : WORDS.openChat);
	};
	const frame: Frame = {
		isOpen: () => !panel.hidden,
		open(isAsked = true) {
			if (!host.isConnected) return;
			show(true);
			onOpened(isAsked);
		},
		close() {
			const hadFocus = panel.contains(shadow.activeElement);
			show(false);
			if (hadFocus) launcher.focus();
		},
		setAway(isAway) {
			if (isAway === !host.isConnected) return;
			show(false);
			if (isAway) host.remove();
			// Beside the body, which some sites exchange for the next page's.
			else document.documentElement.append(host);
		},
	};
	launcher.addEventListener("click", () => (frame.isOpen() ? frame.close() : frame.open()));
	ownKeys(root, frame);
	followKeyboard(root);
	frame.setAway(false);
	document.addEventListener("focusin", ({ target }) => {
		// On a small screen the panel hides what has the focus now.
		if (frame.isOpen() && target !== host && matchMedia("(max-width: 480px)").matches) frame.close();
	});
	return frame;
}

/** The page's, unless it says nothing of it and the bot's language is written from right to left. */
function directionOf(locale: string): "ltr" | "rtl" {
	const page = document.documentElement;
	const isRtl = getComputedStyle(page).direction === "rtl" || (!page.hasAttribute("dir") && RTL_LOCALE.test(locale));
	return isRtl ? "rtl" : "ltr";
}

/** Escape closes. No key reaches the page: its shortcuts cannot know that someone is writing in here. */
function ownKeys(root: HTMLElement, frame: Frame): void {
	for (const type of ["keydown", "keypress", "keyup"] as const) {
		root.addEventListener(type, (event) => {
			if (!frame.isOpen()) return;
			event.stopPropagation();
			if (type === "keydown" && event.key === "Escape" && !event.isComposing) frame.close();
		});
	}
}

/** A phone's keyboard covers the page without making it smaller: what is left to see is the visual viewport. */
function followKeyboard(root: HTMLElement): void {
	const viewport = window.visualViewport;
	if (viewport === null) return;
	const follow = (): void => {
		root.style.setProperty("--seen-height", `${viewport.height}px`);
		root.style.setProperty("--seen-top", `${viewport.offsetTop}px`);
	};
	viewport.addEventListener("resize", follow);
	viewport.addEventListener("scroll", follow);
	follow();
}
