import { isObject } from "../../lib/http/json.ts";
import { SECOND_MS } from "../../lib/time.ts";
import { jitterMs } from "../../lib/vendor/call.ts";

/**
 * Where a fault leads: to the same model once more after a wait, to the fallback model (or, with a wait, to the same one where
 * there is no other), or nowhere.
 */
export type NextTry = { model: "same"; waitMs: number } | { model: "fallback"; waitMs?: number } | { model: "none" };

/** A wait that the vendor asks for is kept up to this long; a longer one goes to the fallback model. */
const MAX_RETRY_WAIT_MS = 2000;
const JITTER_MIN_MS = 100;
const JITTER_MAX_MS = 500;

/** The reason of a fault that is none of the vendor's: the model had nothing to say. */
export const EMPTY = "empty";

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
	if (status === 429 && retryAfterMs !== undefined && retryAfterMs <= MAX_RETRY_WAIT_MS) {
		return { model: "same", waitMs: retryAfterMs };
	}
	if (status === 404 || status === 429 || status === 504) return { model: "fallback" };
	// The vendor advises the same model once more and then another. There are two tries in all, and a model that is overloaded or
	// failing mostly still is half a second later, while another has capacity of its own and can be asked at once.
	if (status === 500 || status === 503) return { model: "fallback", waitMs: jitterMs(JITTER_MIN_MS, JITTER_MAX_MS) };
	return status > 500 ? afterJitter() : { model: "none" };
}

function isEnumeration(value: unknown): value is string {
	return typeof value === "string" && /^[A-Z][A-Z_]{1,39}$/.test(value);
}

/** A protobuf duration, "22s" or "1.5s". */
function durationMs(value: unknown): number | undefined {
	const seconds = typeof value === "string" ? /^(\d{1,6}(?:\.\d{1,9})?)s$/.exec(value)?.[1] : undefined;
	return seconds === undefined ? undefined : Number(seconds) * SECOND_MS;
}
