import type { Stand } from "../../loader/handover.ts";
import { panelProperties } from "../colour.ts";
import { emit } from "../events.ts";
import { OWN_WORDS, icon } from "./dom.ts";
import { ICONS } from "./icons.ts";
import type { Config } from "../api/shapes.ts";
import css from "../widget.css";
import * as WORDS from "../words.ts";

/** The scale from which on a page is magnified by hand; a browser rounds it. */
const MAGNIFIED = 1.1;

/** The launcher and the panel on the page. */
export interface Frame {
	isOpen(): boolean;
	/** @param isAsked somebody wants it now; else it is as on the page before, and takes no focus */
	open(isAsked?: boolean): void;
	/** The focus returns to the launcher, if it was in the panel. */
	close(): void;
	/** Aborted when the chat is taken off the page for good. */
	signal: AbortSignal;
}

/** Whether the open panel takes the whole window, as it does in a small one; the style sheet has the same condition. */
export function coversPage(): boolean {
	return matchMedia("(max-width: 480px), (max-height: 400px)").matches;
}

/** Calls the launcher what it is called in the language of the words. */
export function nameLauncher(launcher: HTMLElement): void {
	launcher.lang = OWN_WORDS.lang;
	launcher.setAttribute("aria-label", WORDS.openChat);
}

/** Puts the panel into the shadow tree that the launcher stands in. */
export function mount(config: Config, stand: Stand, panel: HTMLElement, onOpened: (isAsked: boolean) => void): Frame {
	const { host, shadow, root, launcher, signal } = stand;
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(css);
	shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
	for (const [name, value] of Object.entries(panelProperties(config.brandColor))) root.style.setProperty(name, value);
	launcher.setAttribute("aria-controls", panel.id);
	nameLauncher(launcher);
	launcher.append(icon(ICONS.close));
	root.append(panel);

	const show = (isOpen: boolean): void => {
		if (isOpen === !panel.hidden) return;
		panel.hidden = !isOpen;
		root.classList.toggle("open", isOpen);
		launcher.setAttribute("aria-expanded", String(isOpen));
		launcher.setAttribute("aria-label", isOpen ? WORDS.closeChat : WORDS.openChat);
		emit(isOpen ? "koby:open" : "koby:close", null);
	};
	const frame: Frame = {
		signal,
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
	};
	ownKeys(root, frame);
	followKeyboard(root, signal);
	const yieldPlace = ({ target }: Event): void => {
		// On a small screen the panel hides what has the focus now.
		if (frame.isOpen() && target !== host && coversPage()) frame.close();
	};
	document.addEventListener("focusin", yieldPlace, { signal });
	return frame;
}

/**
 * Escape closes. No key reaches the page: its shortcuts cannot know that someone is writing in here. Nor does the focus, which a modal of the
 * page that is none of the browser's would take back.
 */
function ownKeys(root: HTMLElement, frame: Frame): void {
	for (const type of ["keydown", "keypress", "keyup", "focusin"] as const) {
		root.addEventListener(type, (event) => {
			if (!frame.isOpen()) return;
			event.stopPropagation();
			if (type !== "keydown" || !(event instanceof KeyboardEvent) || event.key !== "Escape" || event.isComposing)
				return;
			// A dialog of the page that the chat stands in stays open.
			event.preventDefault();
			frame.close();
		});
	}
}

/** A phone's keyboard covers the page without making it smaller: what is left to see is the visual viewport. */
function followKeyboard(root: HTMLElement, signal: AbortSignal): void {
	const viewport = window.visualViewport;
	if (viewport === null) return;
	const follow = (): void => {
		// Whoever magnifies the page wants the panel larger, and moves about in it.
		if (viewport.scale > MAGNIFIED) return;
		root.style.setProperty("--seen-height", `${viewport.height}px`);
		root.style.setProperty("--seen-top", `${viewport.offsetTop}px`);
	};
	viewport.addEventListener("resize", follow, { signal });
	viewport.addEventListener("scroll", follow, { signal });
	follow();
}
