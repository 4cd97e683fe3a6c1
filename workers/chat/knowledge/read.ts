import type { Row } from "../../lib/d1/row.ts";
import { readQuestion } from "../../lib/knowledge/question.ts";
import type { Question } from "../../lib/knowledge/question.ts";
import { questionKey } from "../../lib/knowledge/terms.ts";
import type { VisitorText } from "../../lib/privacy/visitor-text.ts";
import type { KnowledgeRules } from "../../lib/knowledge/rules.ts";
import { answerInOtherWords } from "../../lib/knowledge/same-question.ts";
import { foundPassages } from "../../lib/knowledge/search.ts";
import type { FoundPassages } from "../../lib/knowledge/search.ts";
import { wholeEntries, wholeStatement } from "../../lib/knowledge/whole.ts";
import type { SiteSearchKey } from "../../lib/site/search-key.ts";
import type { WholeEntry } from "../../lib/knowledge/whole.ts";
import type { Search } from "../meaning/question.ts";
import type { ReadyAnswer } from "../turn/turn.ts";
import { given, knownQuestion, knownStatement } from "./known.ts";

/** What a visitor says, and what is made of it before anything is read. */
export interface Said {
	/** Without what tells who they are. */
	message: string;
	/** The message's `questionKey`, by which a curated answer is found. */
	key: string;
	/** The key under which it is counted among questions. */
	rankedKey: string;
	question: Question;
	/** Id of its turn; null = it stands in no conversation. */
	turnId: string | null;
}

/** What is made of a message. */
export function saidIn({ written, searched, ranked }: VisitorText): Omit<Said, "turnId"> {
	return {
		message: searched,
		key: questionKey(written),
		rankedKey: questionKey(ranked),
		question: readQuestion(searched),
	};
}

/** What a turn knows before the model is asked. */
export interface Known {
	/** The owner's own answer, to this question or to one that asks the same. */
	curated: ReadyAnswer | undefined;
	/** Asked on this site before, so that its answer may lie in the cache, or is worth keeping there. */
	isCommon: boolean;
	/** All that the org has written, where it is little. */
	whole: readonly WholeEntry[];
	/** What its words have found, where it is more. */
	found: FoundPassages;
}

/** What a turn reads of its org's knowledge, in the batch that begins it, behind what begins it. */
export function knowledgeStatements(
	db: D1Database,
	caller: SiteSearchKey,
	{ key, rankedKey, turnId }: Said,
	{ wholeTokens }: KnowledgeRules,
	search: Search,
): D1PreparedStatement[] {
	return [
		knownStatement(db, caller, key, rankedKey),
		wholeStatement(db, caller, wholeTokens),
		...search.statements(db, caller, turnId),
	];
}

/** Reads the rows of the first three of `knowledgeStatements`. */
export function readKnowledge(
	[known = [], wholeRows = [], foundRows = []]: readonly Row[][],
	message: string,
	{ curated: curatedRules }: KnowledgeRules,
): Known {
	const { curated, isCommon } = knownQuestion(known[0]);
	const whole = wholeEntries(wholeRows);
	const found = foundPassages(foundRows);
	const near = answerInOtherWords(message, whole, found.byWords, curatedRules);
	return {
		curated: curated ?? (near && given(near)),
		isCommon,
		whole,
		found,
	};
}
