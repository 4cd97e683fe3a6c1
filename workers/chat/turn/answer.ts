import { errorBody, toApiError } from "../../lib/http/errors.ts";
import { json } from "../../lib/http/body.ts";
import { log } from "../../lib/log.ts";
import type { OriginFacts } from "../../lib/site/origin.ts";
import { given } from "./answer-types.ts";
import type { Answer, ReadyAnswer, Source } from "./answer-types.ts";
import { openEventStream } from "./event-stream.ts";
import type { EventStream } from "./event-stream.ts";
import { askModel } from "../gemini/ask.ts";
import type { Delivery } from "../gemini/ask.ts";
import { withoutGapMark } from "./unanswered.ts";
import type { ModelSettings } from "../gemini/models.ts";
import type { Prompt } from "./prompt.ts";
import type { RequestContext } from "../request-context.ts";
import type { ChatRequest } from "./request.ts";
import { withhold } from "./prompt-leak.ts";

/** A request to the chat, read and not yet admitted. */
export interface Asked extends RequestContext {
	origin: OriginFacts;
	/** What the limiters count the client by. */
	clientKey: string;
	/** Of the request; its host is ours. */
	url: string;
	chat: ChatRequest;
}

/** A turn that was admitted and paid for: what to ask, and what to do when it is over. Neither of the last two ever rejects. */
export interface Turn {
	/** null in legacy mode. */
	sessionId: string | null;
	/** Of the answer. */
	messageId: string;
	fallbackMessage: string;
	/** Given instead of asking the model. */
	ready: ReadyAnswer | undefined;
	models: ModelSettings;
	prompt: Prompt;
	/** What an answer rests on. */
	sources: readonly Source[];
	/** Records the answer. */
	answered(answer: TurnAnswer): Promise<void>;
	/** Gives back what was reserved and records the failure. */
	failed(): Promise<void>;
}

/** An answer as the visitor gets it: the fallback message in place of a blocked one. */
export interface TurnAnswer extends Answer {
	/** Request to last text. */
	latencyMs: number;
	/** Request to first text. */
	firstTextMs: number;
	/** When it was complete, ms. */
	answeredAt: number;
}

interface Opened {
	pieces: AsyncGenerator<string, Answer>;
	/** The first piece; done when there is none to show. */
	first: IteratorResult<string, Answer>;
}

/** Asks the model, if need be, and waits for its first text. What fails until then is answered by its status. */
async function open(asked: Asked, turn: Turn, delivery: Delivery): Promise<Opened> {
	const pieces =
		turn.ready === undefined
			? withoutGapMark(withhold(askModel(turn.models, turn.prompt, delivery)))
			: given(turn.ready);
	try {
		return { pieces, first: await pieces.next() };
	} catch (thrown) {
		asked.waitUntil(turn.failed());
		throw thrown;
	}
}

/** Shows the pieces to come. An answer that is blocked before its first piece is shown as the fallback message. */
async function drain(
	asked: Asked,
	turn: Turn,
	{ pieces, first }: Opened,
	show: (text: string) => void,
): Promise<TurnAnswer> {
	const firstTextMs = asked.clock() - asked.startedAt;
	let next = first;
	while (next.done !== true) {
		show(next.value);
		next = await pieces.next();
	}
	const answer = next.value;
	const text = answer.finish === "blocked" ? turn.fallbackMessage : answer.text;
	if (first.done === true) show(text);
	const answeredAt = asked.clock();
	return { ...answer, text, latencyMs: answeredAt - asked.startedAt, firstTextMs, answeredAt };
}

/** The whole answer as JSON. The visitor does not wait for it to be recorded. */
export async function answerWhole(asked: Asked, turn: Turn): Promise<Response> {
	const answer = await drain(asked, turn, await open(asked, turn, "whole"), () => undefined);
	asked.waitUntil(turn.answered(answer));
	return json(answerBody(turn, answer));
}

/** The answer as server-sent events. It is drained and recorded whether or not the visitor stays. */
export async function answerStreamed(asked: Asked, turn: Turn): Promise<Response> {
	const opened = await open(asked, turn, "streamed");
	const stream = openEventStream();
	stream.send("session", { session_id: turn.sessionId, message_id: turn.messageId });
	asked.waitUntil(pump(asked, turn, opened, stream));
	return stream.response;
}

async function pump(asked: Asked, turn: Turn, opened: Opened, stream: EventStream): Promise<void> {
	try {
		const answer = await drain(asked, turn, opened, (text) => stream.send("delta", { text }));
		stream.send("done", answerBody(turn, answer));
		stream.close();
		await turn.answered(answer);
	} catch (thrown) {
		const error = toApiError(thrown);
		log("error", "answer_broken", { request_id: asked.requestId, code: error.code, reason: error.reason });
		stream.send("error", errorBody(error, asked.requestId));
		stream.close();
		await turn.failed();
	}
}

function answerBody(turn: Turn, answer: TurnAnswer): Record<string, unknown> {
	return {
		response: answer.text,
		session_id: turn.sessionId,
		latency_ms: answer.latencyMs,
		message_id: turn.messageId,
		finish: answer.finish,
		// An answer that says it knows nothing rests on nothing.
		...(answer.isUnanswered ? { unanswered: true } : {}),
		sources: answer.isUnanswered || answer.finish === "blocked" ? [] : turn.sources,
	};
}
