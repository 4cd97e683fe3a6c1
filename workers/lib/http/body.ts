import { ApiError, errorBody, toApiError } from "./errors.ts";
import { log } from "../log.ts";

/**
 * A JSON answer. `Cache-Control: no-store` unless `headers` says otherwise.
 */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
	return new Response(JSON.stringify(body), {
		status,
		headers: { "Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store", ...headers },
	});
}

/** The answer of anything thrown: the envelope, its status and its headers. Logs it: 5xx as errors, the rest as info. */
export function errorResponse(thrown: unknown, requestId: string): Response {
	const error = toApiError(thrown);
	log(error.status >= 500 ? "error" : "info", "request_refused", {
		request_id: requestId,
		code: error.code,
		status: error.status,
		reason: error.reason,
	});
	return json(errorBody(error, requestId), error.status, error.headers);
}

/** Puts the headers that every answer carries (contract section 1) on a response; its body passes untouched. */
export function finish(response: Response, requestId: string, cors: Record<string, string> = {}): Response {
	const headers = new Headers(response.headers);
	headers.set("X-Request-Id", requestId);
	headers.set("X-Content-Type-Options", "nosniff");
	headers.set("Referrer-Policy", "no-referrer");
	if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
	for (const [name, value] of Object.entries(cors)) {
		if (name === "Vary") headers.append(name, value);
		else headers.set(name, value);
	}
	return new Response(response.body, { status: response.status, headers });
}

/**
 * Refuses a method that the path does not have. HEAD is served wherever GET is (the runtime drops the body).
 * @throws {ApiError} method_not_allowed, with `Allow`
 */
export function allowMethods(request: Request, ...methods: string[]): void {
	const allowed = methods.includes("GET") ? [...methods, "HEAD"] : methods;
	if (allowed.includes(request.method)) return;
	const allow = [...allowed, "OPTIONS"].join(", ");
	throw new ApiError("method_not_allowed", `This path answers ${allow}.`, { headers: { Allow: allow } });
}

/** The 404 of a path nobody serves. */
export function notFound(): ApiError {
	return new ApiError("not_found", "There is nothing at this path.");
}

function mediaType(request: Request): string {
	return (request.headers.get("Content-Type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

function isUtf8(request: Request): boolean {
	const charset = /;\s*charset\s*=\s*"?([^\s";]{1,40})/i.exec(request.headers.get("Content-Type") ?? "")?.[1];
	return charset === undefined || /^utf-?8$/i.test(charset);
}

/** A request's body that takes longer is not waited for, ms. */
export const BODY_TIME_LIMIT_MS = 10_000;

/**
 * The bytes of a request's body, whatever they say.
 * @param maxBytes cap, bytes
 * @throws {ApiError} payload_too_large; request_timeout: it took over 10 s to arrive
 */
export function readRequestBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
	return readBytes(request, maxBytes, BODY_TIME_LIMIT_MS);
}

/**
 * Reads a body, counting the bytes that really arrive: a Content-Length may be absent or lie.
 * @param maxBytes cap, bytes
 * @param limitMs for the whole; absent = as long as the caller's own limit lets it
 * @throws {ApiError} payload_too_large, request_timeout
 */
export async function readBytes(
	message: Pick<Request, "headers" | "body">,
	maxBytes: number,
	limitMs?: number,
): Promise<Uint8Array> {
	const tooLarge = new ApiError("payload_too_large", `The body must be at most ${maxBytes} bytes.`);
	if (Number(message.headers.get("Content-Length") ?? 0) > maxBytes) {
		await message.body?.cancel();
		throw tooLarge;
	}
	if (message.body === null) return new Uint8Array();
	const chunks: Uint8Array[] = [];
	let length = 0;
	const reader = message.body.getReader();
	let isLate = false;
	const endLate = (): void => {
		isLate = true;
		void reader.cancel();
	};
	const disarm = limitMs === undefined ? undefined : alarm(limitMs, endLate);
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) break;
			length += value.byteLength;
			if (length > maxBytes) {
				await reader.cancel();
				throw tooLarge;
			}
			chunks.push(value);
		}
	} catch (thrown) {
		// The body of a real connection breaks off when it is cancelled; one made in a program ends.
		if (!isLate) throw thrown;
	} finally {
		disarm?.();
	}
	if (isLate) throw new ApiError("request_timeout", "The body took too long to arrive; please send it again.");
	return join(chunks, length);
}

/** Calls `ring` after a while, unless what it returns is called before. */
function alarm(ms: number, ring: () => void): () => void {
	const timer = setTimeout(ring, ms);
	return () => clearTimeout(timer);
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
export async function readJsonBytes(
	request: Request,
	maxBytes: number,
	mediaTypes: readonly string[] = ["application/json"],
): Promise<Uint8Array> {
	if (!mediaTypes.includes(mediaType(request)) || !isUtf8(request) || request.headers.has("Content-Encoding")) {
		await request.body?.cancel();
		throw new ApiError("unsupported_media_type", `Send the body as ${mediaTypes.join(" or ")}, UTF-8, not compressed.`);
	}
	return readRequestBytes(request, maxBytes);
}

/**
 * As `readJsonBytes`, for a body that may be left out, and then its type with it.
 * @throws {ApiError} as `readJsonBytes`
 */
export async function readOptionalJsonBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
	const isAbsent =
		request.body === null || (request.headers.get("Content-Length") === "0" && !request.headers.has("Content-Type"));
	return isAbsent ? new Uint8Array() : readJsonBytes(request, maxBytes);
}

/**
 * @returns the object, its values unchecked; read it with `Object.hasOwn`, never by copying
 * @throws {ApiError} invalid_json: not UTF-8, not JSON, not an object
 */
export function parseJsonObject(bytes: Uint8Array): Record<string, unknown> {
	const value = parseJson(bytes);
	if (!isObject(value)) throw new ApiError("invalid_json", "The body must be a JSON object.");
	return value;
}

/**
 * Reads a JSON object: `readJsonBytes`, then `parseJsonObject`.
 * @throws {ApiError} as these two
 */
export async function readJsonObject(request: Request, maxBytes: number): Promise<Record<string, unknown>> {
	return parseJsonObject(await readJsonBytes(request, maxBytes));
}

function parseJson(bytes: Uint8Array): unknown {
	try {
		return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
	} catch {
		throw new ApiError("invalid_json", "The body is not valid JSON.");
	}
}

/** Whether a parsed JSON value is an object (neither array nor null). */
export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
