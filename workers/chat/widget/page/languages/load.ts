import { OWN_WORDS } from "../view/dom.ts";
import { speak } from "../words.ts";
import type { Words } from "../words.ts";

/** Each is a file of its own, which is fetched when it is needed. */
const FILES: Readonly<Record<string, () => Promise<{ words: Words }>>> = {
	en: () => import("./words-en.ts"),
	es: () => import("./words-es.ts"),
	fr: () => import("./words-fr.ts"),
	de: () => import("./words-de.ts"),
	pt: () => import("./words-pt.ts"),
	it: () => import("./words-it.ts"),
	nl: () => import("./words-nl.ts"),
	pl: () => import("./words-pl.ts"),
	zh: () => import("./words-zh.ts"),
	ar: () => import("./words-ar.ts"),
};

/** Whether the widget has words in the language of a tag. */
export function isSpoken(tag: string): boolean {
	return Object.hasOwn(FILES, tag.toLowerCase().split("-")[0] ?? "");
}

/** Has the widget speak a language from now on; one that it does not know changes nothing. Rejects where its words cannot be fetched. */
export async function speakIn(language: string): Promise<void> {
	const file = FILES[language];
	if (file === undefined || language === OWN_WORDS.lang) return;
	speak((await file()).words);
	OWN_WORDS.lang = language;
}
