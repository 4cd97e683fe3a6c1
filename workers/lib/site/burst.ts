import { notConfigured } from "../http/errors.ts";
import { isWithinLimit } from "../http/rate-limit.ts";
import type { WhenBroken } from "../http/rate-limit.ts";
import { recallSite } from "./site-memory.ts";

interface BurstLimit {
	limiter: RateLimit | undefined;
	/** The binding's name, for the log. */
	name: string;
	key: string;
}

/** The burst limits that stand before a route's work. */
export interface BurstWork {
	/**
	 * What is counted apart from what the site is for (turns, speech, conversations), so that page views, which ask for the
	 * configuration, take nothing from those. Absent = it is what the site is for.
	 */
	kind?: "config" | "session" | "feedback" | "lead" | "end";
	/** `allow` where an exact limit stands behind the limiter, or nothing costs money. */
	whenBroken: WhenBroken;
	/** Limits beside the site's own. */
	limits?: readonly BurstLimit[];
}

/** A request that names a site, as far as its limits ask. */
type BurstRequest = Parameters<typeof recallSite>[0] & { siteLimiter: RateLimit | undefined };

/** How a request stands to its burst limits. */
export interface Burst {
	/** It is over one of them. */
	isOver: boolean;
	/** Counts it after it was admitted, where it could not be known before that it would be. Never rejects. */
	count(): Promise<void>;
}

/**
 * Counts a request in its burst limits if this isolate remembers that its site admits the caller. One whose site is not
 * remembered is counted by `count` and never over: each isolate lets one through every 30 s, which a brake can bear.
 * @throws {ApiError} not_configured, unavailable
 */
export async function enterBurst(request: BurstRequest, work: BurstWork): Promise<Burst> {
	const verdict = () => isWithinBurst(request, work);
	if (recallSite(request) !== undefined) return { isOver: !(await verdict()), count: () => Promise.resolve() };
	if (request.siteLimiter === undefined) throw notConfigured("SITE_LIMITER");
	const ignored = () => undefined;
	return { isOver: false, count: () => verdict().then(ignored, ignored) };
}

async function isWithinBurst(
	{ siteKey, siteLimiter }: BurstRequest,
	{ kind, whenBroken, limits = [] }: BurstWork,
): Promise<boolean> {
	const ofSite = {
		limiter: siteLimiter,
		name: "SITE_LIMITER",
		key: kind === undefined ? siteKey : `${siteKey} ${kind}`,
	};
	const verdicts = [ofSite, ...limits].map(({ limiter, name, key }) => isWithinLimit(limiter, name, key, whenBroken));
	return (await Promise.all(verdicts)).every(Boolean);
}
