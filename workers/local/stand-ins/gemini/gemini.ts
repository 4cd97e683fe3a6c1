import { EMBEDDING_MODELS, embeddings } from "./gemini-embed.ts";
import type { Embed } from "./gemini-embed.ts";
import type { RequestFault } from "./gemini-fields.ts";
import { faultOf } from "./gemini-request.ts";
import { GEMINI_MODELS, isSlow, modelReply } from "./gemini-reply.ts";
import type { ReplyChunk } from "./gemini-reply.ts";
import { streamed } from "./gemini-stream.ts";
import { isJsonType, isRefusedKey, jsonAnswer, parseJson } from "../wire.ts";
import type { Answer, Fault, Incoming, Vendor } from "../wire.ts";

/** Between the chunks of an answer that is to be slow, ms. */
const SLOW_GAP_MS = 100;
const METHOD_PATH =
	/^\/v1(?:beta)?\/models\/([^/:]+):(generateContent|streamGenerateContent|embedContent|batchEmbedContents)$/;

const MODEL_PATH = /^\/v1(?:beta)?\/models\/([^/:]+)$/;

const STATUS_NAMES: Record<number, string> = {
	400: "INVALID_ARGUMENT",
	401: "UNAUTHENTICATED",
	403: "PERMISSION_DENIED",
	404: "NOT_FOUND",
	429: "RESOURCE_EXHAUSTED",
	499: "CANCELLED",
	500: "INTERNAL",
	503: "UNAVAILABLE",
	504: "DEADLINE_EXCEEDED",
};

const MESSAGES: Record<string, string> = {
	API_KEY_INVALID: "API key not valid. Please pass a valid API key.",
	FAILED_PRECONDITION: "User location is not supported for the API use.",
	RESOURCE_EXHAUSTED: "You exceeded your current quota, please check your plan and billing details.",
	PERMISSION_DENIED: "Your API key was reported as leaked. Please use another API key.",
	INTERNAL:
		"An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting",
	UNAVAILABLE: "The model is overloaded. Please try again later.",
	DEADLINE_EXCEEDED: "The request timed out. Please try again.",
};

const JSON_TYPE = { "content-type": "application/json; charset=UTF-8" };

/** How the stand-in answers. */
export interface GeminiOptions {
	/** Wait between the chunks of a stream, ms. */
	gapMs: number;
	/** Answers from the passages in the instructions, as a model would; else it repeats the question. */
	answersFromPassages: boolean;
	embed: Embed;
}

/**
 * The Gemini API: `models/{model}:generateContent`, `:streamGenerateContent`, `:embedContent` and `:batchEmbedContents`. Fault codes: the canonical status
 * names (`FAILED_PRECONDITION` is the blocked region) and `API_KEY_INVALID`.
 */
export function createGemini(options: GeminiOptions): Vendor {
	return {
		name: "gemini",
		credential: (headers) => headers.get("x-goog-api-key") ?? "",
		answer: (call) => answer(call, options),
		failure: (status, fault) => failure(status, fault),
	};
}

async function answer(call: Incoming, options: GeminiOptions): Promise<Answer | undefined> {
	const known = MODEL_PATH.exec(call.url.pathname)?.[1];
	if (known !== undefined && call.method === "GET") return refusedKey(call) ?? modelAnswer(known, call.url);
	const [, model = "", method = ""] = METHOD_PATH.exec(call.url.pathname) ?? [];
	if (method === "" || call.method !== "POST") return undefined;
	const refused = refusedKey(call) ?? refusedBody(call) ?? refusedModel(model, method, call.url);
	if (refused !== undefined) return refused;
	const request = parseJson(call.text);
	if (isEmbedding(method)) {
		const made = await embeddings(request, model, method === "batchEmbedContents", options.embed);
		return "fault" in made ? invalidArgument(made.fault) : jsonAnswer(made.body, 200, JSON_TYPE);
	}
	return generated(call, { request, model, method }, options);
}

function isEmbedding(method: string): boolean {
	return method === "embedContent" || method === "batchEmbedContents";
}

/** A model's answer to a request that says who asks, whichever service was asked. */
export function generated(
	call: Incoming,
	{ request, model, method }: { request: unknown; model: string; method: string },
	{ gapMs, answersFromPassages }: GeminiOptions,
): Answer {
	const wrong = faultOf(request, model);
	if (wrong !== undefined) return invalidArgument(wrong);
	const chunks = modelReply(request, model, call.fault?.reply, answersFromPassages);
	if (method === "generateContent") return jsonAnswer(whole(chunks), 200, JSON_TYPE);
	const { fault } = call;
	const error = fault?.error_event_after === undefined ? undefined : errorBody(fault.status ?? 503, fault);
	return { ...streamed(chunks, call, error), gapMs: isSlow(request) ? SLOW_GAP_MS : gapMs };
}

