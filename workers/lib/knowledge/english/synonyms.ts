// Other words for the same thing. Visitors write everyday English ("money back", "sign up"), help pages a more formal one
// ("refund", "registration"): this leads from one to the other. Nothing here is about one customer.
//
// A line of the tables is a set of words that may stand for each other, the commonest first; each as the search sees it, without
// a hyphen, and in the form that begins as its stem does ("lose", not "lost"). A pair such as money_back only leads to the
// others: it is found where its second word follows the first closely. Of a word in several lines, those of the earlier table
// come first. The tables are searched as the text that they are: to stem all of their words takes tens of milliseconds, which
// every isolate would spend, and a question needs a few lines.

import { termOf } from "./stemmer.ts";
import { GENERAL } from "./synonyms-general.ts";
import { HEALTH } from "./synonyms-health.ts";
import { MONEY } from "./synonyms-money.ts";
import { PEOPLE } from "./synonyms-people.ts";
import { PLACES } from "./synonyms-places.ts";
import { TECHNOLOGY } from "./synonyms-technology.ts";

/** A line each, with a blank before each word or pair. */
const TEXT = [GENERAL, PEOPLE, MONEY, TECHNOLOGY, HEALTH, PLACES].join("").replaceAll("\t", " ");
/** A stem is the beginning of its word but for these as its last letter: "happi" of "happy", "rate" of "rating", "disabl" of "disability". */
const CHANGED_END = /[iel]$/;
const TERM_MIN_CHARS = 2;

/** Other words for one term, the commonest first. */
export type Synonyms = readonly string[];

/** What the tables say of a term. */
export interface Entry {
	/** Other words for the term alone. */
	alone: Synonyms;
	/** Other words for the pair of the term and a second one that follows it closely, by the second. */
	pairs: ReadonlyMap<string, Synonyms>;
}

/** A line, in terms. */
interface Line {
	singles: Synonyms;
	pairs: readonly (readonly [first: string, second: string])[];
}

// What was looked up, kept for the next question. No more than the tables hold: what is not in them is not kept.
const knownTerms = new Map<string, string>();
const knownLines = new Map<number, Line>();
const knownEntries = new Map<string, Entry>();

/** What the tables say of a term, by its stem; undefined = nothing. */
export function synonymEntry(term: string): Entry | undefined {
	const known = knownEntries.get(term);
	if (known !== undefined) return known;
	const lines = linesWith(term);
	if (lines.length === 0) return undefined;
	const alone = lines.flatMap(({ singles }) =>
		singles.includes(term) ? singles.filter((single) => single !== term) : [],
	);
	const pairs = new Map<string, string[]>();
	for (const line of lines) {
		for (const [first, second] of line.pairs) {
			if (first === term) pairs.set(second, [...(pairs.get(second) ?? []), ...line.singles]);
		}
	}
	const entry = { alone, pairs };
	knownEntries.set(term, entry);
	return entry;
}

/** The lines in which a term stands alone or is the first of a pair. */
function linesWith(term: string): Line[] {
	if (term.length < TERM_MIN_CHARS) return [];
	const beginning = ` ${term.replace(CHANGED_END, "")}`;
	const starts = new Set<number>();
	for (let at = TEXT.indexOf(beginning); at >= 0; at = TEXT.indexOf(beginning, at + 1)) {
		const start = TEXT.lastIndexOf("\n", at);
		if (!starts.has(start) && knownTerm(wordAt(at + 1)) === term) starts.add(start);
	}
	return [...starts].map(knownLine);
}

function wordAt(from: number): string {
	let end = from;
	while (end < TEXT.length && !" _\n".includes(TEXT.charAt(end))) end += 1;
	return TEXT.slice(from, end);
}

/** @param word one of the tables' */
function knownTerm(word: string): string {
	const known = knownTerms.get(word);
	if (known !== undefined) return known;
	const term = termOf(word);
	knownTerms.set(word, term);
	return term;
}

/** @param start where the line before it ends */
function knownLine(start: number): Line {
	const known = knownLines.get(start);
	if (known !== undefined) return known;
	const keys = TEXT.slice(start, TEXT.indexOf("\n", start + 1))
		.trim()
		.split(" ")
		.map((key) => key.split("_").map(knownTerm));
	const line = {
		singles: keys.flatMap(([term = "", second]) => (second === undefined ? [term] : [])),
		pairs: keys.flatMap(([first = "", second]) => (second === undefined ? [] : [[first, second] as const])),
	};
	knownLines.set(start, line);
	return line;
}
