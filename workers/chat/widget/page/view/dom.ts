const SVG = "http://www.w3.org/2000/svg";

/** What of a page's direction and language every text needs. */
export const TEXT = { dir: "auto" } as const;
/** The language of the widget's own words, one that it knows, once it has any; the bot may speak another. Elements made from now on get it. */
export const OWN_WORDS = { lang: "" };

/** An element made of attributes and children; text is only ever text. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
	tag: Tag,
	attributes: Readonly<Record<string, string>> = {},
	...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
	const element = document.createElement(tag);
	// First the children: `dir="auto"` looks for its direction anew with each one that comes after it.
	element.append(...children);
	for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
	return element;
}

/** A line drawing on a field of 24 by 24. It is decoration: what it stands for says its button's label. */
export function icon(path: string): SVGSVGElement {
	const svg = document.createElementNS(SVG, "svg");
	svg.setAttribute("viewBox", "0 0 24 24");
	svg.setAttribute("aria-hidden", "true");
	const line = document.createElementNS(SVG, "path");
	line.setAttribute("d", path);
	svg.append(line);
	return svg;
}

/** A button that shows an icon and is called `label`. */
export function iconButton(className: string, label: string, path: string, onClick: () => void): HTMLButtonElement {
	const button = el("button", { type: "button", class: className, "aria-label": label, title: label }, icon(path));
	button.addEventListener("click", onClick);
	return button;
}

/** Moves the focus to a field, or, where that would open a keyboard over what there is to read, to what stands around it; null = it stays. */
export function focusField(field: HTMLElement, around: HTMLElement | null): void {
	(matchMedia("(pointer: coarse)").matches ? around : field)?.focus();
}

/** Text that is read aloud and not shown. */
export function unseen(text: string): HTMLElement {
	return el("span", { class: "unseen", ...OWN_WORDS }, text);
}
