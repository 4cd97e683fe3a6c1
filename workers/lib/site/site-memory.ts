import { SECOND_MS } from "../time.ts";
import { requireAdmitted } from "./admission.ts";
import type { SiteCaller } from "./admission.ts";
import { isConsentRequired, noticeStamp } from "../consent/consent.ts";
import type { Site } from "./site.ts";

/** How old a remembered site may be, ms: so long a cached clip may still be given after its site was switched off. */
const MAX_AGE_MS = 30 * SECOND_MS;
const MAX_SITES = 500;

/** Sites as read, by site key, oldest first. Plain data: nothing of a request outlives it here. */
const sites = new Map<string, { site: Site; readAt: number }>();

/** Who asks, and when, ms since the epoch. */
interface Asking extends Omit<SiteCaller, "now"> {
	startedAt: number;
	/** As in `SiteRequest`. */
	consent?: string | null;
}

/**
 * The site of a key from this isolate's memory, if it was read within 30 s, admits the caller and does not miss
 * their consent. On its word a request counts in
 * its site's burst limit, a cached clip is given, since then nothing is spent, and a question may be embedded. A memory that
 * refuses is no refusal: the database has the last word.
 */
export function recallSite({ siteKey, startedAt, consent, agreedTo, ...caller }: Asking): Site | undefined {
	const known = sites.get(siteKey);
	if (known === undefined || startedAt - known.readAt >= MAX_AGE_MS || startedAt < known.readAt) return undefined;
	try {
		requireAdmitted(known.site, caller);
		const isAsked = consent !== undefined && isConsentRequired(known.site);
		return isAsked && agreedTo !== noticeStamp(known.site) ? undefined : known.site;
	} catch {
		return undefined;
	}
}

/** Keeps a site that was read. @param readAt ms since the epoch */
export function rememberSite(siteKey: string, site: Site, readAt: number): void {
	sites.delete(siteKey);
	const [oldest] = sites.keys();
	if (sites.size >= MAX_SITES && oldest !== undefined) sites.delete(oldest);
	sites.set(siteKey, { site, readAt });
}

/** Forgets a site: the database knows its key no more. */
export function forgetSite(siteKey: string): void {
	sites.delete(siteKey);
}
