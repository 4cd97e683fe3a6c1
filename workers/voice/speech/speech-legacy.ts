import { requireWithinLimit } from "../../lib/http/rate-limit.ts";
import { admitLegacy, reserveLegacy, settleLegacy } from "../../lib/site/legacy.ts";
import type { LegacyRules } from "../../lib/site/legacy.ts";
import type { OriginFacts } from "../../lib/site/origin.ts";
import { cachedClip, synthesize } from "./speech.ts";
import type { SpeechJob } from "./speech.ts";

/** Without a site there is no locale: ElevenLabs tells the language by the text. */
const LANGUAGE = null;

/** How a deployment speaks without a site key. */
export interface LegacySpeech {
	/** undefined where none is bound: then there is no daily limit. */
	db: D1Database | undefined;
	rules: LegacyRules;
	/** LEGACY_LIMITER: requests of one client. */
	limiter: RateLimit | undefined;
	/** Clips made a UTC day. @throws {ApiError} not_configured */
	dailyLimit: () => number;
}

/** Who asks without a key. */
interface LegacyCaller {
	origin: OriginFacts;
	/** As `clientKey` gives it. */
	key: string;
}

/**
 * Speech without a site key: no customer's row is read or written. A cached clip does not count against the day.
 * @throws {ApiError} site_key_required, origin_not_allowed, rate_limited, quota_exceeded, budget_exhausted, unavailable, not_configured, and as `openSpeech`
 */
export async function speakForAnyone(
	job: SpeechJob,
	{ db, rules, limiter, dailyLimit }: LegacySpeech,
	caller: LegacyCaller,
): Promise<Response> {
	const limit = dailyLimit();
	admitLegacy(rules, caller.origin);
	// Nothing exact stands behind this limiter where no database is bound, so when it fails it refuses.
	await requireWithinLimit(limiter, "LEGACY_LIMITER", caller.key, "refuse");
	const cached = await cachedClip(job);
	if (cached !== undefined) return cached.response;
	const spoken = { text: job.text, language: LANGUAGE, isKept: true };
	if (db === undefined) return synthesize(job, spoken, () => Promise.resolve());
	const { worstCostUsdMicros, deploymentBudget, startedAt: now, waitUntil } = job;
	const counter = { worker: "voice" as const, limit, worstCostUsdMicros, deploymentBudget, now, waitUntil };
	await reserveLegacy(db, counter);
	return synthesize(job, spoken, (ending, cost) =>
		settleLegacy(db, counter, ending === "failed" ? "failed" : cost.braked, cost.braked),
	);
}
