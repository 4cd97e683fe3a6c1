import { batch, repeatableBatch } from "../../lib/d1/batch.ts";
import { numberColumn, textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import { notFound } from "../../lib/http/serve.ts";
import { slotOf } from "../../lib/metrics/question-slot.ts";
import { questionKey } from "../../lib/knowledge/terms.ts";
import { isoInstant } from "../../lib/time.ts";
import { actorOf, auditStatement } from "../audit/statement.ts";
import { IS_ORG, ORG_COLUMNS, readForOrg } from "../auth/access.ts";
import type { OrgRead, OrgTarget } from "../auth/access.ts";
import { eraseInSteps, eraseStepStatements } from "./erase-steps.ts";
import type { ErasedConversation } from "./erase-steps.ts";
import type { Row } from "../../lib/d1/row.ts";

/** Messages of a page in which the conversation's questions are read. */
const PAGE_MESSAGES = 500;
/** Pages and steps of a request: D1 takes 1,000 statements of it. They are enough for 40,000 messages, and the next five minutes' run goes on. */
const MAX_PAGES = 100;
const MAX_STEPS = 200;

/**
 * `DELETE /portal/conversations/{id}`: erases a conversation, its messages, its lead, and its questions where nobody else
 * asked them. The numbers of its days stay: they hold no text and name no visitor.
 *
 * The first step takes it out of everybody's sight and ends what is under way in it; its messages go with that step or, where
 * there are many, with further ones, so that none holds the database for long. An erasure that broke off goes on when
 * the call is repeated, and with the next five minutes' run.
 * @throws {ApiError} not_found (another org's as well)
 */
export async function deleteConversation(
	db: D1Database,
	target: OrgTarget,
	id: string,
	now: number,
): Promise<Response> {
	const read = await readForOrg(db, target, [
		erasableStatement(db, target.ref, id),
		firstQuestionsStatement(db, target.ref, id),
	]);
	const { org, row } = read;
	if (row["id"] === null) throw notFound();
	const conversation = { orgId: org.id, id };
	const isBegun = textColumnOrNull(row, "erased_at") !== null;
	const isLeft = isBegun || (await beginErasure(db, read, conversation, now));
	if (isLeft) await eraseInSteps(db, conversation, MAX_STEPS);
	return new Response(null, { status: 204 });
}

const ERASABLE_SQL = `
	SELECT ${ORG_COLUMNS}, c.id, c.site_id, c.erased_at
	FROM orgs o
	LEFT JOIN chat_sessions c ON c.id = ?2 AND c.org_id = o.id
		AND EXISTS (SELECT 1 FROM portal_sites own WHERE own.id = c.site_id AND own.org_id = c.org_id)
	WHERE ${IS_ORG}
`;

/** `id` is NULL when the org has no such conversation. One whose erasure has begun is there, unlike for readers. */
function erasableStatement(db: D1Database, ref: string, id: string): D1PreparedStatement {
	return db.prepare(ERASABLE_SQL).bind(ref, id);
}

/** What is said, and by whom only as far as the text is a visitor's: a page goes by all messages, or it could read any number. */
const QUESTION_COLUMNS = "m.rowid AS position, CASE m.role WHEN 'user' THEN m.content END AS question";

function firstQuestionsStatement(db: D1Database, ref: string, id: string): D1PreparedStatement {
	return db
		.prepare(`
			SELECT ${QUESTION_COLUMNS}
			FROM chat_messages m INDEXED BY chat_messages_by_session
			WHERE (m.session_id, m.org_id) = (
					SELECT c.id, c.org_id FROM orgs o JOIN chat_sessions c ON c.org_id = o.id AND c.id = ?2 WHERE ${IS_ORG})
			ORDER BY m.rowid
			LIMIT ${PAGE_MESSAGES}
		`)
		.bind(ref, id);
}

/**
 * The first step.
 * @returns whether anything is left for further ones
 * @throws {ApiError} not_found: someone else was faster
 */
async function beginErasure(
	db: D1Database,
	{ caller, row, results }: OrgRead,
	conversation: ErasedConversation,
	now: number,
): Promise<boolean> {
	const { orgId, id } = conversation;
	const times = await askedTimes(db, conversation, results[1] ?? []);
	const stands = {
		sql: "FROM chat_sessions WHERE org_id = ?1 AND id = ?2 AND erased_at IS NULL",
		parameters: [orgId, id],
	};
	const audit = { orgId, at: isoInstant(now), by: actorOf(caller), action: "conversation.delete", target: id } as const;
	const written = await batch(db, [
		auditStatement(db, audit, stands),
		...markStatements(db, conversation, now),
		...forgetStatements(db, orgId, textColumn(row, "site_id"), times),
		...eraseStepStatements(db, conversation),
	]);
	if (written[1]?.length !== 1) throw notFound();
	return written.at(-1)?.length === 1;
}

/** How often each question was asked in the conversation. @param first the first page of its messages */
async function askedTimes(
	db: D1Database,
	{ orgId, id }: ErasedConversation,
	first: readonly Row[],
): Promise<Map<string, number>> {
	const times = new Map<string, number>();
	let page = first;
	for (let pages = 1; ; pages++) {
		for (const row of page) count(times, textColumnOrNull(row, "question"));
		const last = page.at(-1);
		if (last === undefined || page.length < PAGE_MESSAGES || pages === MAX_PAGES) return times;
		const next = questionsStatement(db, orgId, id, numberColumn(last, "position"));
		[page = []] = await repeatableBatch(db, [next]);
	}
}

function count(times: Map<string, number>, text: string | null): void {
	if (text === null) return;
	const question = questionKey(text);
	times.set(question, (times.get(question) ?? 0) + 1);
}

function questionsStatement(db: D1Database, orgId: string, id: string, after: number): D1PreparedStatement {
	return db
		.prepare(`
			SELECT ${QUESTION_COLUMNS}
			FROM chat_messages m INDEXED BY chat_messages_by_session
			WHERE m.session_id = ?2 AND m.org_id = ?1 AND m.rowid > ?3
			ORDER BY m.rowid
			LIMIT ${PAGE_MESSAGES}
		`)
		.bind(orgId, id, after);
}

/** Questions that one statement looks for: their texts are a parameter, and D1 takes 2 MB of one. */
const FORGET_QUESTIONS = 400;

/** Takes the questions out of question_stats that were asked no oftener than in this conversation. */
function forgetStatements(
	db: D1Database,
	orgId: string,
	siteId: string,
	times: ReadonlyMap<string, number>,
): D1PreparedStatement[] {
	const asked = Array.from(times, ([question, often]) => [slotOf(question), question, often]);
	const pieces = Array.from({ length: Math.ceil(asked.length / FORGET_QUESTIONS) }, (_, index) =>
		asked.slice(index * FORGET_QUESTIONS, (index + 1) * FORGET_QUESTIONS),
	);
	return pieces.map((piece) =>
		db
			.prepare(`
				DELETE FROM question_stats
				WHERE org_id = ?1 AND site_id = ?2 AND slot IN (
					SELECT q.slot
					FROM json_each(?3) a
					CROSS JOIN question_stats q ON q.org_id = ?1 AND q.site_id = ?2 AND q.slot = a.value ->> 0
					WHERE q.question = a.value ->> 1 AND q.asked <= a.value ->> 2)
			`)
			.bind(orgId, siteId, JSON.stringify(piece)),
	);
}

/**
 * Marks the conversation, which gives one row: from then on no reader finds it and no message goes on with it. What is under way
 * in it is called off, its place in the plan given back; its lead goes at once.
 */
function markStatements(db: D1Database, { orgId, id }: ErasedConversation, now: number): D1PreparedStatement[] {
	const parameters = [orgId, id];
	const ofTurns = "session_id = ?2 AND org_id = ?1";
	return [
		db
			.prepare(`
				UPDATE chat_sessions SET erased_at = ?3, ended_at = COALESCE(ended_at, ?3)
				WHERE org_id = ?1 AND id = ?2 AND erased_at IS NULL
				RETURNING id
			`)
			.bind(...parameters, isoInstant(now)),
		...[
			"DELETE FROM leads WHERE session_id = ?2 AND org_id = ?1",
			`DELETE FROM chat_messages WHERE id IN (SELECT id FROM turns INDEXED BY turns_by_session WHERE ${ofTurns})`,
			`UPDATE turns INDEXED BY turns_by_session SET messages = 0, voice_characters = 0 WHERE ${ofTurns}`,
			`DELETE FROM turns INDEXED BY turns_by_session WHERE ${ofTurns}`,
		].map((sql) => db.prepare(sql).bind(...parameters)),
	];
}
