import { bookingBatch } from "../../lib/d1/booking.ts";
import type { LogFields } from "../../lib/log.ts";
import { noteOutcome } from "../../lib/request/facts.ts";
import { latencyColumn } from "../../lib/metrics/latency.ts";
import { turnMetricsStatement } from "../../lib/metrics/metrics.ts";
import type { MetricsDeltas } from "../../lib/metrics/metrics.ts";
import { settleLegacy } from "../../lib/site/legacy.ts";
import { keepsWordsSql } from "../../lib/privacy/kept.ts";
import { endTurnStatement, settleTurn, unendedStatement } from "../../lib/site/turns.ts";
import type { SiteRequest } from "../../lib/site/admit.ts";
import type { Site } from "../../lib/site/site.ts";
import { storedLines } from "../../lib/text/text.ts";
import { isoInstant } from "../../lib/time.ts";
import { turnSafetyStatement } from "../safety/count.ts";
import { storeAnswer } from "./answer-cache.ts";
import type { ChatTurn } from "./begin.ts";
import { hitsStatement } from "../knowledge/known.ts";
import { questionStatement, wordingOf } from "../../lib/metrics/questions.ts";
import type { AskedQuestion } from "../../lib/metrics/questions.ts";
import type { Asked, Source, Turn, TurnAnswer, TurnRecord } from "./turn.ts";
import type { WordsKept } from "../knowledge/hiding.ts";

/** A turn as it was begun. */
interface Begun {
	begun: Pick<ChatTurn, "id" | "userMessageId">;
	sessionId: string;
	site: Site;
	words: WordsKept;
}

/** What a turn is recorded by, once it was begun. */
export function turnRecord(
	{ requestId, chat }: Asked,
	{ at, date }: SiteRequest,
	{ begun, sessionId, site, words }: Begun,
): TurnRecord {
	return {
		id: begun.id,
		requestId,
		orgId: site.orgId,
		siteId: site.id,
		sessionId,
		messageId: begun.userMessageId,
		question: words.question,
		asked: { message: words.ranked, visitorId: chat.visitorId },
		keepsWords: words.isKept,
		messageChars: chat.message.length,
		at,
		date,
	};
}

/**
 * Ends an answered turn, in one round trip: the day's metrics, the answer, the question, the knowledge used. The last
 * one ends the turn, and without it none of the others counts anything, so the batch may be sent again to no effect.
 * Never rejects: what cannot be written is one log line, without text, and the sweep settles the turn.
 */
export async function recordAnswered({ books }: Turn, answer: TurnAnswer): Promise<void> {
	noteOutcome(answer.finish);
	if (books.kind === "legacy") await settleLegacy(books.db, books.counter, answer.brakedUsdMicros);
	if (books.kind !== "site") return;
	const { db, record, cache } = books;
	const { siteId, question, asked } = record;
	const wording = question === "" ? null : await wordingOf(siteId, asked.message, asked.visitorId);
	const isWorthKeeping =
		cache !== undefined && answer.finish === "stop" && !answer.isUnanswered && answer.safety === undefined;
	await Promise.all([
		bookingBatch(db, answeredStatements(db, record, answer, wording), "turn_not_logged", lost(record, answer), {
			pending: unendedStatement(db, record.id),
		}),
		isWorthKeeping ? storeAnswer(cache.url, { ...cache.under, text: answer.text, sources: answer.sources }) : undefined,
	]);
}

/**
 * Ends a turn that got no answer, in one round trip: its reservation is given back, the visitor's message is kept.
 * Never rejects.
 * @param brakedUsdMicros what the failed tries may have cost: it stays in the brakes
 */
export async function recordFailed({ books }: Turn, brakedUsdMicros: number): Promise<void> {
	if (books.kind === "site") await settleTurn(books.db, books.record.id, described(books.record), brakedUsdMicros);
	if (books.kind === "legacy") await settleLegacy(books.db, books.counter, "failed", brakedUsdMicros);
}

