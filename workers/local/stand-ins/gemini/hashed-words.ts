import { queryTerms } from "../../../lib/knowledge/query-terms.ts";
import { terms } from "../../../lib/knowledge/terms.ts";

const DIMENSIONS = 512;
/** Words of one meaning that no table of synonyms of ours leads to: by them tests tell what is found by meaning from what words find. */
const KIN = "aligner wonky";
const KIN_TERMS = new Set(terms(KIN));
/** What they have in common counts beside the word itself. */
const KIN_WEIGHT = 3;

/**
 * Vectors without a model, the same on every machine: each word of a text, and at less weight each everyday synonym of it, adds to one
 * of 512 numbers. Texts that share words or synonyms are near one another and others are not, which is all that tests need.
 */
export function hashedWords(texts: string[]): Promise<number[][]> {
	return Promise.resolve(texts.map(vectorOf));
}

function vectorOf(text: string): number[] {
	const vector = Array.from({ length: DIMENSIONS }, () => 0);
	const add = (term: string, weight: number): void => {
		const hash = hashOf(term);
		// The lowest bit is the sign: words that fall on the same number then cancel out as often as they add up.
		const index = (hash >>> 1) % DIMENSIONS;
		vector[index] = (vector[index] ?? 0) + (hash % 2 === 0 ? weight : -weight);
	};
	for (const { term, weight } of queryTerms(text)) {
		add(term, weight);
		if (KIN_TERMS.has(term)) add(KIN, KIN_WEIGHT * weight);
	}
	// A model has a vector for any text, one without a word that tells anything included.
	if (Math.hypot(...vector) === 0) vector[0] = 1;
	const norm = Math.hypot(...vector);
	return vector.map((value) => value / norm);
}

/** FNV-1a, 32 bits. */
function hashOf(term: string): number {
	let hash = 0x811c9dc5;
	for (const byte of new TextEncoder().encode(term)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
	return hash;
}
