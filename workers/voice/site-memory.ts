import { repeatableBatch } from "../lib/d1/batch.ts";
import type { Row } from "../lib/d1/row.ts";
import type { OriginFacts } from "../lib/site/origin.ts";
import { admitSite, siteStatement } from "../lib/site/site.ts";
import type { Site } from "../lib/site/site.ts";
import { SECOND_MS, isoInstant, utcDate } from "../lib/time.ts";

/** How old a remembered site may be, ms: the contract's bound for a cached clip. */
const MAX_AGE_MS = 30 * SECOND_MS;
const MAX_SITES = 500;

/** Who speaks for a site, and with what that is checked. */
export interface SiteAccess {
	db: D1Database;
	siteKey: string;
	origin: OriginFacts;
	siteLimiter: RateLimit | undefined;
}

/** Rows as read, by site key, oldest first. Plain data: nothing of a request outlives it here. */
const rows = new Map<string, { row: Row; readAt: number }>();

/**
 * The site of a key from this isolate's memory, if it was read within 30 s and admits the caller. Only a cached clip may be
 * given on its word, since then nothing is spent; a memory that refuses is no refusal, the database has the last word.
 * @param now ms
 */
export function recallSite({ siteKey, origin }: SiteAccess, now: number): Site | undefined {
	const known = rows.get(siteKey);
	if (known === undefined || now - known.readAt >= MAX_AGE_MS || now < known.readAt) return undefined;
	try {
		return admitSite(known.row, origin);
	} catch {
		return undefined;
	}
}

/**
 * The site of a row just read, if it admits the caller; remembers it.
 * @throws {ApiError} as `admitSite`
 */
export function admitAndRemember({ siteKey, origin }: SiteAccess, row: Row | undefined, now: number): Site {
	rows.delete(siteKey);
	const site = admitSite(row, origin);
	const [oldest] = rows.keys();
	if (rows.size >= MAX_SITES && oldest !== undefined) rows.delete(oldest);
	if (row !== undefined) rows.set(siteKey, { row, readAt: now });
	return site;
}

/**
 * The site of a key from the database, if it admits the caller; remembers it. One round trip.
 * @throws {ApiError} as `admitSite`; unavailable
 */
export async function readSite(access: SiteAccess, now: number): Promise<Site> {
	const [rows = []] = await repeatableBatch(access.db, [
		siteStatement(access.db, access.siteKey, isoInstant(now), utcDate(now)),
	]);
	return admitAndRemember(access, rows[0], now);
}
