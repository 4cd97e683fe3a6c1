import { createHidingFilter } from "../../lib/privacy/streamed.ts";
import { hidden } from "../../lib/privacy/hidden.ts";
import { errorBody, toApiError } from "../../lib/http/errors.ts";
import { json } from "../../lib/http/json.ts";
import { log } from "../../lib/log.ts";
import { createCitationFilter, withoutCitations } from "../knowledge/citations.ts";
import { citedBy } from "../knowledge/cited.ts";
import { askModel } from "../gemini/ask.ts";
import { ModelUnavailable } from "../gemini/no-answer.ts";
import type { Delivery } from "../gemini/types.ts";
import { helped } from "../safety/helped.ts";
import { openEventStream } from "./event-stream.ts";
import type { EventStream } from "./event-stream.ts";
import { recordAnswered, recordFailed } from "./record.ts";
import { createShownText } from "./shown-text.ts";
import type { Asked, ReadyAnswer, Turn, TurnAnswer } from "./turn.ts";

/** An answer without its times. */
type Answer = Omit<TurnAnswer, "latencyMs" | "firstTextMs" | "answeredAt" | "safety">;

type Show = (text: string) => void;

/**
 * The whole answer as JSON. The visitor does not wait for it to be recorded.
 * @throws {ApiError} model_unavailable
 */
export async function answerWhole(asked: Asked, turn: Turn): Promise<Response> {
	try {
		const answer = await answerTurn(asked, turn, "whole", () => undefined);
		asked.waitUntil(recordAnswered(turn, answer));
		return json(answerBody(turn, answer));
	} catch (thrown) {
		asked.waitUntil(recordFailed(turn, brakedBy(turn, thrown)));
		throw thrown;
	}
}

/**
 * The answer as server-sent events, which begin with its first text: what fails until then is answered by its status. It is
 * drained and recorded whether or not the visitor stays.
 * @throws {ApiError} model_unavailable
 */
export function answerStreamed(asked: Asked, turn: Turn): Promise<Response> {
	const { promise, resolve, reject } = Promise.withResolvers<Response>();
	let stream: EventStream | undefined;
	const show = (text: string): void => {
		if (stream === undefined) {
			stream = openEventStream();
			stream.send("session", { session_id: turn.sessionId, message_id: turn.messageId });
			resolve(stream.response);
		}
		stream.send("delta", { text });
	};
	const work = answerTurn(asked, turn, "streamed", show).then(
		(answer) => {
			if (answer.safety !== undefined) stream?.send("safety", answer.safety);
			stream?.send("done", answerBody(turn, answer));
			stream?.close();
			return recordAnswered(turn, answer);
		},
		(thrown: unknown) => {
			if (stream === undefined) reject(thrown);
			else breakOff(asked, turn, stream, thrown);
			return recordFailed(turn, brakedBy(turn, thrown));
		},
	);
	asked.waitUntil(work);
	return promise;
}

/** What a failed turn may have cost, micro-USD. */
function brakedBy({ spentUsdMicros }: Turn, thrown: unknown): number {
	return spentUsdMicros + (thrown instanceof ModelUnavailable ? thrown.brakedUsdMicros : 0);
}

function breakOff({ requestId }: Asked, { safety }: Turn, stream: EventStream, thrown: unknown): void {
	const error = toApiError(thrown);
	const { danger, help } = safety;
	if (danger !== undefined) {
		const text = help.line(danger);
		stream.send("delta", { text: `\n\n${text}` });
		stream.send("safety", { class: danger.class, tier: danger.tier, text });
	}
	log("error", "answer_broken", { request_id: requestId, code: error.code, reason: error.reason });
	stream.send("error", errorBody(error, requestId));
	stream.close();
}

/** Answers a turn, showing each piece as it comes. An answer that is blocked before its first piece is shown as the fallback message. */
export async function answerTurn(
	asked: Pick<Asked, "clock" | "startedAt">,
	turn: Turn,
	delivery: Delivery,
	show: Show,
): Promise<TurnAnswer> {
	const { clock, startedAt } = asked;
	let firstTextMs: number | undefined;
	const showAndTime = (text: string): void => {
		firstTextMs ??= clock() - startedAt;
		show(text);
	};
	const given = turn.ready === undefined ? await ask(turn, delivery, showAndTime) : give(turn.ready, showAndTime);
	const isBlocked = given.finish === "blocked";
	const isOwn = turn.ready === undefined;
	const { instead, below, safety } = helped(turn.safety, { text: given.text, isBlocked, isOwn });
	const answered = instead ?? (isBlocked ? turn.fallbackMessage : given.text);
	if (firstTextMs === undefined) showAndTime(answered);
	if (below !== "") showAndTime(below);
	const text = answered + below;
	const finish = instead === undefined ? given.finish : "safety";
	const answeredAt = clock();
	const latencyMs = answeredAt - startedAt;
	const costUsdMicros = given.costUsdMicros + turn.spentUsdMicros;
	const brakedUsdMicros = given.brakedUsdMicros + turn.spentUsdMicros;
	const times = { latencyMs, firstTextMs: firstTextMs ?? latencyMs, answeredAt };
	return { ...given, text, finish, safety, costUsdMicros, brakedUsdMicros, ...times };
}

function give({ text, finish, sources, knowledgeIds }: ReadyAnswer, show: Show): Answer {
	show(text);
	const nothingSpent = { inputTokens: 0, cachedTokens: 0, outputTokens: 0, costUsdMicros: 0, brakedUsdMicros: 0 };
	return { text, finish, sources, knowledgeIds, model: null, isUnanswered: false, ...nothingSpent };
}

/**
 * Citation marks come off first: between the words of our instructions they would hide a recital from the guard against it. What tells
 * who somebody is goes last, from what would be shown.
 */
async function ask({ models, prompt, citable, hiding }: Turn, delivery: Delivery, show: Show): Promise<Answer> {
	const citations = createCitationFilter();
	const shownText = createShownText();
	const filter = createHidingFilter(hiding);
	const pass = (piece: string): void => {
		const shown = piece === "" ? "" : filter.push(shownText.push(piece));
		if (shown !== "") show(shown);
	};
	const answer = await askModel(models, prompt, delivery, (piece) => pass(citations.push(piece)));
	const isComplete = answer.finish === "stop";
	pass(citations.end(isComplete));
	const said = withoutCitations(answer.text, isComplete);
	const { text: whole, isUnanswered, hasLeaked, rest } = shownText.end(said.text);
	if (hasLeaked) log("warn", "instructions_withheld", { model: answer.model });
	// A marker and nothing else is no answer at all.
	const finish = whole === "" ? "blocked" : answer.finish;
	const last = finish === "blocked" ? rest : filter.push(rest) + filter.end();
	if (last !== "") show(last);
	const text = hiding === undefined ? whole : hidden(whole, hiding);
	// An answer that says it knows nothing rests on nothing.
	const cited = citedBy(isUnanswered || finish === "blocked" ? [] : said.numbers, citable);
	return { ...answer, ...cited, text, finish, isUnanswered };
}

function answerBody(turn: Turn, answer: TurnAnswer): Record<string, unknown> {
	return {
		response: answer.text,
		session_id: turn.sessionId,
		latency_ms: answer.latencyMs,
		message_id: turn.messageId,
		finish: answer.finish,
		...(answer.safety === undefined ? {} : { safety: answer.safety }),
		...(answer.isUnanswered ? { unanswered: true } : {}),
		sources: answer.sources,
	};
}