function answeredStatements(
	db: D1Database,
	record: TurnRecord,
	answer: TurnAnswer,
	wording: AskedQuestion["wording"],
): D1PreparedStatement[] {
	const { id, question, at } = record;
	const { isUnanswered, knowledgeIds } = answer;
	const statements = [turnMetricsStatement(db, id, deltasOf(answer)), answerStatement(db, record, answer)];
	// What is said in danger is not shown to anybody as a question that many ask.
	if (answer.safety !== undefined) statements.push(turnSafetyStatement(db, id, answer.safety));
	else if (question !== "")
		statements.push(questionStatement(db, { turnId: id, question, now: at, isUnanswered, wording }));
	if (knowledgeIds.length > 0) statements.push(hitsStatement(db, id, knowledgeIds));
	return [...statements, endTurnStatement(db, id, answer.brakedUsdMicros)];
}

function deltasOf(answer: TurnAnswer): MetricsDeltas {
	return {
		messages: 1,
		blocked: answer.finish === "blocked" || answer.finish === "safety" ? 1 : 0,
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

/** Of the JSON, UTF-16 units: more than any answer names. */
const SOURCES_MAX_CHARS = 8000;

const ANSWER_SQL = `
	UPDATE chat_messages
	SET content = CASE WHEN ${keepsWordsSql("chat_messages.org_id")} THEN ?2 ELSE '' END, created_at = ?3, finish = ?4, model = ?5, input_tokens = ?6, cached_tokens = ?7, output_tokens = ?8,
		cost_usd_micros = ?9, latency_ms = ?10, first_token_ms = ?11, is_unanswered = ?12,
		sources = CASE WHEN ${keepsWordsSql("chat_messages.org_id")} THEN ?13 END
	WHERE id = ?1
`;

/** Puts the answer in its place. Where the turn was settled the place is gone; where its org has come to keep no words, they are left out. */
function answerStatement(db: D1Database, { id, keepsWords }: TurnRecord, answer: TurnAnswer): D1PreparedStatement {
	return db
		.prepare(ANSWER_SQL)
		.bind(
			...[id, keepsWords ? storedLines(answer.text) : "", isoInstant(answer.answeredAt), answer.finish, answer.model],
			...[answer.inputTokens, answer.cachedTokens, answer.outputTokens, answer.costUsdMicros],
			...[answer.latencyMs, answer.firstTextMs, answer.isUnanswered ? 1 : 0],
			keepsWords ? storedSources(answer.sources) : null,
		);
}

/** As JSON of a length that its row can bear, the first of them if need be; null = nothing. What an answer rests on tells what was asked. */
function storedSources(sources: readonly Source[]): string | null {
	const kept = [...sources];
	while (JSON.stringify(kept).length > SOURCES_MAX_CHARS) kept.pop();
	return kept.length === 0 ? null : JSON.stringify(kept);
}

/**
 * What the log line of an answer that could not be recorded tells: all that the row and the counters need, but its words. What of danger it spoke of is not
 * among it: that is counted, and never whose it was.
 */
function lost(record: TurnRecord, answer: TurnAnswer): LogFields {
	return {
		...described(record),
		question_id: record.messageId,
		at: record.at,
		answered_at: isoInstant(answer.answeredAt),
		is_ranked: record.question !== "" && answer.safety === undefined,
		is_unanswered: answer.isUnanswered,
		knowledge_ids: answer.knowledgeIds.join(" "),
		model: answer.model,
		cached_tokens: answer.cachedTokens,
		first_token_ms: answer.firstTextMs,
		braked_usd_micros: answer.brakedUsdMicros,
		answer_chars: answer.text.length,
		finish: answer.finish,
		latency_ms: answer.latencyMs,
		input_tokens: answer.inputTokens,
		output_tokens: answer.outputTokens,
		cost_usd_micros: answer.costUsdMicros,
	};
}

/** What a log line tells of a turn: all that a mend needs, never words. */
function described(record: TurnRecord): Record<string, string | number> {
	return {
		request_id: record.requestId,
		org_id: record.orgId,
		site_id: record.siteId,
		session_id: record.sessionId,
		message_id: record.id,
		date: record.date,
		message_chars: record.messageChars,
	};
}
