import { ApiError } from "../http/errors.ts";
import { readBytes } from "../http/body.ts";
import { isObject, parseJson } from "../http/json.ts";
import { VendorTimeout, callVendor, retryAfterSeconds } from "../vendor/call.ts";
import type { EmbeddingSettings } from "./embed-settings.ts";
import { GeminiFault, errorFault, faultIn } from "./fault.ts";

/** Texts of one call (github.com/lancedb/lancedb/issues/3618, by the API's author: a batch of more is refused). */
export const MAX_TEXTS = 100;
/** A number takes some 25 bytes with the vendor's line breaks, a vector of 3,072 as many kB. */
const MAX_BYTES_PER_TEXT = 131_072;
const MAX_ERROR_BYTES = 64 * 1024;

/** A piece of what an owner has written. */
export interface DocumentText {
	/** "" = none. */
	title: string;
	content: string;
}

// Model 2 ignores `taskType`: what a text is for stands before it (github.com/embeddings-benchmark/mteb/issues/4851), and several
// parts of one content become one vector, so each text is a content of its own.

/** A question as it is embedded. */
export function questionText(question: string): string {
	return `task: search result | query: ${question}`;
}

/** A passage as it is embedded. */
export function documentText({ title, content }: DocumentText): string {
	return `title: ${title === "" ? "none" : title} | text: ${content}`;
}

/**
 * The vector of one text.
 * @param text as `questionText`
 * @param limitMs the whole call, ms
 * @throws {GeminiFault}
 */
export async function embedOne(settings: EmbeddingSettings, text: string, limitMs: number): Promise<number[]> {
	const body = await asked(settings, "embedContent", requestOf(settings, text), 1, limitMs);
	return vectorOf(isObject(body) ? body.embedding : undefined, settings);
}

/**
 * The vectors of up to 100 texts, in their order.
 * @param texts as `documentText`
 * @param limitMs the whole call, ms
 * @throws {GeminiFault}
 */
export async function embedMany(
	settings: EmbeddingSettings,
	texts: readonly string[],
	limitMs: number,
): Promise<number[][]> {
	const model = `models/${settings.model}`;
	const requests = texts.map((text) => ({ model, ...requestOf(settings, text) }));
	const body = await asked(settings, "batchEmbedContents", { requests }, texts.length, limitMs);
	const embeddings = isObject(body) && Array.isArray(body.embeddings) ? body.embeddings : [];
	if (embeddings.length !== texts.length) throw new GeminiFault("malformed");
	return embeddings.map((embedding: unknown) => vectorOf(embedding, settings));
}

function requestOf({ dimensions }: EmbeddingSettings, text: string): Record<string, unknown> {
	return { content: { parts: [{ text }] }, outputDimensionality: dimensions };
}

async function asked(
	{ apiKey, baseUrl, model }: EmbeddingSettings,
	method: string,
	body: Record<string, unknown>,
	texts: number,
	limitMs: number,
): Promise<unknown> {
	const url = `${baseUrl}/v1beta/models/${model}:${method}`;
	const headers = { "Content-Type": "application/json", "x-goog-api-key": apiKey };
	try {
		return await callVendor(url, { method: "POST", headers, body: JSON.stringify(body) }, limitMs, (response) =>
			read(response, texts * MAX_BYTES_PER_TEXT),
		);
	} catch (thrown) {
		throw faultOf(thrown);
	}
}

/** @throws {GeminiFault} of any status but 200, and of an error that came with one */
async function read(response: Response, maxBytes: number): Promise<unknown> {
	if (response.status !== 200) {
		const error = await readBytes(response, MAX_ERROR_BYTES).catch(() => new Uint8Array());
		throw errorFault(response.status, parseJson(error), retryAfterSeconds(response));
	}
	const body = parseJson(await readBytes(response, maxBytes));
	const fault = faultIn(body);
	if (fault !== undefined) throw fault;
	return body;
}

function faultOf(thrown: unknown): GeminiFault {
	if (thrown instanceof GeminiFault) return thrown;
	if (thrown instanceof VendorTimeout) return new GeminiFault("timeout");
	return new GeminiFault(thrown instanceof ApiError ? "malformed" : "network");
}

/** @throws {GeminiFault} malformed: it is none, of another length, or points nowhere */
function vectorOf(embedding: unknown, { dimensions }: EmbeddingSettings): number[] {
	const values: unknown = isObject(embedding) ? embedding.values : undefined;
	const vector = Array.isArray(values) ? values.filter((value): value is number => Number.isFinite(value)) : [];
	if (vector.length !== dimensions || vector.every((value) => value === 0)) throw new GeminiFault("malformed");
	return vector;
}
