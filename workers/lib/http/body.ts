import { TimeLimitPassed, withinTimeLimit } from "../time-limit.ts";
import { ApiError } from "./errors.ts";
import { isObject, kindOf } from "./json.ts";

/** A request's body that takes longer is not waited for, ms. */
const BODY_TIME_LIMIT_MS = 10_000;

const JSON_TYPE: readonly string[] = ["application/json"];

/** A request or a response, as far as its body is concerned. */
type Message = Pick<Request, "headers" | "body" | "arrayBuffer">;

/**
 * The bytes of a request's body, whatever they say.
 * @param maxBytes cap, bytes
 * @throws {ApiError} payload_too_large; request_timeout: it took over 10 s to arrive
 */
export async function readRequestBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
	const { promise, letGo } = startReading(request, maxBytes);
	try {
		return await withinTimeLimit(promise, BODY_TIME_LIMIT_MS);
	} catch (thrown) {
		if (!(thrown instanceof TimeLimitPassed)) throw thrown;
		letGo();
		throw new ApiError(
			"request_timeout",
			`The body took more than ${BODY_TIME_LIMIT_MS / 1000} seconds to arrive; please send it again.`,
		);
	}
}

/**
 * The bytes of a body, as long as the caller's own time limit lets it arrive. One whose length is known is read by the
 * runtime in one go, at a third of the time; any other is counted as it arrives.
 * @param maxBytes cap, bytes
 * @throws {ApiError} payload_too_large
 */
export function readBytes(message: Message, maxBytes: number): Promise<Uint8Array> {
	return startReading(message, maxBytes).promise;
}

interface Reading {
	promise: Promise<Uint8Array>;
	/** Waits for the rest no longer. */
	letGo(): void;
}

function startReading(message: Message, maxBytes: number): Reading {
	const length = knownLength(message);
	if (length !== undefined && length <= maxBytes)
		return { promise: readWhole(message, maxBytes), letGo: () => undefined };
	// Only here: making a stream of a body costs as much as reading a small one.
	const reader = message.body?.getReader();
	if (reader === undefined) return { promise: Promise.resolve(new Uint8Array()), letGo: () => undefined };
	const letGo = (): void => void reader.cancel().catch(() => undefined);
	if (length === undefined) return { promise: readCounted(reader, maxBytes), letGo };
	letGo();
	return { promise: Promise.reject(tooLarge(maxBytes)), letGo };
}

async function readWhole(message: Message, maxBytes: number): Promise<Uint8Array> {
	const bytes = new Uint8Array(await message.arrayBuffer());
	if (bytes.byteLength > maxBytes) throw tooLarge(maxBytes);
	return bytes;
}

/** What a Content-Length promises of the bytes as they are read; of a compressed body it tells nothing. */
function knownLength({ headers }: Pick<Message, "headers">): number | undefined {
	const length = headers.get("Content-Length");
	return length === null || headers.has("Content-Encoding") ? undefined : Number(length);
}

function tooLarge(maxBytes: number): ApiError {
	return new ApiError("payload_too_large", `The body is too large; send at most ${maxBytes} bytes.`);
}

async function readCounted(reader: ReadableStreamDefaultReader<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return join(chunks, length);
		length += value.byteLength;
		if (length > maxBytes) {
			await reader.cancel();
			throw tooLarge(maxBytes);
		}
		chunks.push(value);
	}
}

function join(chunks: Uint8Array[], length: number): Uint8Array {
	const [first] = chunks;
	if (chunks.length === 1 && first !== undefined) return first;
	const bytes = new Uint8Array(length);
	let offset = 0;
	for (const chunk of chunks) {
		bytes.set(chunk, offset);
		offset += chunk.byteLength;
	}
	return bytes;
}

/**
 * Reads the bytes of a JSON body before anyone asks what they say. The media type must be JSON: a `text/plain` POST needs no
 * preflight, so it would pass any CORS rule.
 * @param maxBytes cap, bytes
 * @param mediaTypes accepted media types
 * @throws {ApiError} unsupported_media_type, payload_too_large, request_timeout
 */
export async function readJsonBytes(request: Request, maxBytes: number, mediaTypes = JSON_TYPE): Promise<Uint8Array> {
	const contentType = request.headers.get("Content-Type") ?? "";
	if (!isReadable(contentType, mediaTypes) || request.headers.has("Content-Encoding")) {
		await request.body?.cancel();
		throw new ApiError("unsupported_media_type", `Send the body as ${mediaTypes.join(" or ")}, UTF-8, not compressed.`);
	}
	return readRequestBytes(request, maxBytes);
}

function isReadable(contentType: string, mediaTypes: readonly string[]): boolean {
	if (mediaTypes.includes(contentType)) return true;
	const [mediaType = ""] = contentType.split(";", 1);
	if (!mediaTypes.includes(mediaType.trim().toLowerCase())) return false;
	const charset = /;\s*charset\s*=\s*"?([^\s";]{1,40})/i.exec(contentType)?.[1];
	return charset === undefined || /^utf-?8$/i.test(charset);
}

/**
 * As `readJsonBytes`, for a body that may be left out, and then its type with it.
 * @throws {ApiError} as `readJsonBytes`
 */
export async function readOptionalJsonBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
	const { body, headers } = request;
	const isAbsent = body === null || (headers.get("Content-Length") === "0" && !headers.has("Content-Type"));
	return isAbsent ? new Uint8Array() : readJsonBytes(request, maxBytes);
}

/**
 * @returns the object, its values unchecked; read it with `Object.hasOwn`, never by copying
 * @throws {ApiError} invalid_json: not UTF-8, not JSON, not an object
 */
export function parseJsonObject(bytes: Uint8Array): Record<string, unknown> {
	const value = parseStrictly(bytes);
	if (!isObject(value)) throw noObject(value);
	return value;
}

/** The 400 of JSON that is no object. */
export function noObject(value: unknown): ApiError {
	return new ApiError("invalid_json", `Send a JSON object in the body, such as {}, not ${kindOf(value)}.`);
}

/** The 400 of what is no JSON. */
export function noJson(): ApiError {
	return new ApiError("invalid_json", "The body is not valid JSON; send a JSON object in UTF-8.");
}

/**
 * Reads a JSON object: `readJsonBytes`, then `parseJsonObject`.
 * @throws {ApiError} as these two
 */
export async function readJsonObject(request: Request, maxBytes: number): Promise<Record<string, unknown>> {
	return parseJsonObject(await readJsonBytes(request, maxBytes));
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

function parseStrictly(bytes: Uint8Array): unknown {
	try {
		return JSON.parse(strictUtf8.decode(bytes));
	} catch {
		throw noJson();
	}
}
