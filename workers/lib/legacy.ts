import { batch } from "./d1.ts";
import { listVariable } from "./env.ts";
import { ApiError, retryLater } from "./errors.ts";
import type { OriginFacts } from "./origin.ts";
import { requireWithinLimit } from "./rate-limit.ts";
import { originNotAllowed } from "./site.ts";
import { SECOND_MS, nextUtcDay, utcDate } from "./time.ts";

export interface LegacyRules {
	/** LEGACY_MODE: only `on` is on. */
	mode: string | undefined;
	/** LEGACY_ORIGINS: the browser origins that may ask, comma-separated. */
	origins: string | undefined;
	/** LEGACY_LIMITER */
	limiter: RateLimit | undefined;
}

/**
 * Admits a request that names no site. A caller without an Origin is a server and is admitted; a page only from the list.
 * Touches no tenant's row. The limiter is the brake where no D1 is bound, so a broken one refuses.
 * @param client as `clientKey` gives it
 * @throws {ApiError} site_key_required, origin_not_allowed, rate_limited, unavailable, not_configured
 */
export async function admitLegacy(origin: OriginFacts, client: string, rules: LegacyRules): Promise<void> {
	if (rules.mode !== "on") throw new ApiError("site_key_required", "Send the site key from your dashboard in the X-Site-Key header.");
	if (origin.value !== null && !listVariable(rules.origins).includes(origin.value)) throw originNotAllowed();
	await requireWithinLimit(rules.limiter, "LEGACY_LIMITER", client, "refuse");
}

/**
 * Counts one legacy request of this UTC day, exactly, just before something is spent on it. One round trip.
 * @param db undefined where none is bound: then there is no daily limit
 * @param dailyLimit requests per UTC day and worker
 * @param now ms
 * @throws {ApiError} quota_exceeded, with Retry-After up to the next UTC day; unavailable
 */
export async function countLegacyRequest(db: D1Database | undefined, worker: "chat" | "voice", dailyLimit: number, now: number): Promise<void> {
	if (db === undefined) return;
	const [rows = []] = await batch(db, [legacyUsageStatement(db, worker, dailyLimit, utcDate(now))]);
	if (rows.length > 0) return;
	throw retryLater("quota_exceeded", "This service has reached its limit for today; please try again tomorrow.", (nextUtcDay(now) - now) / SECOND_MS, "legacy_day");
}

function legacyUsageStatement(db: D1Database, worker: string, dailyLimit: number, date: string): D1PreparedStatement {
	return db
		.prepare(`
			INSERT INTO legacy_usage (date, worker, requests)
			SELECT ?1, ?2, 1 WHERE ?3 > 0
			ON CONFLICT (date, worker) DO UPDATE SET requests = requests + 1 WHERE requests < ?3
			RETURNING requests
		`)
		.bind(date, worker, dailyLimit);
}
