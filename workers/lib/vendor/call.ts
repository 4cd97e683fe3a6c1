import { requestFacts } from "../request/facts.ts";
import { SECOND_MS } from "../time.ts";

/** The time limit of a call. It has one timer, which looks again when the limit was set anew meanwhile. */
export interface Deadline {
	/** Fires when the limit has passed, or by `abort`. */
	signal: AbortSignal;
	/** Sets the limit anew, ms from now; Infinity = none for now. */
	set(limitMs: number): void;
	/** Takes the limit away for good. */
	clear(): void;
	/** Keeps the deadline beyond its `callVendor`, for a body that is read on; whoever keeps it clears it. */
	keep(): void;
	/** Lets go of the connection. */
	abort(): void;
	/** Whether the limit has passed. */
	isPassed(): boolean;
	/** Whether it was kept. */
	isKept(): boolean;
}

/** The timer looks at least so often, ms. */
const LONGEST_LOOK_MS = 60_000;

/** Counts a call among what its request waits for, until the function that it gives is called. */
export function timeVendor(): () => void {
	const facts = requestFacts();
	if (facts === undefined) return () => undefined;
	const begun = Date.now();
	let isRunning = true;
	facts.vendorCalls += 1;
	return () => {
		if (isRunning) facts.vendorMs += Date.now() - begun;
		isRunning = false;
	};
}

/** Opens a deadline, whose time runs at once. @param limitMs from now, ms */
export function openDeadline(limitMs: number): Deadline {
	const stopTiming = timeVendor();
	const control = new AbortController();
	let isPassed = false;
	let isKept = false;
	let endsAt = Date.now() + limitMs;
	let firesAt = endsAt;
	/** It is `firesAt`, whatever a clock says that stands still between two events. */
	const look = (): void => {
		const restMs = Math.min(endsAt - firesAt, LONGEST_LOOK_MS);
		if (restMs <= 0) {
			isPassed = true;
			control.abort();
			return;
		}
		firesAt += restMs;
		timer = setTimeout(look, restMs);
	};
	let timer = setTimeout(look, limitMs);
	return {
		signal: control.signal,
		set(nextLimitMs) {
			endsAt = Date.now() + nextLimitMs;
			if (endsAt >= firesAt) return;
			clearTimeout(timer);
			firesAt = endsAt;
			timer = setTimeout(look, nextLimitMs);
		},
		clear() {
			clearTimeout(timer);
			stopTiming();
		},
		keep() {
			isKept = true;
		},
		isKept: () => isKept,
		abort: () => control.abort(),
		isPassed: () => isPassed,
	};
}

/** What a vendor is sent. */
export interface VendorRequest {
	/** GET when absent. */
	method?: "GET" | "POST";
	headers: Record<string, string>;
	body?: string;
}

/**
 * One request to a vendor. A redirect is not followed: a key would go along, and whoever answers in the vendor's place would
 * be believed.
 */
export function fetchVendor(url: string, request: VendorRequest, signal: AbortSignal): Promise<Response> {
	return fetch(url, { ...request, redirect: "manual", signal });
}

/** A call was not over within its time limit. */
export class VendorTimeout extends Error {}

/**
 * One call: its request and all that `read` makes of the response, within one time limit.
 * @param limitMs ms
 * @throws {VendorTimeout}, what `read` throws, and what `fetch` throws where nobody answers
 */
export async function callVendor<T>(
	url: string,
	request: VendorRequest,
	limitMs: number,
	read: (response: Response, deadline: Deadline) => Promise<T>,
): Promise<T> {
	const deadline = openDeadline(limitMs);
	try {
		return await read(await fetchVendor(url, request, deadline.signal), deadline);
	} catch (thrown) {
		throw deadline.isPassed() ? new VendorTimeout() : thrown;
	} finally {
		if (!deadline.isKept()) deadline.clear();
	}
}

/** No vendor's word counts for longer, seconds. */
const MAX_RETRY_AFTER_SECONDS = 99_999;
/** An HTTP-date in any of its three forms begins with the day of the week (RFC 9110, 5.6.7). */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? [\w :-]{10,30}$/;

/**
 * What a vendor asks its caller to wait by `Retry-After` (RFC 9110, 10.2.3), whole seconds from 0 to 99,999: its seconds, or the time
 * until its date. undefined when the header is absent or says neither.
 * @param now ms since the epoch
 */
export function retryAfterSeconds(
	{ headers }: Pick<Response, "headers">,
	now: number = Date.now(),
): number | undefined {
	const value = (headers.get("Retry-After") ?? "").trim();
	const seconds = /^\d{1,15}$/.test(value) ? Number(value) : secondsUntil(value, now);
	return seconds === undefined ? undefined : Math.min(Math.max(0, seconds), MAX_RETRY_AFTER_SECONDS);
}

function secondsUntil(date: string, now: number): number | undefined {
	if (!HTTP_DATE.test(date)) return undefined;
	// The oldest form names no zone; all three mean UTC.
	const instant = Date.parse(date.endsWith("GMT") ? date : `${date} GMT`);
	return Number.isNaN(instant) ? undefined : Math.ceil((instant - now) / SECOND_MS);
}

/** A random wait before another try, ms, so that callers who failed together do not come back together. */
export function jitterMs(fromMs: number, toMs: number): number {
	return fromMs + Math.random() * (toMs - fromMs);
}
