import { spokenLanguage } from "../../lib/languages/languages.ts";
import { CONFIG_DEFAULTS } from "../../lib/site/config-defaults.ts";
import { consentVersion, visitorNotice } from "../../lib/consent/visitor-notice.ts";
import { taggedJson } from "../../lib/http/conditional.ts";
import type { RequestContext } from "../../lib/http/serve.ts";
import { originFacts } from "../../lib/site/origin.ts";
import { admit, siteRequest } from "../../lib/site/admit.ts";
import type { SiteBindings } from "../../lib/site/admit.ts";
import { appearanceStatement, parseAppearance, spokenTexts } from "./appearance.ts";
import { spokenOf } from "./spoken.ts";
import type { SpokenBindings } from "./spoken.ts";

/** How long a browser may keep the configuration, seconds: a change in the dashboard shows within that time. */
const MAX_AGE_SECONDS = 60;

export interface ConfigBindings extends SpokenBindings {
	site: SiteBindings;
	/** ISO 3166-1 alpha-2, of the deployment: for orgs that name none. */
	country: string;
}

/**
 * `GET /config?site_key=…&language=…`: what a page needs to show the bot, defaults filled in. The key stands in the query, and only there:
 * it is no secret, and a request without headers of its own needs no preflight and can be cached by its URL. The language is a tag such as
 * `es-MX`, or several with commas between them, of which the first that is ours counts. Where none is, it is that of the org's locale, and English
 * where we do not have that either.
 *
 * Answers 200 `{name, greeting, brand_color, suggested_questions, locale, language, widget, visitor_memory, consent, consent_version, audience, ai_notice,
 * privacy_url, terms_url, hidden_paths, country, emergency_number, history, voice,
 * conversation}`.
 * @throws {ApiError} those of `siteRequest` and `admit`
 */
export async function getConfig(
	request: Request,
	{ site: bindings, country, ...spoken }: ConfigBindings,
	context: RequestContext,
): Promise<Response> {
	const query = new URL(request.url).searchParams;
	const { site, results } = await admit(siteRequest(bindings, query.get("site_key"), originFacts(request), context), {
		kind: "config",
		whenBroken: "allow",
		isRead: true,
		statements: (db, caller) => [appearanceStatement(db, caller)],
	});
	const appearance = parseAppearance(results[0]?.[0] ?? {});
	const language = spokenLanguage(query.get("language"), site.locale);
	const notice = visitorNotice(site, language);
	const shown = {
		name: site.displayName ?? site.orgName,
		...spokenTexts(site, appearance, language),
		brand_color: site.brandColor ?? CONFIG_DEFAULTS.brand_color,
		locale: site.locale ?? CONFIG_DEFAULTS.locale,
		language,
		widget: appearance.widget,
		visitor_memory: site.visitorMemory ?? CONFIG_DEFAULTS.visitor_memory,
		consent: site.consent.mode,
		consent_version: await consentVersion(notice),
		audience: notice.audience,
		ai_notice: notice.aiNotice,
		privacy_url: notice.privacyUrl,
		terms_url: notice.termsUrl,
		hidden_paths: site.hiddenPaths,
		country: site.safety.country ?? country,
		emergency_number: site.safety.emergencyNumber,
		history: site.privacy !== "no_store",
		...spokenOf(spoken, site, appearance),
	};
	return taggedJson(shown, { headers: { "Cache-Control": `public, max-age=${MAX_AGE_SECONDS}` } });
}
