import type { OriginFacts } from "./origin.ts";

/** Who asks for a site: the key and origin it came with, and when. */
export interface SiteCaller {
	siteKey: string;
	origin: OriginFacts;
	/** ISO instant */
	now: string;
}

/**
 * The condition, over `portal_sites s` and `orgs o`, under which `admitSite` lets a caller in: for a statement that stands in
 * the same batch as the lookup and must write only then. Its parameters ?1 to ?5 are `admissionParameters`.
 */
export const ADMITTED_SQL = `
	(s.site_key = ?1 OR (s.previous_key = ?1 AND s.previous_key_expires_at > ?2))
	AND s.status = 'active' AND o.status NOT IN ('churned', 'inactive')
	AND (?3 IS NULL OR (?5 = 1 AND s.environment <> 'live')
		OR CASE WHEN s.allowed_origins IS NULL THEN ?4 = 1
			ELSE EXISTS (SELECT 1 FROM json_each(s.allowed_origins) WHERE value = ?3) END)
`;

/** What ?1 to ?5 of `ADMITTED_SQL` are bound to; a statement's own parameters begin at ?6. */
export function admissionParameters({
	siteKey,
	origin,
	now,
}: SiteCaller): [string, string, string | null, number, number] {
	return [siteKey, now, origin.value, origin.isHttps ? 1 : 0, origin.isLocal ? 1 : 0];
}
