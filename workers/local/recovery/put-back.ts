import { latencyColumn } from "../../lib/metrics/latency.ts";
import { metricsStatement, sweptMetricsStatement } from "../../lib/metrics/metrics.ts";
import type { MetricsDeltas } from "../../lib/metrics/metrics.ts";
import { questionStatement } from "../../lib/metrics/questions.ts";
import { bookingNoteStatement, settleStatements, sweptStatement } from "../../lib/site/turns.ts";
import type { LostAnswer, LostClip, LostCount } from "./lost.ts";

// What was lost is put back over the row that the sweep has left of its turn. A turn that is still under way is settled first, in the
// same transaction, so that there is one way. Every statement does nothing without that row, and the last one deletes it: done twice, or
// after something else has ended it, nothing is counted twice.

/** What a turn that is put back adds to the rows of usage: what the sweep gave back, and what it did cost. */
const USAGE_SQL = `
	INSERT INTO usage_daily (org_id, date, messages, voice_characters, cost_usd_micros)
	SELECT org_id, date, messages, voice_characters, ?2 FROM swept_turns WHERE id = ?1
	ON CONFLICT (org_id, date) DO UPDATE
	SET messages = messages + excluded.messages, voice_characters = voice_characters + excluded.voice_characters,
		cost_usd_micros = cost_usd_micros + excluded.cost_usd_micros
`;

const IS_SWEPT = "EXISTS (SELECT 1 FROM swept_turns WHERE id = ?1)";
/** Over `chat_sessions c`: neither it nor its visitor was erased. */
export const IS_KEPT = `c.erased_at IS NULL AND EXISTS (
	SELECT 1 FROM visitors v WHERE v.org_id = c.org_id AND v.visitor_id = c.visitor_id AND (v.erased_at IS NULL OR c.started_at > v.erased_at))`;

/** An erased conversation does not come back: its turn is forgotten before anything is put back. */
const FORGET_SQL = `
	DELETE FROM swept_turns
	WHERE id = ?1 AND (
		EXISTS (SELECT 1 FROM chat_messages WHERE id = ?1)
		OR NOT EXISTS (SELECT 1 FROM chat_messages WHERE id = ?4 AND session_id = ?2)
		OR NOT EXISTS (SELECT 1 FROM chat_sessions c WHERE c.id = ?2 AND c.org_id = ?3 AND ${IS_KEPT}))
`;

const QUESTION_ROW = "(SELECT rowid FROM chat_messages WHERE id = ?2)";

/** Messages of a session stand in the order they came, by rowid: where the answer's own place was taken since, those behind it move on. */
const MAKE_ROOM_SQL = `
	UPDATE chat_messages
	SET rowid = rowid + (SELECT MAX(rowid) FROM chat_messages) - ${QUESTION_ROW} + 1
	WHERE session_id = ?3 AND rowid > ${QUESTION_ROW} AND ${IS_SWEPT}
		AND EXISTS (SELECT 1 FROM chat_messages WHERE rowid = ${QUESTION_ROW} + 1)
`;

/** The answer without its words, which no line has. */
const ANSWER_SQL = `
	INSERT INTO chat_messages (rowid, id, org_id, session_id, role, content, created_at, finish, model, input_tokens, cached_tokens,
		output_tokens, cost_usd_micros, latency_ms, first_token_ms, is_unanswered, replayed_at)
	SELECT
		CASE WHEN NOT EXISTS (SELECT 1 FROM chat_messages WHERE rowid = ${QUESTION_ROW} + 1) THEN ${QUESTION_ROW} + 1
			ELSE COALESCE(
				(SELECT MIN(rowid) FROM chat_messages WHERE session_id = ?3 AND rowid > ${QUESTION_ROW}) - 1,
				(SELECT MAX(rowid) FROM chat_messages) + 1) END,
		id, org_id, ?3, 'assistant', '', ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14
	FROM swept_turns WHERE id = ?1
`;

const SESSION_SQL = `UPDATE chat_sessions SET message_count = message_count + 1 WHERE id = ?2 AND ${IS_SWEPT}`;
const HITS_SQL = `
	UPDATE knowledge SET hits = hits + 1
	WHERE id IN (SELECT value FROM json_each(?2)) AND +org_id = (SELECT org_id FROM swept_turns WHERE id = ?1)
`;
/** Gives a row where it was put back. */
const DONE_SQL = "DELETE FROM swept_turns WHERE id = ?1 RETURNING id";

