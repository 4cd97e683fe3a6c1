import type { SiteCaller } from "../../lib/site/admission.ts";
import { batch } from "../../lib/d1/batch.ts";
import type { Row } from "../../lib/d1/batch.ts";
import { ApiError, notConfigured } from "../../lib/http/errors.ts";
import type { OriginFacts } from "../../lib/site/origin.ts";
import { isWithinLimit, rateLimited } from "../../lib/http/rate-limit.ts";
import { parseSiteKey } from "../../lib/site/site-key.ts";
import { admitSite, siteStatement } from "../../lib/site/site.ts";
import type { Site } from "../../lib/site/site.ts";
import { isoInstant, utcDate } from "../../lib/time.ts";
import type { RequestContext } from "../request-context.ts";

export interface SiteBindings {
	/** undefined where no database is bound: then no site key can be known. */
	db: D1Database | undefined;
	siteLimiter: RateLimit | undefined;
}

/** A request that names a site, not yet admitted. */
export interface SiteRequest extends Pick<RequestContext, "startedAt" | "waitUntil"> {
	db: D1Database;
	siteLimiter: RateLimit | undefined;
	siteKey: string;
	origin: OriginFacts;
}

/**
 * The first half of every keyed route, before anything is counted or read.
 * @param keyText as the request carries it; null = not at all
 * @throws {ApiError} site_key_required, invalid_site_key, not_configured
 */
export function siteRequest(
	bindings: SiteBindings,
	keyText: string | null,
	origin: OriginFacts,
	context: RequestContext,
): SiteRequest {
	if (keyText === null)
		throw new ApiError("site_key_required", "Send a site key along, as the documentation of this path says.");
	const siteKey = parseSiteKey(keyText);
	const { db, siteLimiter } = bindings;
	if (db === undefined) throw notConfigured("DB");
	return { db, siteLimiter, siteKey, origin, startedAt: context.startedAt, waitUntil: context.waitUntil };
}

export interface BurstLimit {
	limiter: RateLimit | undefined;
	/** Of the binding. */
	name: string;
	key: string;
}

/** What a route does in the one round trip that admits its request. */
export interface RouteWork {
	/** The site's requests are counted by kind, so that page views, which ask for the configuration, take nothing from the turns. */
	kind: "turn" | "config" | "session" | "feedback" | "lead";
	/** Limits beside the site's own. */
	limits?: readonly BurstLimit[];
	/** Its own statements. Each binds the caller, so that one who is then refused has written nothing and is shown nothing. */
	statements(db: D1Database, caller: SiteCaller): D1PreparedStatement[];
	/** Takes the results of `statements` when they came too late to be answered. */
	onLate?(results: Row[][]): Promise<void> | void;
}

export interface Admitted {
	site: Site;
	/** The rows of each of the route's own statements. */
	results: Row[][];
}

/**
 * The second half: one round trip that reads the site and does the route's work. Over a burst limit the work is left out,
 * yet the site is read: a key, status or origin that is refused comes before the 429.
 * @throws {ApiError} invalid_site_key, site_inactive, org_inactive, origin_not_allowed, rate_limited, not_configured, unavailable
 */
export async function admit(request: SiteRequest, work: RouteWork): Promise<Admitted> {
	const { db, siteKey, origin, startedAt, waitUntil } = request;
	const isAllowed = await isWithinBurst(request, work);
	const caller = { siteKey, origin, now: isoInstant(startedAt) };
	const own = isAllowed ? work.statements(db, caller) : [];
	const [siteRows = [], ...results] = await batch(
		db,
		[siteStatement(db, siteKey, caller.now, utcDate(startedAt)), ...own],
		{
			waitUntil,
			onLate: ([, ...late]) => work.onLate?.(late),
		},
	);
	const site = admitSite(siteRows[0], origin);
	if (!isAllowed) throw rateLimited();
	return { site, results };
}

/** A limiter that fails lets pass: the plan's exact limit stands behind the turns, and nothing else here spends money. */
async function isWithinBurst(
	{ siteKey, siteLimiter }: SiteRequest,
	{ kind, limits = [] }: RouteWork,
): Promise<boolean> {
	const ofSite = { limiter: siteLimiter, name: "SITE_LIMITER", key: kind === "turn" ? siteKey : `${siteKey} ${kind}` };
	const verdicts = await Promise.all(
		[ofSite, ...limits].map(({ limiter, name, key }) => isWithinLimit(limiter, name, key, "allow")),
	);
	return verdicts.every(Boolean);
}
