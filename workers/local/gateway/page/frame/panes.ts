import { byId } from "../dom/dom.ts";

type Pane = "site" | "dashboard";

/**
 * On a phone one of the two is shown at a time; on a wide window both are, and this changes nothing that can be seen.
 * @param isSought somebody has asked for it: it is brought into sight
 */
export function showPane(pane: Pane, isSought = false): void {
	document.body.dataset.pane = pane;
	for (const one of ["site", "dashboard"] as const)
		byId(`show-${one}`, HTMLButtonElement).setAttribute("aria-pressed", String(one === pane));
	if (isSought) byId(pane, HTMLElement).scrollIntoView({ block: "nearest" });
}

export function startPanes(): void {
	for (const pane of ["site", "dashboard"] as const)
		byId(`show-${pane}`, HTMLButtonElement).addEventListener("click", () => showPane(pane));
}