/** The statements that settle a turn as the sweep does, if it is still under way. */
function sweepStatements(db: D1Database, id: string): D1PreparedStatement[] {
	return [sweptStatement(db, [id]), ...settleStatements(db, [id])];
}

function answerDeltas(answer: LostAnswer): MetricsDeltas {
	const { finish, isUnanswered } = answer;
	return {
		// The sweep took it for a turn that had failed.
		errors: -1,
		messages: 1,
		blocked: finish === "blocked" || finish === "safety" ? 1 : 0,
		cache_hits: finish === "cached" ? 1 : 0,
		curated: finish === "curated" ? 1 : 0,
		unanswered: isUnanswered ? 1 : 0,
		input_tokens: answer.inputTokens,
		output_tokens: answer.outputTokens,
		cost_usd_micros: answer.costUsdMicros,
		latency_sum_ms: answer.latencyMs,
		[latencyColumn(answer.latencyMs)]: 1,
	};
}

/**
 * The statements that put an answer back: the row without words, the counters, the question. The last gives a row where they did.
 * @param question its key, where it counts among questions; "" = it does not
 * @param now ISO instant
 */
export function answerStatements(
	db: D1Database,
	answer: LostAnswer,
	question: string,
	now: string,
): D1PreparedStatement[] {
	const { id, sessionId, questionId, knowledgeIds, isUnanswered } = answer;
	const bound = (sql: string, ...values: (string | number | null)[]) => db.prepare(sql).bind(id, ...values);
	const asked = { turnId: id, question, now: answer.at, isUnanswered, wording: null };
	return [
		...sweepStatements(db, id),
		bound(FORGET_SQL, sessionId, answer.orgId, questionId),
		sweptMetricsStatement(db, id, answer.at, answerDeltas(answer)),
		bound(USAGE_SQL, answer.brakedUsdMicros),
		bound(MAKE_ROOM_SQL, questionId, sessionId),
		bound(
			ANSWER_SQL,
			...[questionId, sessionId, answer.answeredAt, answer.finish, answer.model],
			...[answer.inputTokens, answer.cachedTokens, answer.outputTokens, answer.costUsdMicros],
			...[answer.latencyMs, answer.firstTokenMs, isUnanswered ? 1 : 0, now],
		),
		bound(SESSION_SQL, sessionId),
		...(question === "" ? [] : [questionStatement(db, asked, "swept_turns")]),
		...(knowledgeIds.length === 0 ? [] : [bound(HITS_SQL, JSON.stringify(knowledgeIds))]),
		bound(DONE_SQL),
	];
}

/** The statements that put a clip back into the counters. The last gives a row where they did. */
export function clipStatements(db: D1Database, clip: LostClip): D1PreparedStatement[] {
	const { id, deltas, brakedUsdMicros, date } = clip;
	const moved = { ...deltas, errors: (deltas.errors ?? 0) - 1 };
	return [
		...sweepStatements(db, id),
		sweptMetricsStatement(db, id, `${date}T00:00:00.000Z`, moved),
		db.prepare(USAGE_SQL).bind(id, brakedUsdMicros),
		db.prepare(DONE_SQL).bind(id),
	];
}

/** The statements that keep in the brakes what a failed turn may have cost, which the sweep gave back. The last gives a row where they did. */
export function failedTurnStatements(db: D1Database, id: string, brakedUsdMicros: number): D1PreparedStatement[] {
	const kept = `
		UPDATE usage_daily SET cost_usd_micros = cost_usd_micros + ?2
		WHERE (org_id, date) IN (SELECT org_id, date FROM swept_turns WHERE id = ?1)`;
	return [...sweepStatements(db, id), db.prepare(kept).bind(id, brakedUsdMicros), db.prepare(DONE_SQL).bind(id)];
}

/** The statements that count what was given without a turn; done twice the first one fails. */
export function countStatements(
	db: D1Database,
	{ id, orgId, siteId, date, at, deltas }: LostCount,
): D1PreparedStatement[] {
	return [bookingNoteStatement(db, id), metricsStatement(db, { orgId, siteId, date, now: at }, deltas)];
}

/** The statement that closes a conversation which was never minted, as `freeSlot` does. It gives a row where it did. @param now ISO instant */
export function slotStatement(db: D1Database, id: string, orgId: string, now: string): D1PreparedStatement {
	return db
		.prepare(`
			UPDATE voice_sessions SET status = 'failed', closed_at = ?3, reason = 'not_minted', client_hash = NULL
			WHERE id = ?1 AND org_id = ?2 AND status = 'open' AND conversation_id IS NULL
			RETURNING id`)
		.bind(id, orgId, now);
}
