import type { Stand } from "../../loader/handover.ts";
import { LAUNCHER_PATHS } from "./paths.ts";
import css from "./looks.css";

/** `widget` of the configuration, from the wire. */
export type Looks = Readonly<Record<string, unknown>>;

const DEFAULT_RADIUS = 16;

/** Gives the launcher the customer's icon and words. Nothing of the panel is on the page yet. @param lang of the customer's words */
export function dressLauncher({ shadow, launcher }: Stand, looks: Looks, lang: string): void {
	// Once, whether the page was idle first or the visitor was quicker.
	if (launcher.id !== "") return;
	launcher.id = "launcher";
	const { launcher_icon: icon, launcher_text: text, corner } = looks;
	const path = LAUNCHER_PATHS[String(icon)];
	if (path !== undefined) launcher.querySelector("path")?.setAttribute("d", path);
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(css);
	shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
	if (typeof text !== "string") return;
	const words = document.createElement("span");
	Object.assign(words, { id: "launcher-text", lang, dir: "auto", textContent: text });
	launcher.classList.add("worded");
	launcher.classList.toggle("turned", corner === "left");
	launcher.firstChild?.after(words);
	// What it is called begins with what is read on it, and goes on with what it does, in its label.
	launcher.setAttribute("aria-labelledby", `${words.id} ${launcher.id}`);
}

/** Gives the panel the customer's corners, logo and theme, once it is on its stand. */
export function dressPanel({ shadow, root, signal }: Stand, looks: Looks): void {
	const { radius, logo_url: logo, theme } = looks;
	if (typeof radius === "number" && radius !== DEFAULT_RADIUS) {
		root.style.setProperty("--radius", `${radius}px`);
		root.classList.add("cornered");
	}
	if (typeof logo === "string") root.querySelector(".head")?.prepend(logoOf(logo));
	followTheme(shadow, String(theme), signal);
}

/** The name stands beside it: so it has no words. Where it cannot be had, as under a page's own policy, the name is enough. */
function logoOf(address: string): HTMLImageElement {
	const image = new Image();
	Object.assign(image, { className: "logo", alt: "", referrerPolicy: "no-referrer" });
	image.addEventListener("error", () => image.remove());
	image.src = address;
	return image;
}

/** Where a page says which theme it has itself; other scripts have a `data-theme` of their own. */
const SITE_THEME = 'html[data-theme],body[data-theme],script[data-theme]:is([data-site-key],[src*="widget."])';

/**
 * The theme that the customer has chosen; with `auto` the page's own, where it names one in `data-theme`, and else the visitor's. The
 * panel's style sheet has the dark one under a condition on the visitor's, which is exchanged for one that always or never holds.
 */
function followTheme(shadow: ShadowRoot, chosen: string, signal: AbortSignal): void {
	const rules = shadow.adoptedStyleSheets.flatMap(({ cssRules }) =>
		[...cssRules].filter((rule) => rule instanceof CSSMediaRule && rule.media.mediaText.includes("color-scheme")),
	);
	const show = (): void => {
		const named = document.querySelector<HTMLElement>(SITE_THEME)?.dataset.theme ?? "";
		const theme = /^(light|dark)$/.test(chosen) ? chosen : named;
		const media = { light: "not all", dark: "all" }[theme] ?? "(prefers-color-scheme: dark)";
		for (const rule of rules) if (rule instanceof CSSMediaRule) rule.media.mediaText = media;
	};
	show();
	const watch = new MutationObserver(show);
	for (const element of [document.documentElement, document.body])
		watch.observe(element, { attributes: true, attributeFilter: ["data-theme"] });
	signal.addEventListener("abort", () => watch.disconnect());
}
