import { repeatableBatch } from "../../lib/d1/batch.ts";
import { toApiError } from "../../lib/http/errors.ts";
import { log } from "../../lib/log.ts";
import { latencyColumn } from "../../lib/metrics/latency.ts";
import { metricsStatement } from "../../lib/metrics/metrics.ts";
import type { MetricsDeltas } from "../../lib/metrics/metrics.ts";
import { isoInstant } from "../../lib/time.ts";
import { giveBackStatement } from "../../lib/site/usage.ts";
import { giveBackLegacy } from "../../lib/site/legacy.ts";
import type { Spending } from "../../lib/site/usage.ts";
import { hitsStatement } from "./knowledge.ts";
import { questionStatement } from "./questions.ts";
import { storeAnswer } from "./answer-cache.ts";
import type { Turn, TurnAnswer, TurnRecord } from "./turn.ts";

/** What a keyed turn takes from the plan. */
export const TURN_SPENDING: Spending = { messages: 1, voiceCharacters: 0 };

/**
 * Records an answered turn, in one round trip: the day's metrics, the session, both messages, the question, the knowledge
 * used. The message ids are made beforehand, so a repeated batch that meets one of them stops, and no counter moves twice.
 * Never rejects: what cannot be written is one log line, without text.
 */
export async function recordAnswered({ books, sources }: Turn, answer: TurnAnswer): Promise<void> {
	if (books.kind !== "site") return;
	const { db, record, cache } = books;
	const isWorthKeeping = cache !== undefined && answer.finish === "stop" && !answer.isUnanswered;
	await Promise.all([
		write(db, answeredStatements(db, record, answer), "turn_not_logged", {
			...counters(record),
			answer_chars: answer.text.length,
			finish: answer.finish,
			latency_ms: answer.latencyMs,
			input_tokens: answer.inputTokens,
			output_tokens: answer.outputTokens,
			cost_usd_micros: answer.costUsdMicros,
		}),
		isWorthKeeping ? storeAnswer(cache.url, { ...cache.under, text: answer.text, sources }) : undefined,
	]);
}

/**
 * Records a turn that got no answer, in one round trip: its reservation is given back, the visitor's message is kept.
 * Never rejects.
 */
export async function recordFailed({ books }: Turn): Promise<void> {
	if (books.kind === "none") return;
	if (books.kind === "legacy") return giveBackLegacy(books.db, books.counter);
	const { db, record } = books;
	const statements = [
		giveBackStatement(db, record.orgId, record.date, TURN_SPENDING),
		...turnStatements(db, record, { errors: 1 }, 1),
		userMessageStatement(db, record),
	];
	await write(db, statements, "failed_turn_not_logged", { ...counters(record), reserved_messages: 1 });
}

function answeredStatements(db: D1Database, record: TurnRecord, answer: TurnAnswer): D1PreparedStatement[] {
	const { orgId, siteId, sessionId, question, knowledgeIds } = record;
	const { isUnanswered } = answer;
	const statements = [...turnStatements(db, record, deltasOf(answer), 2), messagesStatement(db, record, answer)];
	if (question !== "")
		statements.push(questionStatement(db, { orgId, siteId, sessionId, question, now: record.at, isUnanswered }));
	if (knowledgeIds.length > 0) statements.push(hitsStatement(db, orgId, knowledgeIds));
	return statements;
}

function deltasOf(answer: TurnAnswer): MetricsDeltas {
	return {
		messages: 1,
		blocked: answer.finish === "blocked" ? 1 : 0,
		cache_hits: answer.finish === "cached" ? 1 : 0,
		curated: answer.finish === "curated" ? 1 : 0,
		unanswered: answer.isUnanswered ? 1 : 0,
		input_tokens: answer.inputTokens,
		output_tokens: answer.outputTokens,
		cost_usd_micros: answer.costUsdMicros,
		latency_sum_ms: answer.latencyMs,
		[latencyColumn(answer.latencyMs)]: 1,
	};
}

