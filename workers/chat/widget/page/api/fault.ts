import { fieldsOf, textOf } from "./read.ts";
import * as WORDS from "../words.ts";

/** Something that went wrong, by the server's code or one of ours: offline, unreachable, wrong_origin, broken. */
export class Fault extends Error {
	// Declared only: the constructor makes them, and the bundle need not name them twice.
	declare readonly code: string;
	/** 0 = no answer came */
	declare readonly status: number;
	/** As the server asked, seconds; 0 = it did not. */
	declare readonly retryAfter: number;

	constructor(code: string, message = "", status = 0, retryAfter = 0) {
		super(message);
		this.code = code;
		this.status = status;
		this.retryAfter = retryAfter;
	}
}

/** Whatever was thrown, as a fault. */
export function asFault(thrown: unknown): Fault {
	return thrown instanceof Fault ? thrown : new Fault("broken");
}

/** The fault in an error envelope; whatever else a proxy answers is its status. */
export function faultOf(body: unknown, status = 0, retryAfter = 0): Fault {
	const error = fieldsOf(fieldsOf(body).error);
	return new Fault(
		textOf(error, "code") || (status === 0 ? "broken" : `http_${status}`),
		textOf(error, "message"),
		status,
		retryAfter,
	);
}

/** Nobody knows whether the server has taken what was sent. */
export function mayHaveArrived({ code }: Fault): boolean {
	return /^(broken|offline|unreachable)$/.test(code);
}

/** What the visitor is told, whether the same again may help, and whether nobody can say when. */
export function plainWords(fault: Fault): { text: string; mayRetry: boolean; isDown?: boolean } {
	switch (fault.code) {
		case "offline":
			return { text: WORDS.offline, mayRetry: true, isDown: true };
		case "unreachable":
			return { text: WORDS.unreachable, mayRetry: true, isDown: true };
		case "wrong_origin":
			return { text: WORDS.wrongOrigin, mayRetry: true };
		case "broken":
			return { text: WORDS.broken, mayRetry: true };
		case "rate_limited":
			return { text: WORDS.rateLimited, mayRetry: true };
		case "client_quota_exceeded":
			return { text: WORDS.tomorrow, mayRetry: false };
		case "quota_exceeded":
		case "budget_exhausted":
			return { text: fault.message || WORDS.quota, mayRetry: false };
		case "site_inactive":
		case "org_inactive":
			return { text: WORDS.paused, mayRetry: true };
		case "consent_required":
			return { text: WORDS.agreeFirst, mayRetry: false };
		case "invalid_request":
			return { text: WORDS.badMessage, mayRetry: false };
		case "invalid_site_key":
		case "not_configured":
			return { text: WORDS.notAvailable, mayRetry: true };
		default:
			return { text: WORDS.busy, mayRetry: true, isDown: true };
	}
}
