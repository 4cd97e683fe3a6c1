import { fieldsOf, textOf, textsOf } from "../page/api/read.ts";
import { isShared } from "../page/store.ts";

/** What the launcher needs of a configuration. */
export interface Look {
	/** "" = not known */
	color: string;
	/** BCP 47 */
	locale: string;
	hiddenPaths: string[];
}

export function lookOf(config: unknown): Look {
	const fields = fieldsOf(config);
	return {
		color: textOf(fields, "brand_color"),
		locale: textOf(fields, "locale"),
		hiddenPaths: textsOf(fields, "hidden_paths"),
	};
}

/** What is remembered of a site from page to page, so that its launcher need not wait. It says nothing of a visitor. */
export interface LookMemory {
	/** null = this site was never seen here */
	last(): { isRefused: boolean; look: Look } | null;
	/** Keeps it where the conversation may be kept, and nowhere else. @param config the body of `GET /config` */
	keep(config: unknown): void;
	/** The site does not answer this page: the next one shows nothing before it does. */
	keepRefused(): void;
}

export function openLookMemory(siteKey: string): LookMemory {
	const name = `koby:${siteKey}:look`;
	// Reading the property throws where storage is blocked, and writing where it is full: then nothing is remembered.
	const places = [() => localStorage, () => sessionStorage];
	const each = (action: (storage: Storage, index: number) => void): void =>
		places.forEach((place, index) => {
			try {
				action(place(), index);
			} catch {}
		});
	return {
		last() {
			let kept: Record<string, unknown> = {};
			each((storage) => {
				kept = { ...fieldsOf(JSON.parse(storage.getItem(name) ?? "null")), ...kept };
			});
			return "refused" in kept ? { isRefused: kept.refused === true, look: lookOf(kept) } : null;
		},
		keep(config) {
			const { visitor_memory: memory, brand_color, locale, hidden_paths } = fieldsOf(config);
			const text = JSON.stringify({ refused: false, brand_color, locale, hidden_paths });
			const isKeptWithTab = isShared(String(memory));
			each((storage, index) => {
				if (memory === "none" || isKeptWithTab !== (index === 1)) storage.removeItem(name);
				else storage.setItem(name, text);
			});
		},
		keepRefused: () =>
			each((storage, index) => {
				// Where nobody has allowed more, with the tab.
				if (index === 1 || storage.getItem(name) !== null) storage.setItem(name, '{"refused":true}');
			}),
	};
}
