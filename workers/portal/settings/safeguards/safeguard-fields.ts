import type { Row } from "../../../lib/d1/row.ts";
import { parseSafeguards } from "../../../lib/site/safeguards.ts";

/** The columns of org_config that say what an org has set for its visitors' safety and privacy. */
export const SAFEGUARD_FIELDS = [
	"privacy",
	"consent",
	"audience",
	"ai_notice",
	"privacy_url",
	"terms_url",
	"hidden_paths",
	"emergency_number",
	"emergency_text",
	"country",
	"safety_phrases",
	"provider_policy",
] as const;
export type SafeguardField = (typeof SAFEGUARD_FIELDS)[number];

/** What applies: defaults filled in. @param row its fields as columns hold them */
export function shownSafeguards(row: Row): Record<SafeguardField, unknown> {
	const { privacy, providerPolicy, consent, safety, hiddenPaths } = parseSafeguards(row);
	return {
		privacy,
		consent: consent.mode,
		audience: consent.audience,
		ai_notice: consent.aiNotice,
		privacy_url: consent.privacyUrl,
		terms_url: consent.termsUrl,
		hidden_paths: hiddenPaths,
		emergency_number: safety.emergencyNumber,
		emergency_text: safety.emergencyText,
		country: safety.country,
		safety_phrases: safety.phrases,
		provider_policy: providerPolicy,
	};
}
