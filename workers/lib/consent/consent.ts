import { ApiError } from "../http/errors.ts";
import { LANGUAGES, spokenLanguage } from "../languages/languages.ts";
import { CONFIG_VERSION_SQL } from "../site/admission.ts";
import type { Site } from "../site/site.ts";
import { consentVersion, visitorNotice } from "./visitor-notice.ts";

// A visitor agrees to a version of what they are shown (visitor-notice.ts), and says so with each request that leaves words or a voice.
// Whether they must is decided twice: by SQL, for a statement that must write only where they have, and by TypeScript, which says
// what is missing. The version is a digest, which SQL cannot make: it compares what the version was worked out of, by `noticeStamp`.

/** Says which version of the notice a visitor has agreed to. */
export const CONSENT_HEADER = "X-Consent";
const VERSION = /^[0-9a-f]{16}$/;

/** The version that a request names; null = none, or what cannot be one. */
export function sentConsent(request: Request): string | null {
	const sent = request.headers.get(CONSENT_HEADER) ?? "";
	return VERSION.test(sent) ? sent : null;
}

/** Whether a site's visitors have to agree, or to say that they are adults, before anything of theirs is taken. */
export function isConsentRequired({ consent }: Pick<Site, "consent">): boolean {
	return consent.mode === "required" || consent.audience === "adults";
}

/** Stands for all that a notice is worked out of: where it is the same, so is the version. */
export function noticeStamp({ configVersion, orgName }: Pick<Site, "configVersion" | "orgName">): string {
	return `${configVersion} ${orgName}`;
}

/**
 * The condition, over `portal_sites s` and `orgs o`, that visitors need not agree, or that this one has agreed to what is shown now.
 * @param agreedTo the SQL of a `SiteCaller.agreedTo`, such as `?15`
 */
export function agreedSql(agreedTo: string): string {
	return `NOT EXISTS (
		SELECT 1 FROM org_config c
		WHERE c.org_id = o.id AND (COALESCE(c.consent, 'none') NOT IN ('none', 'notice') OR COALESCE(c.audience, 'general') <> 'general')
			AND ${CONFIG_VERSION_SQL} || ' ' || o.name IS NOT ${agreedTo})`;
}

/** Whether a version is one of what a site's visitors are shown: each in their own language. That of the org's locale is most visitors'. */
export async function isCurrentConsent(site: Site, version: string | null): Promise<boolean> {
	if (version === null) return false;
	for (const language of new Set([spokenLanguage(null, site.locale), ...LANGUAGES])) {
		if ((await consentVersion(visitorNotice(site, language))) === version) return true;
	}
	return false;
}

/** The 403 of a visitor who has not agreed to what is shown now; it names the version that there is to agree to, in the org's language. */
export async function consentRequired(site: Site): Promise<ApiError> {
	const notice = visitorNotice(site, spokenLanguage(null, site.locale));
	const message = `Show the visitor the notice of GET /config and, once they have agreed to it, send its consent_version in ${CONSENT_HEADER}.`;
	return new ApiError("consent_required", message, { consentVersion: await consentVersion(notice) });
}
