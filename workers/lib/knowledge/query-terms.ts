import { SYNONYMS } from "./synonyms.ts";
import { isSearched, termOf, words } from "./terms.ts";

const MAX_TERMS = 32;
/** What another word for it is worth beside the visitor's own. */
const SYNONYM_WEIGHT = 0.5;
/** How far behind the first word of a pair the second may stand ("put the bike together"). */
const PAIR_MAX_DISTANCE = 3;

const SYNONYMS_OF = synonymsByTerm();

/** A term to search for, and how much finding it counts. */
export interface QueryTerm {
	term: string;
	weight: number;
}

/** What to search for when a visitor asks `text`: each term once, then other words for the same; at most 32. */
export function queryTerms(text: string): QueryTerm[] {
	const all = words(text);
	const stems = all.map(termOf);
	const asked = longest([...new Set(stems.filter((_, index) => isSearched(all[index] ?? "")))]);
	const others = byTurns(synonymsIn(stems)).filter((term) => !asked.includes(term));
	return [
		...asked.map((term) => ({ term, weight: 1 })),
		...[...new Set(others)].slice(0, MAX_TERMS - asked.length).map((term) => ({ term, weight: SYNONYM_WEIGHT })),
	];
}

/** Of too many terms, the long ones: they tend to be the rare ones. */
function longest(terms: string[]): string[] {
	return terms.length <= MAX_TERMS ? terms : terms.sort((a, b) => b.length - a.length).slice(0, MAX_TERMS);
}

/** For each word or pair of words that has any. */
function synonymsIn(stems: readonly string[]): (readonly string[])[] {
	return stems.flatMap((first, index) => {
		const pairs = stems.slice(index + 1, index + 1 + PAIR_MAX_DISTANCE).map((second) => `${first}_${second}`);
		return [...pairs, first].flatMap((key) => {
			const synonyms = SYNONYMS_OF.get(key);
			return synonyms === undefined ? [] : [synonyms];
		});
	});
}

/** The first of each list, then the second of each, and so on: no word's synonyms push out another's. */
function byTurns(lists: readonly (readonly string[])[]): string[] {
	const turns = Math.max(0, ...lists.map((list) => list.length));
	return Array.from({ length: turns }, (_, turn) => lists.flatMap((list) => list.slice(turn, turn + 1))).flat();
}

function synonymsByTerm(): Map<string, string[]> {
	const byTerm = new Map<string, string[]>();
	for (const line of SYNONYMS) {
		const keys = line.split(" ").map((entry) => entry.split("_").map(termOf).join("_"));
		const single = keys.filter((key) => !key.includes("_"));
		for (const key of keys) byTerm.set(key, [...(byTerm.get(key) ?? []), ...single.filter((term) => term !== key)]);
	}
	return byTerm;
}
