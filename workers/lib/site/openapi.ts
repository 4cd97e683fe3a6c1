import type { OpenapiPart } from "../http/openapi.ts";

/** The header that names a site to chat and voice. */
export const SITE_KEY: OpenapiPart = {
	name: "X-Site-Key",
	in: "header",
	required: true,
	description: "Names the site; it is no secret.",
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
