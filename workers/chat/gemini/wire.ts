import { isObject } from "../../lib/http/body.ts";
import type { Model } from "./models.ts";
import type { Prompt } from "../turn/prompt.ts";

/**
 * Where a fault leads: to the same model once more after a wait, to the fallback model (or, with a wait, to the same one where
 * there is no other), or nowhere.
 */
export type NextTry = { model: "same"; waitMs: number } | { model: "fallback"; waitMs?: number } | { model: "none" };

/** A wait that the vendor asks for is kept up to this long; a longer one goes to the fallback model. */
const MAX_RETRY_WAIT_MS = 2000;
const JITTER_MIN_MS = 100;
const JITTER_MAX_MS = 500;

/** What went wrong with a call. `reason` holds enumerations only, never the vendor's text: its error bodies have held keys. */
export class GeminiFault extends Error {
	readonly reason: string;
	readonly next: NextTry;
	/** What the vendor asks callers to wait, ms. */
	readonly retryAfterMs: number | undefined;

	constructor(reason: string, next: NextTry = afterJitter(), retryAfterMs?: number) {
		super(reason);
		this.name = "GeminiFault";
		this.reason = reason;
		this.next = next;
		this.retryAfterMs = retryAfterMs;
	}
}

function jitterMs(): number {
	return JITTER_MIN_MS + Math.random() * (JITTER_MAX_MS - JITTER_MIN_MS);
}

function afterJitter(): NextTry {
	return { model: "same", waitMs: jitterMs() };
}

const SAFETY_SETTINGS = ["HARASSMENT", "HATE_SPEECH", "SEXUALLY_EXPLICIT", "DANGEROUS_CONTENT"].map((category) => ({
	category: `HARM_CATEGORY_${category}`,
	threshold: "BLOCK_MEDIUM_AND_ABOVE",
}));

/**
 * The body of a request (ai.google.dev/api/generate-content). No sampling knobs: the newest models ignore or refuse them.
 * @param maxOutputTokens thoughts included
 */
export function requestBody(prompt: Prompt, model: Model, maxOutputTokens: number): string {
	const { thinkingLevel } = model;
	return JSON.stringify({
		systemInstruction: { parts: [{ text: prompt.instructions }] },
		contents: prompt.messages.map(({ role, text }) => ({
			role: role === "user" ? "user" : "model",
			parts: [{ text }],
		})),
		generationConfig: {
			maxOutputTokens,
			...(thinkingLevel === undefined ? {} : { thinkingConfig: { thinkingLevel } }),
		},
		safetySettings: SAFETY_SETTINGS,
	});
}

const USAGE_FIELDS = [
	"promptTokenCount",
	"cachedContentTokenCount",
	"candidatesTokenCount",
	"thoughtsTokenCount",
	"toolUsePromptTokenCount",
] as const;

/** Token counts as far as they are known. */
export type TokenUsage = Partial<Record<(typeof USAGE_FIELDS)[number], number>>;

/** One GenerateContentResponse: a whole answer, or one event of a stream. */
export interface Chunk {
	text: string;
	finishReason: string | undefined;
	/** The prompt was blocked: there are no candidates. */
	isPromptBlocked: boolean;
	usage: TokenUsage;
	/** LEGACY, DEPRECATED or RETIRED when the model is about to go. */
	retirement: string | undefined;
}

/**
 * A response as text on the wire.
 * @throws {GeminiFault} malformed; or the error object that a stream may carry after its 200
 */
export function parseChunk(json: string): Chunk {
	const value = parseJson(json);
	if (!isObject(value)) throw new GeminiFault("malformed");
	if (isObject(value.error)) throw errorFault(Number(value.error.code), value);
	const candidate = Array.isArray(value.candidates) ? first(value.candidates) : {};
	const blockReason = isObject(value.promptFeedback) ? value.promptFeedback.blockReason : undefined;
	return {
		text: candidateText(candidate),
		finishReason: typeof candidate.finishReason === "string" ? candidate.finishReason : undefined,
		isPromptBlocked: typeof blockReason === "string",
		usage: parseUsage(value.usageMetadata),
		retirement: retirement(value.modelStatus),
	};
}

/** The parsed value; undefined when it is not JSON. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function first(list: unknown[]): Record<string, unknown> {
	return isObject(list[0]) ? list[0] : {};
}

/** The parts joined, thoughts left out. `content` and `parts` may be absent whatever the finish reason. */
function candidateText(candidate: Record<string, unknown>): string {
	const parts = isObject(candidate.content) && Array.isArray(candidate.content.parts) ? candidate.content.parts : [];
	return parts
		.map((part: unknown) => (isObject(part) && typeof part.text === "string" && part.thought !== true ? part.text : ""))
		.join("");
}

function parseUsage(value: unknown): TokenUsage {
	const usage: TokenUsage = {};
	if (!isObject(value)) return usage;
	for (const field of USAGE_FIELDS) {
		const count = value[field];
		if (typeof count === "number" && Number.isSafeInteger(count) && count >= 0) usage[field] = count;
	}
	return usage;
}

/** Counts come on several events, cumulative or not: the largest of each field stands. */
export function mergeUsage(one: TokenUsage, other: TokenUsage): TokenUsage {
	const merged: TokenUsage = { ...one };
	for (const field of USAGE_FIELDS) {
		const count = other[field];
		if (count !== undefined) merged[field] = Math.max(merged[field] ?? 0, count);
	}
	return merged;
}

function retirement(modelStatus: unknown): string | undefined {
	const stage = isObject(modelStatus) ? modelStatus.modelStage : undefined;
	return stage === "LEGACY" || stage === "DEPRECATED" || stage === "RETIRED" ? stage : undefined;
}

/**
 * The fault of an error status, or of an error object within a stream.
 * @param body the parsed error body; anything, as proxies answer too
 */
export function errorFault(status: number, body: unknown): GeminiFault {
	const error = isObject(body) && isObject(body.error) ? body.error : {};
	const details = Array.isArray(error.details) ? error.details.filter(isObject) : [];
	const retryAfterMs = details.map(({ retryDelay }) => durationMs(retryDelay)).find((ms) => ms !== undefined);
	const names = [error.status, ...details.map(({ reason }) => reason)].filter(isEnumeration);
	const reason = [Number.isSafeInteger(status) ? status : "error", ...names].join(" ");
	return new GeminiFault(reason, nextTry(status, retryAfterMs), retryAfterMs);
}

function nextTry(status: number, retryAfterMs: number | undefined): NextTry {
	if (status === 429 && retryAfterMs !== undefined && retryAfterMs <= MAX_RETRY_WAIT_MS)
		return { model: "same", waitMs: retryAfterMs };
	if (status === 404 || status === 429 || status === 504) return { model: "fallback" };
	// The vendor advises the same model once more and then another. There are two tries in all, and a model that is overloaded or
	// failing mostly still is half a second later, while another has capacity of its own and can be asked at once.
	if (status === 500 || status === 503) return { model: "fallback", waitMs: jitterMs() };
	return status > 500 ? afterJitter() : { model: "none" };
}

function isEnumeration(value: unknown): value is string {
	return typeof value === "string" && /^[A-Z][A-Z_]{1,39}$/.test(value);
}

/** A protobuf duration, "22s" or "1.5s". */
function durationMs(value: unknown): number | undefined {
	const seconds = typeof value === "string" ? /^(\d{1,6}(?:\.\d{1,9})?)s$/.exec(value)?.[1] : undefined;
	return seconds === undefined ? undefined : Number(seconds) * 1000;
}
