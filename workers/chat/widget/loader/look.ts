import { fieldsOf, textOf, textsOf } from "../page/api/read.ts";
import { isShared } from "../page/store.ts";

/** What the launcher needs of a configuration. */
export interface Look {
	/** "" = not known */
	color: string;
	hiddenPaths: string[];
	/** `widget` of the configuration: the launcher takes its place, the rest comes with the panel. */
	widget: Record<string, unknown>;
}

/** @param config the body of `GET /config`, or what was kept of it */
export function lookOf(config: unknown): Look {
	const fields = fieldsOf(config);
	return {
		color: textOf(fields, "brand_color"),
		hiddenPaths: textsOf(fields, "hidden_paths"),
		widget: fieldsOf(fields.widget),
	};
}

/** What is remembered of a site from page to page, so that its launcher need not wait. It says nothing of a visitor. */
export interface LookMemory {
	/** What `lookOf` takes; null = the site did not answer this page, undefined = it was never asked */
	last(): unknown;
	/** Keeps it where the conversation may be kept, and nowhere else. @param config the body of `GET /config`; null = no answer */
	keep(config: unknown): void;
}

export function openLookMemory(siteKey: string): LookMemory {
	const name = `koby:${siteKey}:look`;
	/** Reading the property throws where storage is blocked, and writing where it is full: then nothing is remembered. */
	const attempt = (action: () => unknown): unknown => {
		try {
			return action();
		} catch {
			return undefined;
		}
	};
	const keepIn = (storage: () => Storage, text: string): unknown =>
		attempt(() => (text === "" ? storage().removeItem(name) : storage().setItem(name, text)));
	return {
		// Nothing is no JSON.
		last: () => attempt(() => JSON.parse(localStorage.getItem(name) ?? sessionStorage.getItem(name) ?? "")),
		keep(config) {
			const { visitor_memory, brand_color, hidden_paths, widget } = fieldsOf(config);
			const text = JSON.stringify(config && { brand_color, hidden_paths, widget });
			keepIn(() => localStorage, isShared(String(visitor_memory)) ? "" : text);
			keepIn(() => sessionStorage, visitor_memory === "tab" ? text : "");
		},
	};
}
