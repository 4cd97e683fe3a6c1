import { ApiError } from "../http/errors.ts";
import type { OriginFacts } from "./origin.ts";
import { isOriginAllowed, originRefused } from "./origin.ts";
import type { ProviderPolicy } from "./safeguards.ts";
import type { KeyEnvironment } from "./site-key.ts";

// Who may use a site is decided twice, and both ways stand in this file: by SQL, for a statement that must write only where
// the caller is admitted, and by TypeScript, which says why not. One table of cases is run through both (test/admission.test.ts).

/** Who asks for a site: the key and origin it came with, and when. */
export interface SiteCaller {
	siteKey: string;
	origin: OriginFacts;
	/** ISO instant */
	now: string;
	/**
	 * Why the vendor that the request leads to may not be asked for an org whose `provider_policy` is `baa`; undefined = it may, or
	 * none is asked.
	 */
	uncovered?: ApiError | undefined;
	/** The `noticeStamp` of what the visitor has agreed to; null = none that is known to be current. Absent where nobody is asked. */
	agreedTo?: string | null;
}

/** The condition, over `portal_sites s`, that a site has the key ?1, or had it before its last rotation, whose grace lasts at ?2. */
export const HAS_KEY_SQL = "(s.site_key = ?1 OR (s.previous_key = ?1 AND s.previous_key_expires_at > ?2))";

/** The version of all that a site is served by, over `portal_sites s`, `orgs o` and its `org_config c`, which may be absent. */
export const CONFIG_VERSION_SQL =
	"s.version || '.' || COALESCE(c.version, 0) || '.' || o.knowledge_version || '.' || o.cache_epoch";

/** The condition that the vendors of an org are its own affair: its `provider_policy` is not `baa`. @param org its id, as SQL */
export function asksAnyoneSql(org: string): string {
	return `COALESCE((SELECT provider_policy FROM org_config WHERE org_id = ${org}), 'any') = 'any'`;
}

// What holds of a caller, as bits of ?5.
const IS_LOCAL = 1;
const IS_COVERED = 2;

/**
 * The condition, over `portal_sites s` and `orgs o`, under which a caller is admitted: for a statement that stands in the same
 * batch as the lookup and must write only then. Its parameters ?1 to ?5 are `admissionParameters`.
 */
export const ADMITTED_SQL = `
	${HAS_KEY_SQL}
	AND s.status = 'active' AND o.status NOT IN ('churned', 'inactive')
	AND (?3 IS NULL OR (?5 & ${IS_LOCAL} AND s.environment <> 'live')
		OR CASE WHEN s.allowed_origins IS NULL THEN ?4 = 1
			ELSE EXISTS (SELECT 1 FROM json_each(s.allowed_origins) WHERE value = ?3) END)
	AND (?5 & ${IS_COVERED} OR ${asksAnyoneSql("o.id")})
`;

/** What ?1 to ?5 of `ADMITTED_SQL` are bound to; a statement's own parameters begin at ?6. */
export function admissionParameters({
	siteKey,
	origin,
	now,
	uncovered,
}: SiteCaller): [string, string, string | null, number, number] {
	const facts = (origin.isLocal ? IS_LOCAL : 0) + (uncovered === undefined ? IS_COVERED : 0);
	return [siteKey, now, origin.value, origin.isHttps ? 1 : 0, facts];
}

/** What of a site decides whether it may be used. */
export interface Standing {
	status: string;
	orgStatus: string;
	environment: KeyEnvironment;
	/** Exact origins; null = any https origin; [] = none. */
	allowedOrigins: string[] | null;
	providerPolicy: ProviderPolicy;
}

/**
 * Refuses whom `ADMITTED_SQL` refuses, in the order of refusal.
 * @throws {ApiError} site_inactive, org_inactive, origin_not_allowed, and `uncovered`
 */
export function requireAdmitted(site: Standing, { origin, uncovered }: Pick<SiteCaller, "origin" | "uncovered">): void {
	if (site.status !== "active") {
		throw new ApiError(
			"site_inactive",
			"This assistant is switched off at the moment; its owner can switch it on in the Koby dashboard, under engines.",
		);
	}
	if (site.orgStatus === "churned" || site.orgStatus === "inactive") {
		throw new ApiError(
			"org_inactive",
			"This assistant is not available, as its account is not active; its owner can renew it in the Koby dashboard, under billing.",
		);
	}
	if (!isOriginAllowed(origin, site.allowedOrigins, site.environment)) {
		// Goes out without Access-Control-Allow-Origin, see `serve`.
		throw originRefused(origin);
	}
	if (uncovered !== undefined && site.providerPolicy !== "any") throw uncovered;
}
