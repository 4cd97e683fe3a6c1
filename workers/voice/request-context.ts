import { numberVariable } from "../lib/env.ts";
import { notConfigured } from "../lib/http/errors.ts";
import { originFacts } from "../lib/site/origin.ts";
import type { SiteAccess } from "./site-memory.ts";

/** What a request carries through the worker beside its own words. */
export interface RequestContext {
	requestId: string;
	/** Its arrival, ms. */
	now: number;
	/** `ctx.waitUntil`; what it is given never rejects. */
	waitUntil: (work: Promise<unknown>) => void;
}

/** What both of the worker's jobs need of the deployment. */
export type SiteBindings = Pick<Env, "DB" | "SITE_LIMITER" | "MAX_BODY_BYTES">;

/** @throws {ApiError} not_configured */
export function maxBodyBytes(env: SiteBindings): number {
	return numberVariable(env.MAX_BODY_BYTES, "MAX_BODY_BYTES", 32_768);
}

/**
 * How a site's account is reached. The worker also runs without a database, but then it knows no site.
 * @throws {ApiError} not_configured
 */
export function siteAccess(request: Request, env: SiteBindings, siteKey: string): SiteAccess {
	const db: D1Database | undefined = env.DB;
	if (db === undefined) throw notConfigured("DB");
	return { db, siteKey, origin: originFacts(request), siteLimiter: env.SITE_LIMITER };
}
