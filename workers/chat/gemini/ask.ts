import { ApiError, retryLater } from "../../lib/http/errors.ts";
import { readBytes } from "../../lib/http/body.ts";
import { log } from "../../lib/log.ts";
import { SECOND_MS } from "../../lib/time.ts";
import { EMPTY, createReply } from "./reply.ts";
import type { Finish, Reply } from "./reply.ts";
import { eventStreamData } from "./sse.ts";
import { GeminiFault, errorFault, parseChunk, parseJson, requestBody } from "./wire.ts";
import type { Chunk } from "./wire.ts";
import type { Model, ModelSettings, ModelUsage } from "./models.ts";
import type { Prompt } from "../turn/prompt.ts";

const MAX_TRIES = 2;
/** The share of the time limit in which the first try has to show its first text (12 s of 20), so that a second can follow. */
const FIRST_TRY_SHARE = 0.6;
const MAX_ANSWER_BYTES = 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;
/** Retry-After when the vendor names no time, and at most, seconds. */
const RETRY_AFTER_SECONDS = 5;
const MAX_RETRY_AFTER_SECONDS = 3600;

/** Whether the answer comes as one text when it is complete, or piece by piece. */
export type Delivery = "whole" | "streamed";

/** A model's answer, with the tokens and cost of all tries. */
export interface ModelAnswer extends ModelUsage {
	/** Well-formed, without controls; "" when blocked. */
	text: string;
	finish: Finish;
	/** The model that answered. */
	model: string;
}

interface Call {
	settings: ModelSettings;
	model: Model;
	prompt: Prompt;
	delivery: Delivery;
	/** Aborts when all tries together have run out of time. */
	timeLimit: AbortSignal;
	/** Time to the first text, ms. */
	firstTextMs: number;
}

/**
 * Asks Gemini: gives the pieces of the answer's text as they come (a single one when whole), and at last the answer.
 * A fault before the first piece gets one more try, on the same model or on the fallback as the fault demands. After a
 * piece was given a fault ends it. The time limit covers both tries and their bodies.
 * @throws {ApiError} model_unavailable, with Retry-After
 */
export async function* askModel(
	settings: ModelSettings,
	prompt: Prompt,
	delivery: Delivery,
): AsyncGenerator<string, ModelAnswer> {
	const timeLimit = new AbortController();
	const timer = setTimeout(() => timeLimit.abort(), settings.timeoutMs);
	try {
		return yield* tryTwice({
			settings,
			model: settings.model,
			prompt,
			delivery,
			timeLimit: timeLimit.signal,
			firstTextMs: settings.timeoutMs * FIRST_TRY_SHARE,
		});
	} finally {
		clearTimeout(timer);
	}
}

async function* tryTwice(first: Call): AsyncGenerator<string, ModelAnswer> {
	let call = first;
	let spent: ModelUsage = { inputTokens: 0, cachedTokens: 0, outputTokens: 0, costUsdMicros: 0 };
	for (let tries = 1; ; tries++) {
		const reply = createReply(call.model);
		const end = yield* attempt(call, reply);
		spent = sum(spent, reply.spending());
		const answer = { model: call.model.name, ...spent };
		if (!(end instanceof GeminiFault)) return { text: end === "blocked" ? "" : reply.text(), finish: end, ...answer };
		const next =
			tries === MAX_TRIES || reply.text() !== "" || call.timeLimit.aborted ? undefined : nextModel(call, end);
		if (next === undefined && end.reason === EMPTY) return { text: "", finish: "blocked", ...answer };
		if (next === undefined) throw unavailable(end);
		log("warn", "gemini_retry", { reason: end.reason, model: call.model.name, next_model: next.name });
		if (next === call.model) await sleep(waitMs(end));
		call = { ...call, model: next, firstTextMs: call.settings.timeoutMs };
	}
}

function nextModel({ settings, model }: Call, { next }: GeminiFault): Model | undefined {
	if (next.model === "same") return model;
	if (next.model === "none") return undefined;
	return settings.fallback ?? (next.waitMs === undefined ? undefined : model);
}

/** Before the same model is asked again, ms. */
function waitMs({ next }: GeminiFault): number {
	return next.model === "none" ? 0 : (next.waitMs ?? 0);
}

function unavailable(fault: GeminiFault): ApiError {
	const seconds =
		fault.retryAfterMs === undefined
			? RETRY_AFTER_SECONDS
			: Math.min(fault.retryAfterMs / SECOND_MS, MAX_RETRY_AFTER_SECONDS);
	return retryLater(
		"model_unavailable",
		"The assistant cannot answer right now; please try again in a moment.",
		seconds,
		`gemini ${fault.reason}`,
	);
}

function sum(one: ModelUsage, other: ModelUsage): ModelUsage {
	return {
		inputTokens: one.inputTokens + other.inputTokens,
		cachedTokens: one.cachedTokens + other.cachedTokens,
		outputTokens: one.outputTokens + other.outputTokens,
		costUsdMicros: one.costUsdMicros + other.costUsdMicros,
	};
}

function sleep(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

/** One call: gives its pieces, and at last how it finished or what went wrong. */
async function* attempt(call: Call, reply: Reply): AsyncGenerator<string, Finish | GeminiFault> {
	const firstText = new AbortController();
	const timer = setTimeout(() => firstText.abort(), call.firstTextMs);
	try {
		const response = await post(call, AbortSignal.any([firstText.signal, call.timeLimit]));
		for await (const chunk of chunksOf(response, call.delivery)) {
			const piece = reply.add(chunk);
			if (piece === "") continue;
			clearTimeout(timer);
			yield piece;
		}
		const rest = reply.end();
		if (rest !== "") yield rest;
		return reply.finish();
	} catch (thrown) {
		if (reply.isFinished()) return reply.finish();
		return faultOf(thrown, firstText.signal.aborted || call.timeLimit.aborted);
	} finally {
		clearTimeout(timer);
	}
}

function faultOf(thrown: unknown, isLate: boolean): GeminiFault {
	if (thrown instanceof GeminiFault) return thrown;
	if (isLate) return new GeminiFault("timeout", { model: "fallback" });
	return new GeminiFault(thrown instanceof ApiError ? "malformed" : "network");
}

/** Redirects are not followed: the key would go along. */
async function post({ settings, model, prompt, delivery }: Call, signal: AbortSignal): Promise<Response> {
	const method = delivery === "whole" ? "generateContent" : "streamGenerateContent?alt=sse";
	const response = await fetch(`${settings.baseUrl}/v1beta/models/${model.name}:${method}`, {
		method: "POST",
		headers: { "Content-Type": "application/json", "x-goog-api-key": settings.apiKey },
		body: requestBody(prompt, model, settings.maxOutputTokens),
		redirect: "manual",
		signal,
	});
	if (response.status === 200) return response;
	const body = await readBytes(response, MAX_ERROR_BYTES).catch(() => new Uint8Array());
	throw errorFault(response.status, parseJson(new TextDecoder().decode(body)));
}

async function* chunksOf(response: Response, delivery: Delivery): AsyncGenerator<Chunk> {
	if (response.body === null) throw new GeminiFault("malformed");
	if (delivery === "streamed") {
		for await (const data of eventStreamData(response.body, MAX_ANSWER_BYTES)) yield parseChunk(data);
		return;
	}
	const chunk = parseChunk(new TextDecoder().decode(await readBytes(response, MAX_ANSWER_BYTES)));
	// A whole JSON text cannot have been cut, so it has finished even where it does not say how.
	yield { ...chunk, finishReason: chunk.finishReason ?? "FINISH_REASON_UNSPECIFIED" };
}
