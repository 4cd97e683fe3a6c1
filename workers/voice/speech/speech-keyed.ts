import { bookingBatch } from "../../lib/d1/booking.ts";
import { rateLimited } from "../../lib/http/rate-limit.ts";
import { metricsStatement, turnMetricsStatement } from "../../lib/metrics/metrics.ts";
import type { MetricsDeltas } from "../../lib/metrics/metrics.ts";
import { isWithinBurst } from "../../lib/site/admit.ts";
import type { SiteRequest } from "../../lib/site/admit.ts";
import { CONFIG_DEFAULTS } from "../../lib/site/config-defaults.ts";
import type { Site } from "../../lib/site/site.ts";
import {
	endTurnStatement,
	noteStatement,
	openTurnParameters,
	openTurnSql,
	settleLateTurn,
	settleTurn,
	unendedStatement,
} from "../../lib/site/turns.ts";
import type { NewTurn } from "../../lib/site/turns.ts";
import { quotaExceeded } from "../../lib/site/usage.ts";
import { isoInstant } from "../../lib/time.ts";
import { readAndRemember, recallSite } from "../site-memory.ts";
import { cachedClip, languageOf, synthesize } from "./speech.ts";
import type { SpeechEnding, SpeechJob } from "./speech.ts";

/** A clip that is heard slowly is under way for long; after this nobody ends it any more. */
const SPEECH_LIMIT_MS = 900_000;

/**
 * Speech on a site's account. Round trips to D1 before the response: none for a cached clip of a site read within 30 s, else
 * one; a clip that must be made reserves its characters in that one, so the cache is asked first, whoever asks. Only a clip
 * in a language that its site has left since costs a second one. Nothing is given out before key, status, origin and site limit were checked, in this order.
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
		if (cached.languageCode === languageOf(job, site.locale)) {
			job.waitUntil(bookHit(job, request, site));
			return cached.response;
		}
		job.waitUntil(cached.response.body?.cancel() ?? Promise.resolve());
	}
	const turn = newTurn(job, request);
	const site = await begin(job, request, turn);
	return synthesize(job, languageOf(job, site.locale), (ending, cost) =>
		ending === "failed"
			? settleTurn(request.db, turn.id, described(job, request, site))
			: book(job, request, site, turn.id, deltasOf(ending, job.characters, cost)),
	);
}

function newTurn({ characters, startedAt }: SpeechJob, { date }: SiteRequest): NewTurn {
	return {
		id: crypto.randomUUID(),
		kind: "speech",
		date,
		spending: { messages: 0, voiceCharacters: characters },
		expiresAt: isoInstant(startedAt + SPEECH_LIMIT_MS),
	};
}

const OPEN_SQL = openTurnSql({ columns: {}, joins: "", returning: [] });

/** Reads the site and takes the characters from its org's plan, in one batch. */
async function begin(job: SpeechJob, request: SiteRequest, turn: NewTurn): Promise<Site> {
	const { site, results } = await readAndRemember(request, {
		statements: (db, caller) => [db.prepare(OPEN_SQL).bind(...openTurnParameters(caller, turn))],
		onLate: ([begun]) => settleLateTurn(request.db, turn.id, job.requestId, begun?.[0]),
	});
	if (results[0]?.length === 1) return site;
	const message = site.limitMessage ?? CONFIG_DEFAULTS.limit_message;
	throw quotaExceeded(site.usage.voiceCharacters, job.characters, job.startedAt, message);
}

/** A clip that began is paid for, whether or not it was heard to its end. */
function deltasOf(ending: Exclude<SpeechEnding, "failed">, characters: number, costUsdMicros: number): MetricsDeltas {
	const isCut = ending === "cut";
	return {
		voice_requests: isCut ? 0 : 1,
		errors: isCut ? 1 : 0,
		voice_characters: characters,
		cost_usd_micros: costUsdMicros,
	};
}

/** Books a clip and ends its turn, in one batch. Never rejects: the listener has the clip, and the log line has the numbers. */
function book(job: SpeechJob, request: SiteRequest, site: Site, turnId: string, deltas: MetricsDeltas): Promise<void> {
	const { db } = request;
	const statements = [turnMetricsStatement(db, turnId, deltas), endTurnStatement(db, turnId)];
	const fields = { ...described(job, request, site), ...deltas };
	return bookingBatch(db, statements, "speech_not_booked", fields, { pending: unendedStatement(db, turnId) });
}

/** Books a clip that was cached. Nothing was reserved, so a note stands in the turn's place, by which a repeat is noticed. */
function bookHit(job: SpeechJob, request: SiteRequest, site: Site): Promise<void> {
	const { db, date, at } = request;
	const { orgId, id: siteId } = site;
	const deltas = { voice_requests: 1, cache_hits: 1 };
	const note = noteStatement(db, { id: job.requestId, orgId, siteId, date, at });
	const statements = [note, metricsStatement(db, { orgId, siteId, date, now: at }, deltas)];
	const fields = { ...described(job, request, site), ...deltas };
	return bookingBatch(db, statements, "speech_not_booked", fields, { unique: "turns.id" });
}

/** What a log line tells of a clip. */
function described({ requestId, characters }: SpeechJob, { date }: SiteRequest, { orgId, id }: Site) {
	return { request_id: requestId, org_id: orgId, site_id: id, date, characters };
}
