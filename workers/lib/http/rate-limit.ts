import { notConfigured, retryLater } from "./errors.ts";
import { log } from "../log.ts";

/** The limiter bindings' period, seconds: what Retry-After says. */
const PERIOD_SECONDS = 60;

/** When a limiter itself fails: `allow` where an exact limit in D1 stands behind it, `refuse` where nothing does. */
export type WhenBroken = "allow" | "refuse";

/**
 * Counts one request of `key` and says whether it is within the limit. The binding counts per Cloudflare location and
 * approximately (docs: workers/runtime-apis/bindings/rate-limit), so it is a brake, never an account.
 * @throws {ApiError} not_configured when the binding is missing; unavailable when it fails and `whenBroken` is `refuse`
 */
export async function isWithinLimit(
	limiter: RateLimit | undefined,
	name: string,
	key: string,
	whenBroken: WhenBroken,
): Promise<boolean> {
	if (limiter === undefined) throw notConfigured(name);
	try {
		return (await limiter.limit({ key })).success;
	} catch {
		log("error", "limiter_failed", { limiter: name });
		if (whenBroken === "allow") return true;
		throw retryLater("unavailable", "This service is busy; please try again in a moment.", 2, "limiter_failed");
	}
}

/** The 429 of a burst limit. */
export function rateLimited(): Error {
	return retryLater("rate_limited", "Too many requests; please wait a minute and try again.", PERIOD_SECONDS);
}

/**
 * As `isWithinLimit`, refusing what is over the limit.
 * @throws {ApiError} rate_limited, with Retry-After, and as `isWithinLimit`
 */
export async function requireWithinLimit(
	limiter: RateLimit | undefined,
	name: string,
	key: string,
	whenBroken: WhenBroken,
): Promise<void> {
	if (!(await isWithinLimit(limiter, name, key, whenBroken))) throw rateLimited();
}
