import type { Question } from "../question.ts";
import type { KnowledgeRules } from "../rules.ts";
import type { FoundPassages } from "../search.ts";
import { namesCode } from "./fusion.ts";
import { compared, comparedCandidates } from "./meaning.ts";
import type { Meanings } from "./meaning-memory.ts";
import type { EmbeddingSpace } from "./space.ts";

/** A question that was embedded. */
export interface EmbeddedQuestion {
	/** The message alone, without what it leans on. */
	text: string;
	question: Question;
	vector: readonly number[];
}

/**
 * What words have found, with what is found by meaning.
 * @param meanings what all passages mean; undefined = those are compared that words have found, by the vectors that came with them
 */
export function foundByBoth(
	words: FoundPassages,
	{ text, question, vector }: EmbeddedQuestion,
	meanings: Meanings | undefined,
	space: EmbeddingSpace,
	ranking: KnowledgeRules["ranking"],
): FoundPassages {
	const hits = meanings === undefined ? comparedCandidates(words.byWords, vector, space) : compared(meanings, vector);
	const passages = meanings?.passages ?? words.byWords;
	const { earlierWeight } = question;
	const byWords = ranking === "meaning" ? [] : words.byWords;
	return { ...words, byWords, byMeaning: { hits, passages, hasCode: namesCode(text), earlierWeight } };
}