/** The metrics go first: the visitor counts as new while the session is not yet marked as active today. */
function turnStatements(
	db: D1Database,
	record: TurnRecord,
	deltas: MetricsDeltas,
	messageRows: number,
): D1PreparedStatement[] {
	const { orgId, siteId } = record;
	const day = { orgId, siteId, date: record.date, now: record.at };
	return [
		metricsStatement(db, day, { sessions: record.isNewSession ? 1 : 0, ...deltas }, record.visitorId),
		sessionStatement(db, record, messageRows),
	];
}

/** A new session is begun, one that goes on is only brought up to date: if it was erased meanwhile, it stays so. */
function sessionStatement(db: D1Database, record: TurnRecord, messageRows: number): D1PreparedStatement {
	const { at, date } = record;
	if (!record.isNewSession) {
		return db
			.prepare(`
				UPDATE chat_sessions
				SET last_message_at = MAX(last_message_at, ?3), last_active_date = MAX(last_active_date, ?4), message_count = message_count + ?5
				WHERE id = ?1 AND org_id = ?2
			`)
			.bind(record.sessionId, record.orgId, at, date, messageRows);
	}
	return db
		.prepare(`
			INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at, last_active_date, message_count)
			VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7)
			ON CONFLICT (id) DO NOTHING
		`)
		.bind(record.sessionId, record.orgId, record.siteId, record.visitorId, at, date, messageRows);
}

/** The condition of both statements that write messages: they are kept where their conversation is. */
const SESSION_STANDS = "EXISTS (SELECT 1 FROM chat_sessions WHERE id = ?3 AND org_id = ?2)";

/** One INSERT for both, so that no other turn of the session comes to stand between them. */
const MESSAGES_SQL = `
	INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at, finish, model,
		input_tokens, cached_tokens, output_tokens, cost_usd_micros, latency_ms, first_token_ms)
	SELECT * FROM (VALUES (?1, ?2, ?3, 'user', ?4, ?5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
		(?6, ?2, ?3, 'assistant', ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16))
	WHERE ${SESSION_STANDS}
`;

/** One INSERT for both, so that no other turn of the session comes to stand between them. */
function messagesStatement(db: D1Database, record: TurnRecord, answer: TurnAnswer): D1PreparedStatement {
	return db
		.prepare(MESSAGES_SQL)
		.bind(
			...[record.userMessageId, record.orgId, record.sessionId, record.message, record.at],
			...[record.messageId, answer.text, isoInstant(answer.answeredAt), answer.finish, answer.model],
			...[
				answer.inputTokens,
				answer.cachedTokens,
				answer.outputTokens,
				answer.costUsdMicros,
				answer.latencyMs,
				answer.firstTextMs,
			],
		);
}

function userMessageStatement(db: D1Database, record: TurnRecord): D1PreparedStatement {
	return db
		.prepare(`
			INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at)
			SELECT ?1, ?2, ?3, 'user', ?4, ?5 WHERE ${SESSION_STANDS}
		`)
		.bind(record.userMessageId, record.orgId, record.sessionId, record.message, record.at);
}

type Counters = Record<string, string | number>;

function counters(record: TurnRecord): Counters {
	return {
		org_id: record.orgId,
		site_id: record.siteId,
		session_id: record.sessionId,
		message_id: record.messageId,
		user_message_id: record.userMessageId,
		date: record.date,
		sessions: record.isNewSession ? 1 : 0,
		message_chars: record.message.length,
	};
}

async function write(
	db: D1Database,
	statements: D1PreparedStatement[],
	event: string,
	fields: Counters,
): Promise<void> {
	try {
		await repeatableBatch(db, statements, "chat_messages.id");
	} catch (thrown) {
		log("error", event, { ...fields, reason: toApiError(thrown).reason });
	}
}
