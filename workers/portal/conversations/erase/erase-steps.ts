import { batch, repeatableBatch } from "../../../lib/d1/batch.ts";
import { textColumn, textColumnOrNull } from "../../../lib/d1/row.ts";
import type { Row } from "../../../lib/d1/row.ts";
import { pause } from "../../../lib/time-limit.ts";
import { eraseMessagesStatements, messagesPageSql } from "./erase-messages.ts";
import { HAS_NO_TERMS, eraseTermsSql } from "../search/erase-terms.ts";

/** Sessions of one step. With their index rows and what triggers reach they are under 1,000 rows. */
const STEP_SESSIONS = 40;
/** The least and the longest rest after a step, ms, in which the database answers visitors: in between as long as the step was. */
const REST_MS = 10;
const MAX_REST_MS = 1000;

/** Sessions that are erased together, step by step. */
export interface ErasedSessions {
	/** Text of a `messagesPageSql` that reads their next messages. */
	sql: string;
	parameters: readonly string[];
}

const OF_CONVERSATION = messagesPageSql("SELECT id, org_id, site_id FROM chat_sessions WHERE id = ?2 AND org_id = ?1");
const OF_VISITOR = messagesPageSql(`
	SELECT id, org_id, site_id FROM chat_sessions INDEXED BY chat_sessions_by_org_visitor
	WHERE org_id = ?1 AND visitor_id = ?2 AND erased_at IS NOT NULL LIMIT ${STEP_SESSIONS}`);
const MARKED_BY = messagesPageSql(`
	SELECT id, org_id, site_id FROM chat_sessions INDEXED BY chat_sessions_with_erasure
	WHERE erased_at IS NOT NULL AND erased_at <= ?1 ORDER BY erased_at LIMIT ${STEP_SESSIONS}`);

/** One conversation. */
export function conversationSessions(orgId: string, id: string): ErasedSessions {
	return { sql: OF_CONVERSATION, parameters: [orgId, id] };
}

/** Those of a visitor that are marked as erased. */
export function visitorSessions(orgId: string, visitorId: string): ErasedSessions {
	return { sql: OF_VISITOR, parameters: [orgId, visitorId] };
}

/** Whoever's that were marked as erased by then, the first marked first. @param instant ISO */
export function sessionsMarkedBy(instant: string): ErasedSessions {
	return { sql: MARKED_BY, parameters: [instant] };
}

/** Conversations that are tried one by one, and those that they are chosen from. */
const MAX_TRIED = 10;
const CHOSEN_FROM = 500;

/**
 * Conversations marked by then, chosen by chance: where one fails the next run tries others.
 * @param by ISO instant
 * @throws {ApiError} unavailable
 */
export async function begunConversations(
	db: D1Database,
	by: string,
): Promise<{ orgId: string; id: string; erasureId: string | undefined }[]> {
	const [rows = []] = await repeatableBatch(db, [
		db
			.prepare(`
				SELECT id, org_id, erasure_id
				FROM (
					SELECT id, org_id, erasure_id FROM chat_sessions INDEXED BY chat_sessions_with_erasure
					WHERE erased_at IS NOT NULL AND erased_at <= ?1
					ORDER BY erased_at
					LIMIT ${CHOSEN_FROM}) listed
				ORDER BY random()
				LIMIT ${MAX_TRIED}
			`)
			.bind(by),
	]);
	return rows.map((row) => ({
		orgId: textColumn(row, "org_id"),
		id: textColumn(row, "id"),
		erasureId: textColumnOrNull(row, "erasure_id") ?? undefined,
	}));
}

/** The statement that reads their next page. */
function pageStatement(db: D1Database, { sql, parameters }: ErasedSessions): D1PreparedStatement {
	return db.prepare(sql).bind(...parameters);
}

const TERMS_SQL = eraseTermsSql("SELECT value AS id FROM json_each(?1)");

/**
 * The statements of one step: the messages of a page, terms of its sessions, those of these that then have neither, and the next
 * page, which is the result of the last. A session that is not marked as erased stays.
 */
export function eraseStepStatements(
	db: D1Database,
	sessions: ErasedSessions,
	page: readonly Row[],
): D1PreparedStatement[] {
	const ids = JSON.stringify([...new Set(page.map((row) => textColumn(row, "session_id")))]);
	const emptied = db.prepare(`
		DELETE FROM chat_sessions
		WHERE id IN (SELECT value FROM json_each(?1)) AND erased_at IS NOT NULL
			AND NOT EXISTS (SELECT 1 FROM chat_messages m INDEXED BY chat_messages_by_session WHERE m.session_id = chat_sessions.id)
			AND ${HAS_NO_TERMS}
	`);
	const terms = db.prepare(TERMS_SQL).bind(ids);
	return [...eraseMessagesStatements(db, page), terms, emptied.bind(ids), pageStatement(db, sessions)];
}

/**
 * Erases sessions that are marked, step by step. What is left then, or after a fault, goes with the next five minutes' run.
 * @param first their next page; undefined = it has yet to be read
 * @param maxSteps how many steps it may take, of at most six statements each
 * @returns how many it took
 * @throws {ApiError} unavailable
 */
export async function eraseInSteps(
	db: D1Database,
	sessions: ErasedSessions,
	first: readonly Row[] | undefined,
	maxSteps: number,
): Promise<number> {
	let page = first ?? (await repeatableBatch(db, [pageStatement(db, sessions)]))[0] ?? [];
	for (let step = 1; step <= maxSteps; step++) {
		if (page.length === 0) return step - 1;
		const begun = Date.now();
		page = (await batch(db, eraseStepStatements(db, sessions, page))).at(-1) ?? [];
		if (page.length > 0) await pause(Math.min(MAX_REST_MS, Math.max(REST_MS, Date.now() - begun)));
	}
	return maxSteps;
}
