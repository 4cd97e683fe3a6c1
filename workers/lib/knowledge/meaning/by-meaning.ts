import { MAX_COMPARED } from "./space.ts";

/**
 * What of an org's knowledge can be compared with what a question means: nothing, as it has no vectors; all; or, of more than 2,000
 * passages, those that words have found. Where all of it is shown to the model nothing is compared (`isWholeSql`).
 */
export const BY_MEANING = ["none", "all", "found_by_words"] as const;
export type ByMeaning = (typeof BY_MEANING)[number];

/** @param passages of the org @param vectors rows of vectors of them */
export function byMeaning(passages: number, vectors: number): ByMeaning {
	if (vectors === 0) return "none";
	return passages <= MAX_COMPARED ? "all" : "found_by_words";
}
