import { ApiError, retryLater } from "../../lib/http/errors.ts";
import { readBytes } from "../../lib/http/body.ts";
import { parseJson } from "../../lib/http/json.ts";
import { log } from "../../lib/log.ts";
import { SECOND_MS } from "../../lib/time.ts";
import { fetchVendor, openDeadline, retryAfterSeconds } from "../../lib/vendor/call.ts";
import { pause } from "../../lib/time-limit.ts";
import { GeminiFault, errorFault } from "../../lib/gemini/fault.ts";
import { EMPTY, ModelUnavailable } from "./no-answer.ts";
import { guessedCost } from "./models.ts";
import type { Model, ModelSettings } from "./models.ts";
import { createReply } from "./reply.ts";
import type { Reply, ReplySum } from "./reply.ts";
import { readEvents } from "./sse.ts";
import type { Delivery, ModelAnswer, ModelUsage, Prompt } from "./types.ts";
import { usageBounds } from "./usage.ts";
import { parseChunk, requestBody } from "./wire.ts";

/** The share of the time limit in which the first try has to show its first text (12 s of 20), so that a second can follow. */
const FIRST_TRY_SHARE = 0.6;
const MAX_ANSWER_BYTES = 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;
/** Retry-After when the vendor names no time, and at most, seconds. */
const RETRY_AFTER_SECONDS = 5;
const MAX_RETRY_AFTER_SECONDS = 3600;

const utf8 = new TextDecoder();

interface Call {
	settings: ModelSettings;
	model: Model;
	prompt: Prompt;
	delivery: Delivery;
	/** Is given each piece of the answer's text as it comes. */
	show: (piece: string) => void;
	/** When all tries together have run out of time, ms since the epoch. */
	endsAt: number;
	/** Time to the first text, ms. */
	firstTextMs: number;
}

/** How one call ended; a fault is an end like another. */
interface Attempt extends ReplySum {
	model: Model;
}

/**
 * Asks Gemini: shows the pieces of the answer's text as they come (a single one when whole), and gives the answer.
 * A fault before the first piece gets one more try, on the same model or on the fallback as the fault demands. After a
 * piece was shown a fault ends it, whatever finish reason came before. The time limit covers both tries and their bodies.
 * @throws {ApiError} model_unavailable, with Retry-After
 */
export async function askModel(
	settings: ModelSettings,
	prompt: Prompt,
	delivery: Delivery,
	show: (piece: string) => void,
): Promise<ModelAnswer> {
	const { model, timeoutMs } = settings;
	const endsAt = Date.now() + timeoutMs;
	const call = { settings, model, prompt, delivery, show, endsAt, firstTextMs: timeoutMs * FIRST_TRY_SHARE };
	const first = await attempt(call);
	const next = nextModel(call, first);
	if (next === undefined) return settled(first, first.spent);
	if (next === model) await pause(waitMs(first.finish));
	const second = await attempt({ ...call, model: next, firstTextMs: timeoutMs });
	return settled(second, sum(first.spent, second.spent));
}

/** The model of a second try; undefined when there is to be none. */
function nextModel({ settings, endsAt }: Call, { model, text, finish }: Attempt): Model | undefined {
	if (!(finish instanceof GeminiFault) || text !== "" || Date.now() >= endsAt) return undefined;
	const next = modelAfter(finish, model, settings.fallback);
	if (next !== undefined)
		log("warn", "gemini_retry", { reason: finish.reason, model: model.name, next_model: next.name });
	return next;
}

function modelAfter({ next }: GeminiFault, model: Model, fallback: Model | undefined): Model | undefined {
	if (next.model === "same") return model;
	if (next.model === "none") return undefined;
	return fallback ?? (next.waitMs === undefined ? undefined : model);
}

/** Before the same model is asked again, ms. */
function waitMs(finish: Attempt["finish"]): number {
	return finish instanceof GeminiFault && finish.next.model !== "none" ? (finish.next.waitMs ?? 0) : 0;
}

/** @throws {ApiError} model_unavailable */
function settled({ model, text, finish }: Attempt, spent: ModelUsage): ModelAnswer {
	if (!(finish instanceof GeminiFault)) {
		return { text: finish === "blocked" ? "" : text, finish, model: model.name, ...spent };
	}
	if (finish.reason === EMPTY) return { text: "", finish: "blocked", model: model.name, ...spent };
	throw new ModelUnavailable(unavailable(finish), spent.brakedUsdMicros);
}

