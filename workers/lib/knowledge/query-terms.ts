import { termOf } from "./english/stemmer.ts";
import { synonymEntry } from "./english/synonyms.ts";
import type { Entry, Synonyms } from "./english/synonyms.ts";
import { isSearched, words } from "./terms.ts";

const MAX_TERMS = 32;
/** What a word of the visitor's own counts. */
export const OWN_WEIGHT = 1;
/** What another word for it is worth beside the visitor's own. */
const SYNONYM_WEIGHT = 0.5;
/** How far behind the first word of a pair the second may stand ("put the bike together"). */
const PAIR_MAX_DISTANCE = 3;

/** A term to search for, and how much finding it counts. */
export interface QueryTerm {
	term: string;
	weight: number;
	/** A visitor's own word and no other one for it; where it does not say, one of the full weight is. */
	isOwn?: boolean;
}

/** What to search for when a visitor asks `text`: each term once, then other words for the same; at most 32. */
export function queryTerms(text: string): QueryTerm[] {
	const all = words(text);
	const stems = all.map(termOf);
	const asked = longest([...new Set(stems.filter((_, index) => isSearched(all[index] ?? "")))]);
	const terms = asked.map((term) => ({ term, weight: OWN_WEIGHT }));
	if (terms.length === MAX_TERMS) return terms;
	const taken = new Set(asked);
	for (const term of byTurns(synonymsIn(stems))) {
		if (terms.length === MAX_TERMS) break;
		if (taken.has(term)) continue;
		taken.add(term);
		terms.push({ term, weight: SYNONYM_WEIGHT });
	}
	return terms;
}

/** Keeps the long ones of too many terms: they tend to be the rare ones. */
function longest(terms: string[]): string[] {
	return terms.length <= MAX_TERMS ? terms : terms.sort((a, b) => b.length - a.length).slice(0, MAX_TERMS);
}

/** The list of each word, or pair of words, that has one. */
function synonymsIn(stems: readonly string[]): Synonyms[] {
	const lists: Synonyms[] = [];
	const entries = new Map<string, Entry | undefined>();
	for (const term of stems) if (!entries.has(term)) entries.set(term, synonymEntry(term));
	for (const [index, first] of stems.entries()) {
		const entry = entries.get(first);
		if (entry === undefined) continue;
		for (let distance = 1; entry.pairs.size > 0 && distance <= PAIR_MAX_DISTANCE; distance++) {
			const ofPair = entry.pairs.get(stems[index + distance] ?? "");
			if (ofPair !== undefined) lists.push(ofPair);
		}
		if (entry.alone.length > 0) lists.push(entry.alone);
	}
	return lists;
}

/** The first of each list, then the second of each, and so on: no word's synonyms push out another's. */
function byTurns(lists: readonly Synonyms[]): string[] {
	const terms: string[] = [];
	const turns = lists.reduce((longestYet, list) => Math.max(longestYet, list.length), 0);
	for (let turn = 0; turn < turns; turn++) {
		for (const list of lists) {
			const term = list[turn];
			if (term !== undefined) terms.push(term);
		}
	}
	return terms;
}
