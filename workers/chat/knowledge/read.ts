import type { Row } from "../../lib/d1/row.ts";
import type { Question } from "../../lib/knowledge/question.ts";
import { foundPassages, searchStatement } from "../../lib/knowledge/search.ts";
import { wholeEntries, wholeStatement } from "../../lib/knowledge/whole.ts";
import type { SearchKey } from "../../lib/knowledge/whole.ts";
import type { ReadyAnswer } from "../turn/turn.ts";
import { curatedInOtherWords, knownQuestion, knownStatement } from "./known.ts";
import type { KnowledgeRules } from "./rules.ts";
import { shownKnowledge } from "./shown.ts";
import type { ShownKnowledge } from "./shown.ts";

/** What a visitor says, and what is made of it before anything is read. */
export interface Said {
	message: string;
	/** The message's `questionKey`: its spellings count as one question. */
	key: string;
	question: Question;
	/** Id of its turn; null = it stands in no conversation. */
	turnId: string | null;
}

/** What a turn knows before the model is asked. */
export interface Known {
	/** The owner's own answer, to this question or to one that asks the same. */
	curated: ReadyAnswer | undefined;
	/** Asked on this site before, so that its answer may lie in the cache, or is worth keeping there. */
	isCommon: boolean;
	shown: ShownKnowledge;
}

/** What a turn reads of its org's knowledge, in the batch that begins it, behind what begins it. */
export function knowledgeStatements(
	db: D1Database,
	caller: SearchKey,
	{ key, question, turnId }: Said,
	{ wholeTokens }: KnowledgeRules,
): D1PreparedStatement[] {
	return [
		knownStatement(db, caller, key),
		wholeStatement(db, caller, wholeTokens),
		searchStatement(db, caller, { ...question, turnId, wholeTokens }),
	];
}

/**
 * Reads the rows of `knowledgeStatements`.
 * @param exists whether the org has written anything
 */
export function readKnowledge(
	[known = [], wholeRows = [], foundRows = []]: readonly Row[][],
	{ message, question: { isSmallTalk } }: Said,
	{ maxTokens, curated: curatedRules }: KnowledgeRules,
	exists: boolean,
): Known {
	const { curated, isCommon } = knownQuestion(known[0]);
	const whole = wholeEntries(wholeRows);
	const found = foundPassages(foundRows);
	const answers = [
		...whole.filter(({ kind }) => kind === "answer"),
		...found.byWords.flatMap((passage) => (passage.answer === null ? [] : [{ ...passage, content: passage.answer }])),
	];
	return {
		curated: curated ?? curatedInOtherWords(message, answers, curatedRules),
		isCommon,
		shown: shownKnowledge({ whole, found, isSmallTalk, exists }, maxTokens),
	};
}
