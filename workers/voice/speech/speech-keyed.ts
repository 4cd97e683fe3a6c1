import { bookingBatch } from "../../lib/d1/booking.ts";
import { numberColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { rateLimited } from "../../lib/http/rate-limit.ts";
import { metricsStatement, turnMetricsStatement } from "../../lib/metrics/metrics.ts";
import type { MetricsDeltas } from "../../lib/metrics/metrics.ts";
import { readAdmitted } from "../../lib/site/admit.ts";
import { enterBurst } from "../../lib/site/burst.ts";
import type { SiteRequest } from "../../lib/site/admit.ts";
import { builtIn } from "../../lib/languages/built-in.ts";
import { spokenLanguage } from "../../lib/languages/languages.ts";
import type { Site } from "../../lib/site/site.ts";
import { recallSite } from "../../lib/site/site-memory.ts";
import {
	endTurnStatement,
	noteStatement,
	openTurnParameters,
	openTurnSql,
	settleLateTurn,
	settleTurn,
	unendedStatement,
	unnotedStatement,
} from "../../lib/site/turns.ts";
import type { NewTurn } from "../../lib/site/turns.ts";
import { isoInstant } from "../../lib/time.ts";
import { warnNearBrake } from "../../lib/usage/brake.ts";
import { clientDigest } from "../../lib/usage/client.ts";
import { whyRefused } from "../../lib/usage/usage.ts";
import { heardText, ownStatement, spokenText } from "./hiding.ts";
import type { HeardText } from "./hiding.ts";
import { cachedClip, languageOf, synthesize } from "./speech.ts";
import type { ClipCost, SpeechEnding, SpeechJob } from "./speech.ts";

/** A clip that is heard slowly is under way for long; after this nobody ends it any more. */
const SPEECH_LIMIT_MS = 900_000;

/**
 * Speech on a site's account. Round trips to D1 before the response: none for a cached clip of a site read within 30 s, else
 * one; a clip that must be made reserves its characters in that one, so the cache is asked first, whoever asks. Only a clip
 * in a language that its site has left since costs a second one. Nothing is given out before key, status, origin and site limit
 * were checked, in this order.
 * @param address as `clientKey` gives it
 * @throws {ApiError} invalid_site_key, site_inactive, org_inactive, origin_not_allowed, consent_required, rate_limited, client_quota_exceeded,
 * quota_exceeded, budget_exhausted, unavailable, and as `openSpeech`
 */
export async function speakForSite(job: SpeechJob, request: SiteRequest, address: string): Promise<Response> {
	const known = recallSite(request);
	const burst = await enterBurst(request, { whenBroken: "refuse" });
	if (burst.isOver) {
		// The limit's verdict comes after the site's own, which may have changed since it was remembered.
		await readAdmitted(request);
		throw rateLimited();
	}
	const cached = await cachedClip(job);
	if (cached !== undefined) {
		const site = known ?? (await readAdmitted(request)).site;
		if (cached.languageCode === languageOf(job, site.locale)) {
			job.waitUntil(Promise.all([burst.count(), bookHit(job, request, site)]));
			return cached.response;
		}
		job.waitUntil(cached.response.body?.cancel() ?? Promise.resolve());
	}
	const heard = heardText(job.text, job.startedAt);
	const turn = await newTurn(job, request, address);
	const { site, own } = await begin(job, request, turn, heard);
	job.waitUntil(burst.count());
	const text = spokenText(heard, site, own);
	const spoken = { text, language: languageOf(job, site.locale), isKept: site.privacy !== "no_store" };
	return synthesize(job, spoken, (ending, cost) =>
		ending === "failed"
			? settleTurn(request.db, turn.id, described(job, request, site), cost.braked)
			: book(job, request, { site, turnId: turn.id, cost }, deltasOf(ending, job.characters, cost.booked)),
	);
}

async function newTurn(job: SpeechJob, { date }: SiteRequest, address: string): Promise<NewTurn> {
	const { characters, startedAt, worstCostUsdMicros: costUsdMicros, deploymentBudget, vendor } = job;
	return {
		id: crypto.randomUUID(),
		kind: "speech",
		date,
		spending: { messages: 0, voiceCharacters: characters, conversationSeconds: 0, costUsdMicros },
		client: await clientDigest(vendor.apiKey, date, address),
		deploymentBudget,
		expiresAt: isoInstant(startedAt + SPEECH_LIMIT_MS),
	};
}

const OPEN_SQL = openTurnSql({ columns: {}, joins: "", returning: [] });

/**
 * Reads the site and takes the characters from its org's plan, and their cost from the brakes, in one batch.
 * @returns the site, and the rows of `ownStatement`
 */
async function begin(
	job: SpeechJob,
	request: SiteRequest,
	turn: NewTurn,
	heard: HeardText,
): Promise<{ site: Site; own: Row[] }> {
	const { site, results } = await readAdmitted(request, {
		statements: (db, caller) => {
			const own = ownStatement(db, caller, heard);
			return [db.prepare(OPEN_SQL).bind(...openTurnParameters(caller, turn)), ...(own === undefined ? [] : [own])];
		},
		onLate: ([begun]) => settleLateTurn(request.db, turn.id, job.requestId, begun?.[0]),
	});
	const begun = results[0]?.[0];
	const { spending, client, deploymentBudget } = turn;
	const account = { orgId: site.orgId, date: request.date, client };
	if (begun !== undefined) {
		const percent = numberColumn(begun, "brake_percent");
		job.waitUntil(warnNearBrake(request.db, account, percent, deploymentBudget));
		return { site, own: results[1] ?? [] };
	}
	const limitMessage = site.limitMessage ?? builtIn(spokenLanguage(null, site.locale)).limitMessage;
	throw await whyRefused(request.db, account, { spending, now: job.startedAt, limitMessage, deploymentBudget });
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
function book(
	job: SpeechJob,
	request: SiteRequest,
	{ site, turnId, cost }: { site: Site; turnId: string; cost: ClipCost },
	deltas: MetricsDeltas,
): Promise<void> {
	const { db } = request;
	const end = endTurnStatement(db, turnId, cost.braked);
	const statements = [turnMetricsStatement(db, turnId, deltas), end];
	const fields = { ...described(job, request, site), turn_id: turnId, ...deltas, braked_usd_micros: cost.braked };
	return bookingBatch(db, statements, "speech_not_booked", fields, { pending: unendedStatement(db, turnId) });
}

/** Books a clip that was cached. Nothing was reserved, so a note stands in the turn's place, by which a repeat is noticed. */
function bookHit(job: SpeechJob, request: SiteRequest, site: Site): Promise<void> {
	const { db, date, at } = request;
	const { orgId, id: siteId } = site;
	const deltas = { voice_requests: 1, cache_hits: 1 };
	const note = noteStatement(db, { id: job.requestId, orgId, siteId, date, at });
	const statements = [note, metricsStatement(db, { orgId, siteId, date, now: at }, deltas)];
	const fields = { ...described(job, request, site), at, ...deltas };
	const landed = { unique: "turns.id", pending: unnotedStatement(db, job.requestId) };
	return bookingBatch(db, statements, "speech_not_booked", fields, landed);
}

/** What a log line tells of a clip. */
function described({ requestId, characters }: SpeechJob, { date }: SiteRequest, { orgId, id }: Site) {
	return { request_id: requestId, org_id: orgId, site_id: id, date, characters };
}