function refusedKey(call: Incoming): Answer | undefined {
	const inQuery = call.url.searchParams.has("key");
	if (inQuery && call.credential !== "")
		return googleError(400, "Multiple authentication credentials received. Please pass only one.", "INVALID_ARGUMENT");
	if (call.credential === "") {
		const message =
			"Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.";
		return googleError(403, message, "PERMISSION_DENIED");
	}
	return isRefusedKey(call.credential) ? failure(400, { code: "API_KEY_INVALID" }) : undefined;
}

/** The refusal of a body that is no JSON. */
export function refusedBody(call: Incoming): Answer | undefined {
	if (isJsonType(call.headers) && parseJson(call.text) !== undefined) return undefined;
	return googleError(400, "Invalid JSON payload received. Unexpected token.", "INVALID_ARGUMENT");
}

/** What there is to know of a model (`models.get`). */
function modelAnswer(model: string, url: URL): Answer {
	const isEmbedder = EMBEDDING_MODELS.has(model);
	const method = isEmbedder ? "embedContent" : "generateContent";
	const limits = { inputTokenLimit: isEmbedder ? 8192 : 1_048_576, outputTokenLimit: isEmbedder ? 1 : 65_536 };
	return (
		refusedModel(model, method, url) ??
		jsonAnswer(
			{ name: `models/${model}`, version: "001", ...limits, supportedGenerationMethods: [method] },
			200,
			JSON_TYPE,
		)
	);
}

function refusedModel(model: string, method: string, url: URL): Answer | undefined {
	if ((isEmbedding(method) ? EMBEDDING_MODELS : GEMINI_MODELS).has(model)) return undefined;
	const version = url.pathname.split("/", 2)[1];
	const message = `models/${model} is not found for API version ${version}, or is not supported for ${method}. Call ListModels to see the list of available models and their supported methods.`;
	return googleError(404, message, "NOT_FOUND");
}

/** Several chunks told as one answer, as `generateContent` does. */
function whole(chunks: ReplyChunk[]): ReplyChunk {
	const last = chunks.at(-1) ?? {};
	const [first] = last.candidates ?? [];
	if (first === undefined || first.content === undefined) return last;
	const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
	const text = parts
		.filter((part) => part.thought !== true)
		.map((part) => part.text)
		.join("");
	const thoughts = parts.filter((part) => part.thought === true);
	return { ...last, candidates: [{ ...first, content: { role: "model", parts: [...thoughts, { text }] } }] };
}

/** Google's error of this status. */
export function failure(status: number, fault: Fault): Answer {
	const body = errorBody(status, fault);
	const listed = fault.error_shape === "list" ? [body] : body;
	return jsonAnswer(listed, status, JSON_TYPE);
}

function errorBody(code: number, fault: Fault): Record<string, unknown> {
	const name = fault.code ?? STATUS_NAMES[code] ?? "UNKNOWN";
	const status = name === "API_KEY_INVALID" ? "INVALID_ARGUMENT" : name;
	const error = { code, message: MESSAGES[name] ?? "The request failed.", status };
	const details = errorDetails(name, fault.retry_after_seconds);
	return { error: details.length > 0 ? { ...error, details } : error };
}

function errorDetails(name: string, retrySeconds: number | undefined): Record<string, unknown>[] {
	const details: Record<string, unknown>[] = [];
	if (name === "API_KEY_INVALID") {
		const metadata = { service: "generativelanguage.googleapis.com" };
		details.push({
			"@type": "type.googleapis.com/google.rpc.ErrorInfo",
			reason: name,
			domain: "googleapis.com",
			metadata,
		});
	}
	if (name === "RESOURCE_EXHAUSTED") {
		const quotaMetric = "generativelanguage.googleapis.com/generate_content_requests";
		const violations = [{ quotaMetric, quotaId: "GenerateRequestsPerMinutePerProjectPerModel", quotaValue: "1000" }];
		details.push({ "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations });
	}
	if (retrySeconds !== undefined) {
		details.push({ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${retrySeconds}s` });
	}
	return details;
}

function invalidArgument({ message, details }: RequestFault): Answer {
	return googleError(400, message, "INVALID_ARGUMENT", details);
}

function googleError(code: number, message: string, status: string, details?: unknown[]): Answer {
	const error = { code, message, status };
	const body = { error: details === undefined ? error : { ...error, details } };
	return jsonAnswer(body, code, JSON_TYPE);
}
