import type { FoundPassage, FoundPassages } from "./search.ts";

/** The passages of one article that come before other articles' weaker ones; its further ones come last. */
const MAX_OF_ONE_FIRST = 2;
/** A passage that scores less than this share of the best one's has only everyday words in common with the question. */
const LEAST_SCORE_SHARE = 0.15;
/** Below this share of the full score not even the best passage is near: it has a word or two of the question, and not those that matter. */
const NEAR_SHARE = 0.15;

/** The passages that may answer a question, the likeliest first. */
export interface RankedPassages {
	passages: FoundPassage[];
	/** Whether the first is likely to answer it at all. */
	isNear: boolean;
}

/**
 * Puts the passages that were found into the order in which they are shown. Another list of the same passages, ranked by another
 * measure, is to be merged with this one here: what follows knows nothing of scores.
 */
export function rankPassages({ byWords, fullScore }: FoundPassages): RankedPassages {
	const best = byWords[0]?.score ?? 0;
	const near = byWords.filter(({ score }) => score >= best * LEAST_SCORE_SHARE);
	const counts = new Map<string, number>();
	const further: FoundPassage[] = [];
	const passages = near.filter((passage) => {
		const count = (counts.get(passage.knowledgeId) ?? 0) + 1;
		counts.set(passage.knowledgeId, count);
		if (count > MAX_OF_ONE_FIRST) further.push(passage);
		return count <= MAX_OF_ONE_FIRST;
	});
	return { passages: [...passages, ...further], isNear: best > 0 && best >= fullScore * NEAR_SHARE };
}
