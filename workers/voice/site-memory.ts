import { ApiError } from "../lib/http/errors.ts";
import { requireAdmitted } from "../lib/site/admission.ts";
import { readAdmitted } from "../lib/site/admit.ts";
import type { Admitted, SiteRequest, SiteWork } from "../lib/site/admit.ts";
import type { Site } from "../lib/site/site.ts";
import { SECOND_MS } from "../lib/time.ts";

/** How old a remembered site may be, ms: so long a cached clip may still be given after its site was switched off. */
const MAX_AGE_MS = 30 * SECOND_MS;
const MAX_SITES = 500;

/** Sites as read, by site key, oldest first. Plain data: nothing of a request outlives it here. */
const sites = new Map<string, { site: Site; readAt: number }>();

/**
 * The site of a key from this isolate's memory, if it was read within 30 s and admits the caller. Only a cached clip may be
 * given on its word, since then nothing is spent; a memory that refuses is no refusal, the database has the last word.
 */
export function recallSite({ siteKey, origin, startedAt }: SiteRequest): Site | undefined {
	const known = sites.get(siteKey);
	if (known === undefined || startedAt - known.readAt >= MAX_AGE_MS || startedAt < known.readAt) return undefined;
	try {
		requireAdmitted(known.site, origin);
		return known.site;
	} catch {
		return undefined;
	}
}

/**
 * `readAdmitted`, remembering the site.
 * @throws {ApiError} as `readAdmitted`
 */
export async function readAndRemember(request: SiteRequest, work?: SiteWork): Promise<Admitted> {
	const { siteKey, startedAt } = request;
	try {
		const admitted = await readAdmitted(request, work);
		remember(siteKey, admitted.site, startedAt);
		return admitted;
	} catch (thrown) {
		// What the database refuses is remembered no longer; one that does not answer has refused nothing.
		if (thrown instanceof ApiError && thrown.code !== "unavailable") sites.delete(siteKey);
		throw thrown;
	}
}

function remember(siteKey: string, site: Site, readAt: number): void {
	sites.delete(siteKey);
	const [oldest] = sites.keys();
	if (sites.size >= MAX_SITES && oldest !== undefined) sites.delete(oldest);
	sites.set(siteKey, { site, readAt });
}
