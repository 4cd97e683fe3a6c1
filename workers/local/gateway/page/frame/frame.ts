import type { Org } from "../api/org.ts";
import { roleOf } from "../api/portal.ts";
import type { Role } from "../api/portal.ts";
import { byId, chosen, el } from "../dom/dom.ts";
import { VIEWS } from "../views/views.ts";
import type { View } from "./view.ts";

/** Who is signed in, as the radio buttons say. */
export function signedIn(): Role {
	return roleOf(chosen("role"));
}

/** The view that the address names, or the first one that this role may see. */
export function namedView(): { view: View; detail: string } {
	const [name, detail = ""] = location.hash.slice(2).split("/");
	const allowed = allowedViews();
	const view = allowed.find(({ id }) => id === name) ?? allowed[0];
	if (view === undefined) throw new Error("There is no view.");
	return { view, detail: view.id === name ? detail : "" };
}

function allowedViews(): View[] {
	return VIEWS.filter(({ roles }) => roles.includes(signedIn()));
}

export function drawTabs(current: View): void {
	const links = allowedViews().map(({ id, title }) => {
		const link = el("a", { href: `#/${id}` }, title);
		if (id === current.id) link.setAttribute("aria-current", "page");
		return link;
	});
	const tabs = byId("tabs", HTMLElement);
	const isFocused = tabs.contains(document.activeElement);
	tabs.replaceChildren(...links);
	const active = tabs.querySelector<HTMLElement>("[aria-current]");
	if (isFocused) active?.focus();
	// Not `scrollIntoView`, which would move the page as well.
	if (active !== null) tabs.scrollLeft = active.offsetLeft - (tabs.clientWidth - active.offsetWidth) / 2;
}

export function drawOrg({ name, plan, status }: Org): void {
	byId("org-name", HTMLElement).textContent = name;
	const tag = byId("org-plan", HTMLElement);
	tag.textContent = status === "active" ? `${plan} plan` : `${plan} plan, ${status.replace("_", " ")}`;
	tag.hidden = false;
}

/** One line above the view; "" takes it away. */
export function tell(text: string, isFault = false): void {
	const notice = byId("notice", HTMLElement);
	if (notice.textContent !== text) notice.textContent = text;
	notice.classList.toggle("fault", isFault);
}

export function isFaultTold(): boolean {
	return byId("notice", HTMLElement).classList.contains("fault");
}
