import type { OpenapiPart } from "../http/openapi.ts";
import { CONSENT_HEADER } from "../consent/consent.ts";

/** The header that names a site to chat and voice. */
export const SITE_KEY: OpenapiPart = {
	name: "X-Site-Key",
	in: "header",
	required: true,
	description: "Names the site; it is no secret.",
	schema: { type: "string" },
};

/** The header by which a visitor agrees. */
export const CONSENT: OpenapiPart = {
	name: CONSENT_HEADER,
	in: "header",
	required: false,
	description:
		"The consent_version of GET /config that the visitor was shown and has agreed to. Where consent is required or the audience is adults, without it 403 consent_required.",
	schema: { type: "string" },
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
