import { batch } from "../../../lib/d1/batch.ts";
import { textColumnOrNull } from "../../../lib/d1/row.ts";
import { notFound } from "../../../lib/http/serve.ts";
import { isoInstant } from "../../../lib/time.ts";
import { IS_ORG, ORG_COLUMNS, readForOrg } from "../../auth/access.ts";
import type { OrgRead, OrgTarget } from "../../auth/access.ts";
import { messagesPageSql } from "./erase-messages.ts";
import { conversationSessions, eraseInSteps, eraseStepStatements } from "./erase-steps.ts";
import type { ErasedSessions } from "./erase-steps.ts";
import { leadsCountedStatement, traceStatements } from "./erasure-trace.ts";
import type { Row } from "../../../lib/d1/row.ts";

/** Steps of a request, of six statements each: D1 takes 1,000 statements of it. */
const MAX_STEPS = 150;

/**
 * `DELETE /portal/conversations/{id}`: erases a conversation, its messages and its lead, and takes its questions out of the counts of
 * questions: one that nobody else has asked goes. The numbers of its days stay: they hold no text and name no visitor.
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
		firstPageStatement(db, target.ref, id),
	]);
	const { org, row } = read;
	if (row["id"] === null) throw notFound();
	const sessions = conversationSessions(org.id, id);
	const isBegun = textColumnOrNull(row, "erased_at") !== null;
	const page = isBegun ? undefined : await beginErasure(db, read, id, sessions, now);
	await eraseInSteps(db, sessions, page, MAX_STEPS);
	return new Response(null, { status: 204 });
}

const ERASABLE_SQL = `
	SELECT ${ORG_COLUMNS}, c.id, c.erased_at
	FROM orgs o
	LEFT JOIN chat_sessions c ON c.id = ?2 AND c.org_id = o.id
		AND EXISTS (SELECT 1 FROM portal_sites own WHERE own.id = c.site_id AND own.org_id = c.org_id)
	WHERE ${IS_ORG}
`;

/** `id` is NULL when the org has no such conversation. One whose erasure has begun is there, unlike for readers. */
function erasableStatement(db: D1Database, ref: string, id: string): D1PreparedStatement {
	return db.prepare(ERASABLE_SQL).bind(ref, id);
}

const FIRST_PAGE_SQL = messagesPageSql(`
	SELECT c.id, c.org_id, c.site_id FROM orgs o CROSS JOIN chat_sessions c ON c.id = ?2 AND c.org_id = o.id WHERE ${IS_ORG}`);

function firstPageStatement(db: D1Database, ref: string, id: string): D1PreparedStatement {
	return db.prepare(FIRST_PAGE_SQL).bind(ref, id);
}

/**
 * The first step.
 * @returns the next page of messages
 * @throws {ApiError} not_found: someone else was faster
 */
async function beginErasure(
	db: D1Database,
	{ caller, org, results }: OrgRead,
	id: string,
	sessions: ErasedSessions,
	now: number,
): Promise<Row[]> {
	const erasure = { id: crypto.randomUUID(), kind: "conversation", orgId: org.id, target: id, caller, now } as const;
	const stands = {
		sql: "FROM chat_sessions WHERE org_id = ?1 AND id = ?2 AND erased_at IS NULL",
		parameters: [org.id, id],
	};
	const trace = traceStatements(db, erasure, stands);
	const written = await batch(db, [
		...trace,
		...markStatements(db, org.id, id, erasure.id, now),
		...eraseStepStatements(db, sessions, results[1] ?? []),
	]);
	if (written[trace.length]?.length !== 1) throw notFound();
	return written.at(-1) ?? [];
}

/**
 * Marks the conversation, which gives one row: from then on no reader finds it and no message goes on with it. What is under way
 * in it is called off, its place in the plan given back; its lead goes at once.
 */
function markStatements(
	db: D1Database,
	orgId: string,
	id: string,
	erasureId: string,
	now: number,
): D1PreparedStatement[] {
	const parameters = [orgId, id];
	const ofTurns = "session_id = ?2 AND org_id = ?1";
	return [
		db
			.prepare(`
				UPDATE chat_sessions SET erased_at = ?3, erasure_id = ?4, ended_at = COALESCE(ended_at, ?3),
					message_count = message_count - (SELECT COUNT(*) FROM turns t INDEXED BY turns_by_session WHERE t.session_id = ?2)
				WHERE org_id = ?1 AND id = ?2 AND erased_at IS NULL
				RETURNING id
			`)
			.bind(...parameters, isoInstant(now), erasureId),
		db.prepare("DELETE FROM leads WHERE session_id = ?2 AND org_id = ?1").bind(...parameters),
		leadsCountedStatement(db, erasureId),
		...[
			`DELETE FROM chat_messages WHERE id IN (SELECT id FROM turns INDEXED BY turns_by_session WHERE ${ofTurns})`,
			`UPDATE turns INDEXED BY turns_by_session SET messages = 0, voice_characters = 0, cost_usd_micros = 0 WHERE ${ofTurns}`,
			`DELETE FROM turns INDEXED BY turns_by_session WHERE ${ofTurns}`,
		].map((sql) => db.prepare(sql).bind(...parameters)),
	];
}
