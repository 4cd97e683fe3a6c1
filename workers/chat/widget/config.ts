import { CONFIG_DEFAULTS } from "../../lib/site/config-defaults.ts";
import { json } from "../../lib/http/json.ts";
import type { RequestContext } from "../../lib/http/serve.ts";
import { originFacts } from "../../lib/site/origin.ts";
import { admit, siteRequest } from "../../lib/site/admit.ts";
import type { SiteBindings } from "../../lib/site/admit.ts";

/** How long a browser may keep the configuration, seconds: a change in the dashboard shows within that time. */
const MAX_AGE_SECONDS = 60;

/**
 * `GET /config?site_key=…`: what a page needs to show the bot, defaults filled in. The key stands in the query, and only there:
 * it is no secret, and a request without headers of its own needs no preflight and can be cached by its URL.
 *
 * Answers 200 `{name, greeting, brand_color, suggested_questions, locale, visitor_memory}`.
 * @throws {ApiError} those of `siteRequest` and `admit`
 */
export async function getConfig(request: Request, bindings: SiteBindings, context: RequestContext): Promise<Response> {
	const siteKey = new URL(request.url).searchParams.get("site_key");
	const { site } = await admit(siteRequest(bindings, siteKey, originFacts(request), context), {
		kind: "config",
		whenBroken: "allow",
		statements: () => [],
	});
	const shown = {
		name: site.displayName ?? site.orgName,
		greeting: site.greeting ?? CONFIG_DEFAULTS.greeting,
		brand_color: site.brandColor ?? CONFIG_DEFAULTS.brand_color,
		suggested_questions: site.suggestedQuestions,
		locale: site.locale ?? CONFIG_DEFAULTS.locale,
		visitor_memory: site.visitorMemory ?? CONFIG_DEFAULTS.visitor_memory,
	};
	return json(shown, 200, { "Cache-Control": `public, max-age=${MAX_AGE_SECONDS}` });
}
