import { fieldsOf, textOf } from "../page/api/read.ts";

/** What the script has to know of the page before it asks anybody. */
export interface Settings {
	siteKey: string;
	/** Folder of the chat's routes, with `/` at its end. */
	base: string;
	/** "" = none was given */
	color: string;
}

// The worker writes both into the file it serves: so they are known wherever an optimizer has copied it, also into the page itself.
const SERVED_BASE = "{{koby-base}}";
/** Of `?site_key=` on the script's address. */
const SERVED_KEY = "{{koby-key}}";

/** Only while the script runs for the first time does the browser know which tag it is. */
const own = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;

/**
 * Reads the settings from where they may stand: on the script's own tag, in its address, in `window.kobySettings`, in the file as it was
 * served, and on a tag that a consent manager or an optimizer has left behind.
 * @returns null = no key is to be found
 */
export function readSettings(): Settings | null {
	const left = document.querySelector<HTMLScriptElement>("script[data-site-key^=sk_]");
	// An element of the page with one of these ids is found here as well: only texts count.
	const page: { kobySettings?: unknown; koby?: unknown } = window;
	const set = { ...textsIn(page.koby), ...textsIn(page.kobySettings) };
	const given = (name: string): string => own?.dataset[name] || set[name] || left?.dataset[name] || "";
	const source = own?.src || left?.src || "";
	const siteKey =
		own?.dataset.siteKey ||
		keyIn(source) ||
		set.siteKey ||
		(SERVED_KEY.startsWith("sk_") && SERVED_KEY) ||
		left?.dataset.siteKey ||
		keyIn(document.querySelector<HTMLScriptElement>('script[src*="site_key=sk_"]')?.src ?? "");
	return siteKey ? { siteKey, base: baseOf(given("api"), source), color: given("color") } : null;
}

function textsIn(value: unknown): Record<string, string> {
	const fields = fieldsOf(value);
	const names = ["siteKey", "api", "color"].filter((name) => textOf(fields, name) !== "");
	return Object.fromEntries(names.map((name) => [name, textOf(fields, name)]));
}

function keyIn(address: string): string {
	return /[?&]site_key=(sk_[\w-]+)/.exec(address)?.[1] ?? "";
}

/** A script on the host that has served it stands beside the routes, whatever folder that is; on any other host it is a copy. */
function baseOf(api: string, source: string): string {
	if (api !== "" && URL.canParse(api, location.href)) return new URL(api, location.href).href.replace(/\/*$/, "/");
	const isServed = SERVED_BASE.startsWith("http");
	if (source !== "" && (!isServed || source.startsWith(SERVED_BASE))) return new URL(".", source).href;
	return isServed ? SERVED_BASE : new URL(".", location.href).href;
}
