import { admitLegacy, giveBackLegacy, reserveLegacy } from "../../lib/site/legacy.ts";
import type { LegacyRules } from "../../lib/site/legacy.ts";
import type { OriginFacts } from "../../lib/site/origin.ts";
import { requireWithinLimit } from "../../lib/http/rate-limit.ts";
import { cachedClip, synthesize } from "./speech.ts";
import type { SpeechJob } from "./speech.ts";

export interface LegacyAccess {
	/** undefined where none is bound: then there is no daily limit. */
	db: D1Database | undefined;
	origin: OriginFacts;
	/** As `clientKey` gives it. */
	client: string;
	rules: LegacyRules;
	limiter: RateLimit | undefined;
	/** Clips made per UTC day. */
	dailyLimit: number;
}

/**
 * Speech without a site key: no customer's row is read or written. A cached clip does not count against the day.
 * @throws {ApiError} site_key_required, origin_not_allowed, rate_limited, quota_exceeded, unavailable, and as `openSpeech`
 */
export async function speakForAnyone(job: SpeechJob, access: LegacyAccess): Promise<Response> {
	const { db } = access;
	admitLegacy(access.rules, access.origin);
	// Nothing exact stands behind this limiter where no database is bound, so when it fails it refuses.
	await requireWithinLimit(access.limiter, "LEGACY_LIMITER", access.client, "refuse");
	const cached = await cachedClip(job);
	if (cached !== undefined) return cached;
	if (db === undefined) return synthesize(job, () => Promise.resolve());
	const counter = { worker: "voice" as const, limit: access.dailyLimit, now: job.now, waitUntil: job.waitUntil };
	await reserveLegacy(db, counter);
	return synthesize(job, (ending) => (ending === "failed" ? giveBackLegacy(db, counter) : Promise.resolve()));
}
