import { numberColumn, textColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { json } from "../../lib/http/json.ts";
import { byMeaning } from "../../lib/knowledge/meaning/by-meaning.ts";
import { rankPassages } from "../../lib/knowledge/rank.ts";
import type { KnowledgeRules } from "../../lib/knowledge/rules.ts";
import { answerInOtherWords } from "../../lib/knowledge/same-question.ts";
import type { FoundPassages, KnownPassage } from "../../lib/knowledge/search.ts";
import { shownKnowledge } from "../../lib/knowledge/shown.ts";
import type { ShownKnowledge } from "../../lib/knowledge/shown.ts";
import { questionKey } from "../../lib/knowledge/terms.ts";
import { entryOf, wholeEntries, wholeStatement } from "../../lib/knowledge/whole.ts";
import type { WholeEntry } from "../../lib/knowledge/whole.ts";
import { visitorText } from "../../lib/privacy/visitor-text.ts";
import { readRecorded } from "../audit/reads.ts";
import type { Read } from "../audit/reads.ts";
import { IS_ORG, ORG_COLUMNS } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { hasConversationSql } from "../conversations/visitor.ts";
import { parseTest } from "./knowledge-test-request.ts";
import { testSearch } from "./knowledge-test-search.ts";
import type { TestEmbedding, TestSearch } from "./knowledge-test-search.ts";

export interface KnowledgeTestRequest {
	body: Uint8Array;
	/** As the chat has them. */
	rules: KnowledgeRules;
	/** undefined = the deployment embeds nothing, or has no key for it. */
	embedding: TestEmbedding | undefined;
}

/**
 * `POST /portal/knowledge/test {question, session?, earlier?}`: what a visitor's message of these words would find, in a conversation
 * where one is named or told, and what of it the model would be shown. The model is not asked, and nothing is counted as a visitor's.
 * @throws {ApiError} invalid_json, invalid_request, not_found (another org's session as well), unavailable, and as `readForOrg`
 */
export async function testKnowledge(
	db: D1Database,
	target: OrgTarget,
	{ body, rules, embedding }: KnowledgeTestRequest,
	now: number,
): Promise<Response> {
	const asked = parseTest(body);
	const { message, session } = asked;
	// As of a visitor's message, what tells who somebody is stays here.
	const searched = { ...asked, message: visitorText(message, now).searched };
	const search = testSearch(db, { target, asked: searched, rules, now }, embedding);
	const statements = [
		testedStatement(db, target.ref, session),
		curatedStatement(db, target.ref, questionKey(message)),
		wholeStatement(db, { orgRef: target.ref, isOrg: IS_ORG }, rules.wholeTokens),
		...search.statements,
	];
	const read: Read = { action: "knowledge.test", now, target: session, exists: hasConversationSql("?2") };
	const { org, row, results } = await readRecorded(db, target, statements, read);
	if (numberColumn(row, "has_session") === 0) throw noConversation();
	const [, curatedRows = [], wholeRows = [], ...found] = results;
	const compared = byMeaning(numberColumn(row, "knowledge_passages"), numberColumn(row, "knowledge_vectors"));
	return answer(
		{ message, search: search.question, rules, exists: numberColumn(row, "has_knowledge") === 1 },
		curatedRows,
		wholeEntries(wholeRows),
		await search.found(found, { id: org.id, byMeaning: compared }),
	);
}

/** Unknown, erased or another's: one text for all, so that asking learns nothing. */
function noConversation(): ApiError {
	return new ApiError(
		"not_found",
		"There is no such conversation, or it has been erased; name another, or leave session out.",
	);
}

/** What is answered beside what was found. */
interface Asked {
	message: string;
	search: { isSmallTalk: boolean; earlierWeight: number };
	rules: KnowledgeRules;
	/** The org has written something. */
	exists: boolean;
}

function answer(
	{ message, search, rules, exists }: Asked,
	curatedRows: readonly Row[],
	whole: readonly WholeEntry[],
	{ words, found }: Awaited<ReturnType<TestSearch["found"]>>,
): Response {
	const [exact] = curatedRows.map((entry) => ({ ...entryOf(entry), content: textColumn(entry, "content") }));
	const curated = exact ?? answerInOtherWords(message, whole, words.byWords, rules.curated);
	const { isSmallTalk, earlierWeight } = search;
	const shown = shownKnowledge({ whole, found, isSmallTalk, exists }, rules.maxTokens);
	return json({
		question: message,
		earlier_weight: earlierWeight,
		curated: curated === undefined ? null : curatedOf(curated),
		kind: shown.kind,
		ranking: rankingOf(shown, found, rules),
		near: shown.isNear,
		passages: shown.kind === "best" ? scored(shown, found) : shown.passages.map(unscored),
		shown_characters: shown.passages.reduce((sum, { title, content }) => sum + title.length + content.length, 0),
	});
}

/** What ranked the passages; null = nothing was searched for. */
function rankingOf({ kind }: ShownKnowledge, { byMeaning: compared }: FoundPassages, { ranking }: KnowledgeRules) {
	if (kind !== "best") return null;
	if (compared === undefined) return "words";
	return ranking === "meaning" ? "meaning" : "both";
}

/** What the model would be shown in its order, and behind it what was found and would not be. */
function scored({ passages: shown }: ShownKnowledge, found: FoundPassages) {
	const { passages: ranked, fused } = rankPassages(found);
	const words = new Map(found.byWords.map(({ key, score }) => [key, score]));
	const meanings = new Map(found.byMeaning?.hits.map(({ key, similarity }) => [key, similarity]));
	const isShown = (passage: KnownPassage) => shown.includes(passage);
	const taken = new Set(ranked.map(({ key }) => key));
	const all: KnownPassage[] = [
		...ranked.filter(isShown),
		...ranked.filter((passage) => !isShown(passage)),
		...found.byWords.filter(({ key }) => !taken.has(key)),
	];
	return all.map((passage) => {
		const word = words.get(passage.key) ?? null;
		return {
			...passageOf(passage),
			score: found.byMeaning === undefined ? word : (fused.get(passage.key) ?? 0),
			word_score: word,
			meaning_score: meanings.get(passage.key) ?? null,
			shown: isShown(passage),
		};
	});
}

function unscored(passage: WholeEntry) {
	return { ...passageOf(passage), score: null, word_score: null, meaning_score: null, shown: true };
}

const TESTED_SQL = `
	SELECT ${ORG_COLUMNS}, o.knowledge_bytes > 0 AS has_knowledge, o.knowledge_passages, o.knowledge_vectors,
		?2 IS NULL OR ${hasConversationSql("?2")} AS has_session
	FROM orgs o
	WHERE ${IS_ORG}
`;

function testedStatement(db: D1Database, ref: string, session: string | null): D1PreparedStatement {
	return db.prepare(TESTED_SQL).bind(ref, session);
}

const CURATED_SQL = `
	SELECT k.id, k.kind, k.title, k.body AS content, k.source_url
	FROM orgs o
	CROSS JOIN knowledge k INDEXED BY knowledge_by_question ON k.org_id = o.id AND k.question_key = ?2
	WHERE ${IS_ORG}
	LIMIT 1
`;

function curatedStatement(db: D1Database, ref: string, question: string): D1PreparedStatement {
	return db.prepare(CURATED_SQL).bind(ref, question);
}

function curatedOf({ knowledgeId, title, content, sourceUrl }: WholeEntry) {
	return { id: knowledgeId, title, body: content, source_url: sourceUrl };
}

function passageOf({ knowledgeId, kind, title, content, sourceUrl }: WholeEntry) {
	return { knowledge_id: knowledgeId, kind, title, content, source_url: sourceUrl };
}
