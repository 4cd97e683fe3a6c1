import type { CallWords } from "./words.ts";

/** Each is a file of its own, which is fetched when somebody wants to talk. */
const FILES: Readonly<Record<string, () => Promise<{ words: CallWords }>>> = {
	es: () => import("./call-es.ts"),
	fr: () => import("./call-fr.ts"),
	de: () => import("./call-de.ts"),
	pt: () => import("./call-pt.ts"),
	it: () => import("./call-it.ts"),
	nl: () => import("./call-nl.ts"),
	pl: () => import("./call-pl.ts"),
	zh: () => import("./call-zh.ts"),
	ar: () => import("./call-ar.ts"),
};

/** Those of a language. Rejects where they cannot be fetched. */
export async function callWords(language: string): Promise<CallWords> {
	const file = FILES[language] ?? (() => import("./call-en.ts"));
	return (await file()).words;
}
