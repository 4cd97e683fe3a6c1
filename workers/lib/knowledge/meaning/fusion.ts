// Two lists of passages, by the words they share with a question and by what they mean, become one. Not by ranks alone: in lists as
// short as these a list that found next to nothing would vote its first as high as the other's, and a strong list would be diluted.

/** The most passages by meaning that count. */
const MAX_BY_MEANING = 20;
/** How far above the mean of all a passage has to be to count as near by meaning, standard deviations. */
const NEAR_DEVIATIONS = 0.5;
/** How far above it the nearest has to be to be likely to answer the question by itself. */
const OUTSTANDING_DEVIATIONS = 3;
/** Fewer passages than this have no deviation worth the name: each is near, and none stands out. */
const MIN_DEVIATING = 8;
/** What the words count where the question names a code, a figure or the like: meaning knows those badly. */
const CODE_FACTOR = 2;

/** A passage found by words. */
export interface WordHit {
	/** Names the passage in both lists. */
	key: number;
	/** Comparable within the list. */
	score: number;
	/** It has a term of the question that few passages have. */
	isRare: boolean;
	/** What share of the question it holds, its terms weighed by their rarity: 0 to 1. */
	coverage: number;
}

/** A passage found by meaning. */
export interface MeaningHit {
	key: number;
	/** Cosine. */
	similarity: number;
}

/** A passage of the one list. */
export interface FusedHit {
	key: number;
	/** Of the best one 1. */
	score: number;
}

/** Whether a question names something that is written in one way only: a word with a digit in it. */
export function namesCode(question: string): boolean {
	return /\p{N}/u.test(question);
}

/**
 * One list of both, the best first. A list that is empty once it is cut changes nothing of the other's order. Words count as much as
 * the best of them covers of the question: a question in other words, of which one everyday word was found, is ranked by meaning.
 * @param words the best first; only those with a rare term count
 * @param meanings in any order; of all passages that are compared, since what is near is told by what is usual among them
 * @param hasCode as `namesCode`
 * @param earlierWeight how much the question leans on what was said before it, 0 to 0.8: words know that, and its meaning by itself does not
 */
export function fuse(
	words: readonly WordHit[],
	meanings: readonly MeaningHit[],
	hasCode: boolean,
	earlierWeight = 0,
): FusedHit[] {
	const byWords = words.filter(({ isRare, score }) => isRare && score > 0);
	const byMeaning = nearest(meanings);
	if (byMeaning.length === 0) return normalised(words.map(({ key, score }) => ({ key, score })));
	const sums = new Map(byMeaning.map(({ key, score }) => [key, score]));
	const [best] = byWords;
	const weight = ((best?.coverage ?? 0) * (hasCode ? CODE_FACTOR : 1)) / (1 - earlierWeight);
	for (const { key, score } of byWords) sums.set(key, (sums.get(key) ?? 0) + (weight * score) / (best?.score ?? score));
	return normalised(
		[...sums].map(([key, score]) => ({ key, score })).sort((a, b) => b.score - a.score || a.key - b.key),
	);
}

/** The near ones, the nearest first, at most 20: from 1 for the nearest down to 0 at the floor. */
function nearest(meanings: readonly MeaningHit[]): FusedHit[] {
	const floor = floorOf(meanings);
	const near = meanings.filter(({ similarity }) => similarity > floor);
	near.sort((a, b) => b.similarity - a.similarity || a.key - b.key);
	const range = (near[0]?.similarity ?? 0) - floor;
	return near.slice(0, MAX_BY_MEANING).map(({ key, similarity }) => ({ key, score: (similarity - floor) / range }));
}

/** Whether one passage is so much nearer by meaning than is usual among all that it is likely to answer the question. */
export function standsOut(meanings: readonly MeaningHit[]): boolean {
	if (meanings.length < MIN_DEVIATING) return false;
	const best = meanings.reduce((most, { similarity }) => Math.max(most, similarity), 0);
	return best > levelOf(meanings, OUTSTANDING_DEVIATIONS);
}

/** What is usual differs from model to model, so the floor is told by the passages themselves; it is never below 0. */
function floorOf(meanings: readonly MeaningHit[]): number {
	return meanings.length < MIN_DEVIATING ? 0 : levelOf(meanings, NEAR_DEVIATIONS);
}

/** So many standard deviations above the mean; never below 0. */
function levelOf(meanings: readonly MeaningHit[], deviations: number): number {
	let sum = 0;
	let squares = 0;
	for (const { similarity } of meanings) {
		sum += similarity;
		squares += similarity * similarity;
	}
	const mean = sum / meanings.length;
	const deviation = Math.sqrt(Math.max(0, squares / meanings.length - mean * mean));
	return Math.max(0, mean + deviations * deviation);
}

function normalised(hits: FusedHit[]): FusedHit[] {
	const most = hits[0]?.score ?? 0;
	return most <= 0 ? hits : hits.map(({ key, score }) => ({ key, score: score / most }));
}
