import type { Fault } from "../api/fault.ts";
import type { Words } from "../words.ts";

/** What the visitor is told, whether the same again may help, and whether nobody can say when. */
export function plainWords(words: Words, fault: Fault): { text: string; mayRetry: boolean; isDown?: boolean } {
	switch (fault.code) {
		case "offline":
			return { text: words.offline, mayRetry: true, isDown: true };
		case "unreachable":
			return { text: words.unreachable, mayRetry: true, isDown: true };
		case "wrong_origin":
			return { text: words.wrongOrigin, mayRetry: true };
		case "broken":
			return { text: words.broken, mayRetry: true };
		case "rate_limited":
			return { text: words.rateLimited, mayRetry: true };
		case "client_quota_exceeded":
			return { text: words.tomorrow, mayRetry: false };
		case "quota_exceeded":
		case "budget_exhausted":
			return { text: fault.message || words.quota, mayRetry: false };
		case "site_inactive":
		case "org_inactive":
			return { text: words.paused, mayRetry: true };
		case "consent_required":
			return { text: words.agreeFirst, mayRetry: false };
		case "invalid_request":
			return { text: words.badMessage, mayRetry: false };
		case "invalid_site_key":
		case "not_configured":
			return { text: words.notAvailable, mayRetry: true };
		default:
			return { text: words.busy, mayRetry: true, isDown: true };
	}
}
