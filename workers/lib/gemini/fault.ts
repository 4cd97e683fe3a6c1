import { isObject } from "../http/json.ts";
import { SECOND_MS } from "../time.ts";
import { jitterMs } from "../vendor/call.ts";

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

function afterJitter(): NextTry {
	return { model: "same", waitMs: jitterMs(JITTER_MIN_MS, JITTER_MAX_MS) };
}

/** The statuses whose name alone an error object may have (google.rpc.Code, with the HTTP status that each maps to). */
const STATUS_OF_NAME: ReadonlyMap<unknown, number> = new Map([
	["INVALID_ARGUMENT", 400],
	["FAILED_PRECONDITION", 400],
	["UNAUTHENTICATED", 401],
	["PERMISSION_DENIED", 403],
	["NOT_FOUND", 404],
	["ABORTED", 409],
	["RESOURCE_EXHAUSTED", 429],
	["CANCELLED", 499],
	["INTERNAL", 500],
	["UNAVAILABLE", 503],
	["DEADLINE_EXCEEDED", 504],
]);
/**
 * Statuses of a vendor that is busy. It advises the same model once more and then another; there are two tries in all, and a model
 * that is overloaded or failing mostly still is half a second later, while another has capacity of its own and can be asked at once.
 */
const BUSY: ReadonlySet<number> = new Set([408, 409, 425, 499, 500, 503, 529]);

/**
 * The fault of an error status.
 * @param body the parsed error body: Google's error object, alone or in a list as streams without `alt=sse` send it; or anything, as
 * proxies answer too
 * @param headerSeconds what the response's Retry-After asks for; the body's own RetryInfo goes before it
 */
export function errorFault(status: number, body: unknown, headerSeconds?: number): GeminiFault {
	const error = errorIn(body);
	const { status: name, details } = isObject(error) ? error : {};
	const list = Array.isArray(details) ? details.filter(isObject) : [];
	const headerMs = headerSeconds === undefined ? undefined : headerSeconds * SECOND_MS;
	const retryAfterMs = list.map(({ retryDelay }) => durationMs(retryDelay)).find((ms) => ms !== undefined) ?? headerMs;
	const names = [name, ...list.map(({ reason }) => reason)].filter(isEnumeration);
	return new GeminiFault([status, ...names].join(" "), nextTry(status, retryAfterMs), retryAfterMs);
}

/** The fault that a text after a 200 holds, in a list or not; undefined when there is none. */
export function faultIn(value: unknown): GeminiFault | undefined {
	const error = errorIn(value);
	return error === undefined ? undefined : errorFault(statusOf(error), value);
}

/** What stands under `error`, whatever it is: an object, or the plain text of a proxy. */
function errorIn(value: unknown): unknown {
	for (const item of Array.isArray(value) ? value : [value]) {
		if (isObject(item) && item.error !== undefined && item.error !== null) return item.error;
	}
	return undefined;
}

/** An error that names no HTTP status came after a 200, so it is the vendor's own. */
function statusOf(error: unknown): number {
	const { code, status } = isObject(error) ? error : {};
	const number = Number(code);
	return Number.isInteger(number) && number >= 400 && number <= 599 ? number : (STATUS_OF_NAME.get(status) ?? 500);
}

function nextTry(status: number, retryAfterMs: number | undefined): NextTry {
	const isShort = retryAfterMs !== undefined && retryAfterMs <= MAX_RETRY_WAIT_MS;
	if (status === 429 && isShort) return { model: "same", waitMs: retryAfterMs };
	const isPassing = BUSY.has(status) || status > 500;
	// Asked again before its time the same model would refuse again.
	const isLong = retryAfterMs !== undefined && !isShort;
	if (status === 404 || status === 429 || status === 504 || (isPassing && isLong)) return { model: "fallback" };
	const waitMs = retryAfterMs ?? jitterMs(JITTER_MIN_MS, JITTER_MAX_MS);
	if (BUSY.has(status)) return { model: "fallback", waitMs };
	return isPassing ? { model: "same", waitMs } : { model: "none" };
}

function isEnumeration(value: unknown): value is string {
	return typeof value === "string" && /^[A-Z][A-Z_]{1,39}$/.test(value);
}

/** A protobuf duration, "22s" or "1.5s". */
function durationMs(value: unknown): number | undefined {
	const seconds = typeof value === "string" ? /^(\d{1,6}(?:\.\d{1,9})?)s$/.exec(value)?.[1] : undefined;
	return seconds === undefined ? undefined : Number(seconds) * SECOND_MS;
}
