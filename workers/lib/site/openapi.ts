import type { OpenapiPart } from "../http/openapi.ts";
import { CONSENT_HEADER } from "../consent/consent.ts";

/** The ways in which chat and voice are told which site asks. */
export const SITE_KEY_SCHEMES: OpenapiPart = {
	siteKey: {
		type: "apiKey",
		in: "header",
		name: "X-Site-Key",
		description: "Names the site, such as sk_chadis_live_abc123; it stands in the customer's page and is no secret.",
	},
};

/** What an operation of a site's asks for. */
export const OF_SITE: OpenapiPart = { security: [{ siteKey: [] }] };

/** The same where the legacy bot and voice serve whoever names no site. */
export const OF_SITE_OR_NOBODY: OpenapiPart = { security: [{ siteKey: [] }, {}] };

/** What an operation asks for that serves anyone. */
export const OF_ANYONE: OpenapiPart = { security: [] };

/** The form of a site key (lib/site/site-key.ts). */
export const SITE_KEY_SCHEMA: OpenapiPart = {
	type: "string",
	pattern: "^sk_[a-z0-9_-]+_(live|test|dev)_[A-Za-z0-9]{3,64}$",
	maxLength: 200,
};

/** The header by which a visitor agrees. */
export const CONSENT: OpenapiPart = {
	name: CONSENT_HEADER,
	in: "header",
	required: false,
	description:
		"The consent_version of GET /config that the visitor was shown and has agreed to. Where consent is required or the audience is adults, without it 403 consent_required.",
	schema: { type: "string", pattern: "^[0-9a-f]{16}$" },
};

/** Why a caller with a site key is not served (admission.ts, admit.ts). */
export const SITE_ERRORS = [
	"invalid_site_key",
	"site_key_required",
	"site_inactive",
	"org_inactive",
	"origin_not_allowed",
	"method_not_allowed",
] as const;

/** What may fail of a request that a site's caller makes, through no fault of theirs or by asking too often. */
export const FAILURES = ["rate_limited", "internal", "not_configured", "unavailable"] as const;
