import { fuse, standsOut } from "./meaning/fusion.ts";
import type { FusedHit } from "./meaning/fusion.ts";
import type { FoundPassage, FoundPassages, KnownPassage } from "./search.ts";

/** The passages of one article that come before other articles' weaker ones; its further ones come last. */
const MAX_OF_ONE_FIRST = 2;
/** A passage that scores less than this share of the best one's has only everyday words in common with the question. */
const LEAST_SCORE_SHARE = 0.15;
/** Below this share of the full score not even the best passage is near: it has a word or two of the question, and not those that matter. */
const NEAR_SHARE = 0.15;

/** The passages that may answer a question, the likeliest first. */
export interface RankedPassages {
	passages: KnownPassage[];
	/** Whether the first is likely to answer it at all. */
	isNear: boolean;
	/** By passage what both lists together give it, of the best one 1; none where words alone rank, or have found it by everyday words alone. */
	fused: ReadonlyMap<number, number>;
}

const NOT_FUSED: ReadonlyMap<number, number> = new Map();

/** Puts the passages that were found, by words or by meaning, into the order in which they are shown. */
export function rankPassages({ byWords, fullScore, byMeaning }: FoundPassages): RankedPassages {
	const best = byWords[0]?.score ?? 0;
	const hasNearWords = best > 0 && best >= fullScore * NEAR_SHARE;
	const near = byWords.filter(({ score }) => score >= best * LEAST_SCORE_SHARE);
	if (byMeaning === undefined) return { passages: furtherLast(near), isNear: hasNearWords, fused: NOT_FUSED };
	const { hits, hasCode, earlierWeight } = byMeaning;
	const fused = fuse(near, hits, hasCode, earlierWeight);
	return {
		passages: furtherLast(fusedPassages(near, byMeaning.passages, fused)),
		isNear: hasNearWords || standsOut(hits),
		fused: new Map(fused.map(({ key, score }) => [key, score])),
	};
}

/** One list of both; behind it what only everyday words have found, as far as there is room. */
function fusedPassages(
	byWords: readonly FoundPassage[],
	passages: readonly KnownPassage[],
	fused: readonly FusedHit[],
): KnownPassage[] {
	const known = new Map<number, KnownPassage>(byWords.map((passage) => [passage.key, passage]));
	for (const passage of passages) if (!known.has(passage.key)) known.set(passage.key, passage);
	const both = fused.flatMap(({ key }) => known.get(key) ?? []);
	const taken = new Set(both.map(({ key }) => key));
	return [...both, ...byWords.filter(({ key }) => !taken.has(key))];
}

function furtherLast(ranked: readonly KnownPassage[]): KnownPassage[] {
	const counts = new Map<string, number>();
	const further: KnownPassage[] = [];
	const passages = ranked.filter((passage) => {
		const count = (counts.get(passage.knowledgeId) ?? 0) + 1;
		counts.set(passage.knowledgeId, count);
		if (count > MAX_OF_ONE_FIRST) further.push(passage);
		return count <= MAX_OF_ONE_FIRST;
	});
	return [...passages, ...further];
}
