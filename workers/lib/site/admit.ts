import { batch, repeatableBatch } from "../d1/batch.ts";
import type { Row } from "../d1/row.ts";
import { ApiError, notConfigured } from "../http/errors.ts";
import { rateLimited } from "../http/rate-limit.ts";
import type { RequestContext } from "../http/serve.ts";
import { noteTenant } from "../request/facts.ts";
import { dateOf, isoInstant } from "../time.ts";
import { requireAdmitted } from "./admission.ts";
import type { SiteCaller } from "./admission.ts";
import { enterBurst } from "./burst.ts";
import type { BurstWork } from "./burst.ts";
import { consentRequired, isConsentRequired, isCurrentConsent, noticeStamp } from "../consent/consent.ts";
import { originFacts } from "./origin.ts";
import type { OriginFacts } from "./origin.ts";
import { parseSite, siteStatement } from "./site.ts";
import type { Site } from "./site.ts";
import { invalidSiteKey, parseSiteKey } from "./site-key.ts";
import { forgetSite, recallSite, rememberSite } from "./site-memory.ts";

/** What a deployment needs to serve sites. */
export interface SiteBindings {
	/** undefined where no database is bound: then no site key can be known. */
	db: D1Database | undefined;
	/** SITE_LIMITER: requests of one site. */
	siteLimiter: RateLimit | undefined;
}

/** A request that names a site, not yet admitted. */
export interface SiteRequest extends Pick<RequestContext, "startedAt" | "waitUntil"> {
	/** When it came, ISO instant. */
	at: string;
	/** The UTC day of it. */
	date: string;
	db: D1Database;
	siteLimiter: RateLimit | undefined;
	siteKey: string;
	origin: OriginFacts;
	/** As `SiteCaller.uncovered`. A route that asks a vendor sets it. */
	uncovered?: ApiError | undefined;
	/** The version of the notice that the visitor says they have agreed to; null = none. Absent = the route asks for no consent. */
	consent?: string | null;
	/** As `SiteCaller.agreedTo`. */
	agreedTo?: string | null;
}

/**
 * The first half of every keyed route, before anything is counted or read.
 * @param keyText as the request carries it; null = not at all
 * @throws {ApiError} site_key_required, invalid_site_key, not_configured
 */
export function siteRequest(
	{ db, siteLimiter }: SiteBindings,
	keyText: string | null,
	origin: OriginFacts,
	{ startedAt, waitUntil }: Pick<RequestContext, "startedAt" | "waitUntil">,
): SiteRequest {
	if (keyText === null) {
		throw new ApiError(
			"site_key_required",
			"Send the engine's site key: in the header X-Site-Key, or to GET /config as ?site_key=.",
		);
	}
	const siteKey = parseSiteKey(keyText);
	if (db === undefined) throw notConfigured("DB");
	const at = isoInstant(startedAt);
	return { db, siteLimiter, siteKey, origin, startedAt, at, date: dateOf(at), waitUntil };
}

/** As `siteRequest`, for a route whose key stands in the header `X-Site-Key`. @throws {ApiError} as `siteRequest` */
export function headerSiteRequest(
	bindings: SiteBindings,
	request: Request,
	context: Pick<RequestContext, "startedAt" | "waitUntil">,
): SiteRequest {
	return siteRequest(bindings, request.headers.get("X-Site-Key"), originFacts(request), context);
}

/**
 * The same for a route that takes what a visitor says. Whether the version is the current one is worked out here where this isolate
 * remembers the site, so that it costs no round trip.
 * @param consent as `sentConsent`
 */
export async function consentingRequest(request: SiteRequest, consent: string | null): Promise<SiteRequest> {
	const known = recallSite(request);
	const isAgreed = known !== undefined && isConsentRequired(known) && (await isCurrentConsent(known, consent));
	return { ...request, consent, agreedTo: isAgreed ? noticeStamp(known) : null };
}

/** What a route does in the one round trip that reads its site. */
export interface SiteWork {
	/** Its own statements. Each binds the caller, so that one who is then refused has written nothing and is shown nothing. */
	statements(db: D1Database, caller: SiteCaller): D1PreparedStatement[];
	/** They only read, so that they may be sent twice. */
	isRead?: true;
	/** Takes the results of `statements` when they came too late to be answered, say to give back what they reserved. */
	onLate?(results: Row[][]): Promise<void> | void;
}

/** A route's work with the burst limits that stand before it. */
export interface LimitedWork extends SiteWork, BurstWork {}

/** What an admitted request is served with. */
export interface Admitted {
	site: Site;
	/** The rows of each of the route's own statements. */
	results: Row[][];
}

/**
 * The second half: one round trip that reads the site and does the route's work. A request counts in a burst limit only where its
 * caller is admitted, or whoever is refused would use up what the site's visitors need.
 * @throws {ApiError} as `readAdmitted`; rate_limited, not_configured
 */
export async function admit(request: SiteRequest, work: LimitedWork): Promise<Admitted> {
	const burst = await enterBurst(request, work);
	if (burst.isOver) {
		// The limit's verdict comes after the site's own, which may have changed since it was remembered.
		await readAdmitted(request);
		throw rateLimited();
	}
	const admitted = await readAdmitted(request, work);
	request.waitUntil(burst.count());
	return admitted;
}

const NO_WORK: SiteWork = { statements: () => [] };

/**
 * The same without burst limits. A site that is only read is read twice if need be. It is remembered as it is read.
 * Where a visitor has agreed to what is shown, and this isolate did not know it, its statements have done nothing and are sent again.
 * @throws {ApiError} invalid_site_key, site_inactive, org_inactive, origin_not_allowed, consent_required, unavailable, and the request's
 *   `uncovered`
 */
export async function readAdmitted(request: SiteRequest, work: SiteWork = NO_WORK): Promise<Admitted> {
	const { db, siteKey, origin, at, startedAt, waitUntil, uncovered, agreedTo = null } = request;
	const caller = { siteKey, origin, now: at, uncovered, agreedTo };
	const ofSite = siteStatement(db, caller);
	const own = work.statements(db, caller);
	const onLate = ([, ...late]: Row[][]) => work.onLate?.(late);
	const [[row] = [], ...results] =
		own.length === 0 || work.isRead === true
			? await repeatableBatch(db, [ofSite, ...own])
			: await batch(db, [ofSite, ...own], { waitUntil, onLate });
	if (row === undefined) {
		forgetSite(siteKey);
		throw invalidSiteKey();
	}
	const site = parseSite(row);
	noteTenant(site.orgId, site.id);
	// As it is, whoever asked: a page that may not use it must not make this isolate forget whom it counts.
	rememberSite(siteKey, site, startedAt);
	requireAdmitted(site, caller);
	if (request.consent === undefined || !isConsentRequired(site)) return { site, results };
	if (!(await isCurrentConsent(site, request.consent))) throw await consentRequired(site);
	const stamp = noticeStamp(site);
	if (own.length === 0 || agreedTo === stamp) return { site, results };
	return readAdmitted({ ...request, agreedTo: stamp }, work);
}
