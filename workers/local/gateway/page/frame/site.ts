import { byId } from "../dom/dom.ts";
import type { Org } from "../api/org.ts";

/** The customer's website, which stands beside its dashboard. */
export interface Site {
	/** Shows the website of a customer, unless it stands there already with the same key. */
	show(org: Org): void;
	/** The widget as its configuration is now. */
	refresh(): Promise<void>;
	/** Opens the chat on it. */
	openChat(): void;
}

export function createSite(): Site {
	const frame = byId("site-frame", HTMLIFrameElement);
	const address = byId("site-address", HTMLElement);
	const language = byId("site-language", HTMLSelectElement);
	let shown: Org | undefined;
	const load = (): void => {
		if (shown === undefined) return;
		const query = new URLSearchParams({ key: shown.engine?.siteKey ?? "", language: language.value });
		const url = `/site/${shown.slug}/?${query}`;
		if (frame.getAttribute("src") === url) return;
		address.textContent = `${shown.slug}.example`;
		frame.src = url;
	};
	language.addEventListener("change", load);
	byId("site-reload", HTMLButtonElement).addEventListener("click", () => {
		command(frame, "reset");
		command(frame, "open");
	});
	return {
		show(org) {
			shown = org;
			load();
		},
		async refresh() {
			await forgetConfiguration(frame.contentWindow);
			frame.contentWindow?.location.reload();
		},
		openChat: () => command(frame, "open"),
	};
}

/** A visitor's browser keeps the configuration for a minute; here nobody wants to wait for that. */
async function forgetConfiguration(site: Window | null): Promise<void> {
	if (site === null) return;
	const asked = site.performance.getEntriesByType("resource").filter(({ name }) => name.includes("/chat/config?"));
	const init = { cache: "reload", credentials: "omit", referrerPolicy: "strict-origin" } as const;
	await Promise.all([...new Set(asked.map(({ name }) => name))].map((url) => site.fetch(url, init)));
}

/** A command of the widget's own, as the customer's page may give it. */
function command(frame: HTMLIFrameElement, name: "open" | "reset"): void {
	const koby: unknown = frame.contentWindow === null ? undefined : Reflect.get(frame.contentWindow, "koby");
	if (typeof koby === "function") koby(name);
}