function unavailable({ reason, retryAfterMs }: GeminiFault): ApiError {
	const asked = retryAfterMs === undefined ? RETRY_AFTER_SECONDS : retryAfterMs / SECOND_MS;
	const message = "The assistant cannot answer right now; please try again in a moment.";
	return retryLater("model_unavailable", message, Math.min(asked, MAX_RETRY_AFTER_SECONDS), `gemini ${reason}`);
}

function sum(one: ModelUsage, other: ModelUsage): ModelUsage {
	return {
		inputTokens: one.inputTokens + other.inputTokens,
		cachedTokens: one.cachedTokens + other.cachedTokens,
		outputTokens: one.outputTokens + other.outputTokens,
		costUsdMicros: one.costUsdMicros + other.costUsdMicros,
		brakedUsdMicros: one.brakedUsdMicros + other.brakedUsdMicros,
	};
}

/** One call. Never rejects. */
async function attempt(call: Call): Promise<Attempt> {
	const { settings, model, prompt, delivery, endsAt, firstTextMs, show } = call;
	const body = requestBody(prompt, model, settings.maxOutputTokens);
	const reply = createReply(model, usageBounds(body, settings.maxOutputTokens));
	const deadline = openDeadline(Math.min(firstTextMs, endsAt - Date.now()));
	let isBegun = false;
	let isRefused = false;
	const pass = (piece: string): void => {
		if (piece === "") return;
		// A whole answer is its own first text: there is nothing more to wait for.
		if (!isBegun && delivery === "streamed") deadline.set(endsAt - Date.now());
		isBegun = true;
		show(piece);
	};
	try {
		const response = await post(call, body, deadline.signal).catch((thrown: unknown) => {
			isRefused = thrown instanceof GeminiFault;
			throw thrown;
		});
		await readReply(call, response, reply, pass);
		pass(reply.rest());
		return braked({ model, ...reply.sum() }, call, body);
	} catch (thrown) {
		// Who is refused by a status is not charged.
		const ended = isRefused ? { model, ...reply.sum() } : braked({ model, ...reply.sum() }, call, body);
		// Also a stream that has named a reason is whole only once it has ended: chunks in the middle name one too.
		return reply.isWithheld() ? ended : { ...ended, finish: faultOf(thrown, deadline.isPassed()) };
	} finally {
		deadline.clear();
	}
}

/** A call of which the vendor told no tokens counts in the brakes as if it had used what it may. */
function braked(ended: Attempt, { settings, model }: Call, body: string): Attempt {
	const { spent, text } = ended;
	const isTold = spent.inputTokens > 0 && (spent.outputTokens > 0 || text === "");
	if (isTold) return ended;
	const guess = guessedCost(model, body, settings.maxOutputTokens);
	return { ...ended, spent: { ...spent, brakedUsdMicros: Math.max(spent.brakedUsdMicros, guess) } };
}

function faultOf(thrown: unknown, isLate: boolean): GeminiFault {
	if (thrown instanceof GeminiFault) return thrown;
	if (isLate) return new GeminiFault("timeout", { model: "fallback" });
	return new GeminiFault(thrown instanceof ApiError ? "malformed" : "network");
}

/** @throws {GeminiFault} of any status but 200, and without anything to prove who asks */
async function post({ settings, model, delivery }: Call, body: string, signal: AbortSignal): Promise<Response> {
	const { endpoint } = settings;
	const method = delivery === "whole" ? "generateContent" : "streamGenerateContent?alt=sse";
	const credential = await endpoint.credential(signal);
	const headers = { "Content-Type": "application/json", ...credential.headers };
	const response = await fetchVendor(endpoint.url(model.name, method), { method: "POST", headers, body }, signal);
	if (response.status === 200) return response;
	const error = await readBytes(response, MAX_ERROR_BYTES).catch(() => new Uint8Array());
	const fault = errorFault(response.status, parseJson(error), retryAfterSeconds(response));
	const isUnknown = response.status === 401 || response.status === 403;
	throw isUnknown && credential.isRenewable() ? new GeminiFault(fault.reason, { model: "same", waitMs: 0 }) : fault;
}

async function readReply(
	{ delivery }: Call,
	response: Response,
	reply: Reply,
	pass: (piece: string) => void,
): Promise<void> {
	if (response.body === null) throw new GeminiFault("malformed");
	if (delivery === "streamed") {
		await readEvents(response.body, MAX_ANSWER_BYTES, (data) => pass(reply.add(parseChunk(data))));
		return;
	}
	const chunk = parseChunk(utf8.decode(await readBytes(response, MAX_ANSWER_BYTES)));
	// A whole JSON text cannot have been cut, so it has finished even where it does not say how.
	pass(reply.add({ ...chunk, finishReason: chunk.finishReason ?? "STOP" }));
}
