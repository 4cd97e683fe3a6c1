import { numberColumn, textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import { parseJsonObject } from "../../lib/http/body.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { checkedText, invalidFields, unknownFields } from "../../lib/http/fields.ts";
import { json } from "../../lib/http/json.ts";
import { readQuestion } from "../../lib/knowledge/question.ts";
import type { KnowledgeRules } from "../../lib/knowledge/rules.ts";
import { answerInOtherWords } from "../../lib/knowledge/same-question.ts";
import { foundPassages, searchStatement } from "../../lib/knowledge/search.ts";
import type { FoundPassage } from "../../lib/knowledge/search.ts";
import { shownKnowledge } from "../../lib/knowledge/shown.ts";
import type { ShownKnowledge } from "../../lib/knowledge/shown.ts";
import { questionKey } from "../../lib/knowledge/terms.ts";
import { entryOf, wholeEntries, wholeStatement } from "../../lib/knowledge/whole.ts";
import type { WholeEntry } from "../../lib/knowledge/whole.ts";
import { isoInstant } from "../../lib/time.ts";
import { readRecorded } from "../audit/reads.ts";
import { IS_ORG, ORG_COLUMNS, orgStatement, readForOrg } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";

/** As a visitor's message. */
const MAX_QUESTION_CHARS = 2000;

export interface KnowledgeTestRequest {
	body: Uint8Array;
	/** As the chat has them. */
	rules: KnowledgeRules;
}

/**
 * `POST /portal/knowledge/test {question}`: what a visitor's first message of these words would find, and what of it the model would
 * be shown. The model is not asked, and nothing is counted.
 * @throws {ApiError} invalid_json, invalid_request, conflict (the org has no engine), and as `readForOrg`
 */
export async function testKnowledge(
	db: D1Database,
	target: OrgTarget,
	{ body, rules }: KnowledgeTestRequest,
	now: number,
): Promise<Response> {
	const { org, row } = await readForOrg(db, target, [db.prepare(KEY_SQL).bind(target.ref)]);
	const message = parseQuestion(parseJsonObject(body));
	const siteKey = textColumnOrNull(row, "site_key");
	if (siteKey === null) throw new ApiError("conflict", "The organization has no engine yet; ask support for one.");
	const question = readQuestion(message);
	const key = { siteKey, now: isoInstant(now) };
	const { wholeTokens } = rules;
	const statements = [
		orgStatement(db, target.ref),
		curatedStatement(db, org.id, questionKey(message)),
		wholeStatement(db, key, wholeTokens),
		searchStatement(db, key, { ...question, conversationId: null, wholeTokens }),
	];
	const { results } = await readRecorded(db, target, statements, { action: "knowledge.test", now });
	const [, curatedRows = [], wholeRows = [], foundRows = []] = results;
	const whole = wholeEntries(wholeRows);
	const found = foundPassages(foundRows);
	const [exact] = curatedRows.map((entry) => ({ ...entryOf(entry), content: textColumn(entry, "content") }));
	const curated = exact ?? answerInOtherWords(message, whole, found.byWords, rules.curated);
	const exists = numberColumn(row, "has_knowledge") === 1;
	const shown = shownKnowledge({ whole, found, isSmallTalk: question.isSmallTalk, exists }, rules.maxTokens);
	return json({
		question: message,
		curated: curated === undefined ? null : curatedOf(curated),
		...shownOf(shown, found.byWords),
	});
}

/** What the model would be shown in its order, and behind it what was found and would not be. */
function shownOf({ kind, passages, isNear }: ShownKnowledge, found: readonly FoundPassage[]) {
	const unshown = found.filter((passage) => !passages.includes(passage));
	const scores = new Map<WholeEntry, number>(found.map((passage) => [passage, passage.score]));
	const listed = (passage: WholeEntry, shown: boolean) => ({
		...passageOf(passage),
		score: scores.get(passage) ?? null,
		shown,
	});
	return {
		kind,
		near: isNear,
		passages: [
			...passages.map((passage) => listed(passage, true)),
			...unshown.map((passage) => listed(passage, false)),
		],
		shown_characters: passages.reduce((sum, { title, content }) => sum + title.length + content.length, 0),
	};
}

/** @throws {ApiError} invalid_request */
function parseQuestion(body: Record<string, unknown>): string {
	const faults = unknownFields(body, ["question"], "a test");
	const checked = checkedText(Object.hasOwn(body, "question") ? body["question"] : undefined, {
		min: 1,
		max: MAX_QUESTION_CHARS,
	});
	if ("fault" in checked) faults.push({ field: "question", message: checked.fault });
	if (faults.length > 0) throw invalidFields(faults);
	return "text" in checked ? checked.text : "";
}

/** The search finds an org by the key of one of its engines: any will do. */
const KEY_SQL = `
	SELECT ${ORG_COLUMNS}, o.knowledge_bytes > 0 AS has_knowledge,
		(SELECT s.site_key FROM portal_sites s INDEXED BY portal_sites_by_org WHERE s.org_id = o.id ORDER BY s.created_at, s.id LIMIT 1) AS site_key
	FROM orgs o
	WHERE ${IS_ORG}
`;

function curatedStatement(db: D1Database, orgId: string, question: string): D1PreparedStatement {
	return db
		.prepare(`
			SELECT k.id, k.kind, k.title, k.body AS content, k.source_url FROM knowledge k INDEXED BY knowledge_by_question
			WHERE k.org_id = ?1 AND k.question_key = ?2 LIMIT 1
		`)
		.bind(orgId, question);
}

function curatedOf({ knowledgeId, title, content, sourceUrl }: WholeEntry) {
	return { id: knowledgeId, title, body: content, source_url: sourceUrl };
}

function passageOf({ knowledgeId, kind, title, content, sourceUrl }: WholeEntry) {
	return { knowledge_id: knowledgeId, kind, title, content, source_url: sourceUrl };
}
