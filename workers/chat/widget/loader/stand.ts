import { el, icon } from "../page/view/dom.ts";
import type { Stand } from "./handover.ts";
import { CHAT } from "./icons.ts";
import css from "./launcher.css";

/** Until the panel calls the launcher by its name in the language of the words. */
const OPEN_CHAT = "Open chat";

const TAG = "koby-chat";
/** How often it comes back within `RETURNS_MS` where the page throws it out. A page that goes on to do so does not want it. */
const MAX_RETURNS = 20;
const RETURNS_MS = 10_000;
/** Two presses of a button that are no further apart are those of somebody who double-clicks, ms. */
const DOUBLE_PRESS_MS = 400;

/** The element says when it is taken off the page, which needs no watch over the page. */
interface Host extends HTMLElement {
	onLost?: () => void;
}

/** The stand, and putting it on the page. */
export interface Standing extends Stand {
	/** Puts it on the page, or takes it off; where it is on the page it stays, whatever the page's framework throws out. */
	setShown(isShown: boolean): void;
}

/**
 * Everything stands in a shadow tree, where the page's styles do not reach. The style sheet is constructed, and all else set through
 * the object model, so that a page needs no `unsafe-inline` for it.
 */
export function createStand(signal: AbortSignal): Standing {
	const launcher = el(
		"button",
		{ type: "button", class: "launcher", "aria-expanded": "false", "aria-label": OPEN_CHAT, lang: "en" },
		icon(CHAT),
	);
	const root = el("div", { class: "root" }, launcher);
	const host = createHost();
	const shadow = host.attachShadow({ mode: "open" });
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(css);
	shadow.adoptedStyleSheets = [sheet];
	shadow.append(root);

	let isWanted = false;
	let returns = 0;
	const stand: Standing = {
		host,
		shadow,
		root,
		launcher,
		signal,
		parent: () => document.documentElement,
		place() {
			if (isWanted) put(host, stand.parent());
		},
		setShown(isShown) {
			isWanted = isShown;
			if (isShown) stand.place();
			else host.remove();
		},
	};
	// Once whoever threw it out is done: React 18 does so where it hydrates the whole document.
	host.onLost = () =>
		setTimeout(() => {
			if (host.isConnected || returns === MAX_RETURNS) return;
			returns++;
			setTimeout(() => returns--, RETURNS_MS);
			stand.place();
		});
	pressOnce(root);
	return stand;
}

/** Whoever double-clicks, or taps twice, means it once: the second press would close what was opened, or stop what was sent. */
function pressOnce(root: HTMLElement): void {
	let pressed: unknown;
	let since = 0;
	const press = (event: MouseEvent): void => {
		const { target, timeStamp, detail } = event;
		const button = target instanceof Element && target.closest("button");
		// A visitor may have told the computer that they are slower; a phone counts no presses.
		if (button && button === pressed && (detail > 1 || timeStamp - since < DOUBLE_PRESS_MS)) {
			event.preventDefault();
			event.stopPropagation();
		}
		pressed = button;
		since = timeStamp;
	};
	root.addEventListener("click", press, true);
}

function createHost(): Host {
	// A widget that was on this page before has defined it for this one, too.
	if (!customElements.get(TAG))
		customElements.define(
			TAG,
			class extends HTMLElement {
				declare onLost?: () => void;

				disconnectedCallback(): void {
					this.onLost?.();
				}
			},
		);
	const host = document.createElement(TAG);
	host.setAttribute("popover", "manual");
	return host;
}

/** Puts the host above all else, where no `transform` of the page moves it. */
function put(host: HTMLElement, parent: Element): void {
	// Taken off the page it is no longer above all else.
	if (host.parentNode !== parent) parent.append(host);
	try {
		if (!host.matches(":popover-open")) host.showPopover();
	} catch {
		// The browser is older than popovers: then the place in the page has to do.
	}
}
