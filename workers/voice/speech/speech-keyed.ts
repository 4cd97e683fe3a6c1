import { batch } from "../../lib/d1/batch.ts";
import { textColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { rateLimited } from "../../lib/http/rate-limit.ts";
import { log } from "../../lib/log.ts";
import { metricsStatement } from "../../lib/metrics/metrics.ts";
import type { MetricsDeltas } from "../../lib/metrics/metrics.ts";
import { isWithinBurst } from "../../lib/site/admit.ts";
import type { SiteRequest } from "../../lib/site/admit.ts";
import { CONFIG_DEFAULTS } from "../../lib/site/config-defaults.ts";
import type { Site } from "../../lib/site/site.ts";
import { giveBackStatement, quotaExceeded, reserveStatement } from "../../lib/site/usage.ts";
import type { Spending } from "../../lib/site/usage.ts";
import { isoInstant, utcDate } from "../../lib/time.ts";
import { readAndRemember, recallSite } from "../site-memory.ts";
import { cachedClip, synthesize } from "./speech.ts";
import type { SpeechEnding, SpeechJob } from "./speech.ts";

/**
 * Speech on a site's account. Round trips to D1 before the response: none for a cached clip of a site read within 30 s, else
 * one; a clip that must be made reserves its characters in that one, so the cache is asked first, whoever asks. Nothing
 * is given out before key, status, origin and site limit were checked, in this order.
 * @throws {ApiError} invalid_site_key, site_inactive, org_inactive, origin_not_allowed, rate_limited, quota_exceeded, unavailable, and as `openSpeech`
 */
export async function speakForSite(job: SpeechJob, request: SiteRequest): Promise<Response> {
	const isWithin = await isWithinBurst(request, { whenBroken: "refuse" });
	const known = recallSite(request);
	if (!isWithin) {
		// The limit's verdict comes after the site's own, which a database that is flooded need not be asked for again.
		if (known === undefined) await readAndRemember(request);
		throw rateLimited();
	}
	const cached = await cachedClip(job);
	if (cached !== undefined) {
		const site = known ?? (await readAndRemember(request)).site;
		job.waitUntil(book(job, request.db, site, { voice_requests: 1, cache_hits: 1 }, false));
		return cached;
	}
	const site = await reserve(job, request);
	return synthesize(job, (ending, cost) =>
		book(job, request.db, site, deltasOf(ending, job.characters, cost), ending === "failed"),
	);
}

function spendingOf(job: SpeechJob): Spending {
	return { messages: 0, voiceCharacters: job.characters };
}

/** Reads the site and takes the characters from its org's plan, in one batch. */
async function reserve(job: SpeechJob, request: SiteRequest): Promise<Site> {
	const date = utcDate(job.startedAt);
	const { site, results } = await readAndRemember(request, {
		statements: (db, caller) => [reserveStatement(db, { ...caller, date }, spendingOf(job))],
		onLate: ([late = []]) => giveBackLate(job, request.db, late[0]),
	});
	if (results[0]?.length === 1) return site;
	const message = site.limitMessage ?? CONFIG_DEFAULTS.limit_message;
	throw quotaExceeded(site.usage.voiceCharacters, job.characters, job.startedAt, message);
}

async function giveBackLate(job: SpeechJob, db: D1Database, taken: Row | undefined): Promise<void> {
	if (taken === undefined) return;
	const orgId = textColumn(taken, "org_id");
	const date = utcDate(job.startedAt);
	const { requestId, characters } = job;
	try {
		await batch(db, [giveBackStatement(db, orgId, date, spendingOf(job))]);
	} catch {
		log("error", "reservation_not_given_back", { request_id: requestId, org_id: orgId, date, characters });
	}
}

/** A clip that began is paid for, whether or not it was heard to its end. */
function deltasOf(ending: SpeechEnding, characters: number, costUsdMicros: number): MetricsDeltas {
	if (ending === "failed") return { errors: 1 };
	const spent = { voice_characters: characters, cost_usd_micros: costUsdMicros };
	return ending === "cut" ? { errors: 1, ...spent } : { voice_requests: 1, ...spent };
}

/** Writes the books of one request in one batch. Never rejects: the listener has the clip, and the log line has the numbers. */
async function book(
	job: SpeechJob,
	db: D1Database,
	site: Site,
	deltas: MetricsDeltas,
	isGivenBack: boolean,
): Promise<void> {
	const date = utcDate(job.startedAt);
	const day = { orgId: site.orgId, siteId: site.id, date, now: isoInstant(job.startedAt) };
	const statements = [metricsStatement(db, day, deltas)];
	if (isGivenBack) statements.push(giveBackStatement(db, site.orgId, date, spendingOf(job)));
	try {
		await batch(db, statements);
	} catch {
		const owed = isGivenBack ? job.characters : 0;
		log("error", "speech_not_booked", {
			request_id: job.requestId,
			org_id: site.orgId,
			site_id: site.id,
			date,
			give_back_characters: owed,
			...deltas,
		});
	}
}
