import { brandColor, httpsUrl, nullable, parsePatch, suggestedQuestions, text } from "../request/patch-rules.ts";
import type { Patch, Rule, Verdict } from "../request/patch-rules.ts";

/** What a customer may set, each a column of org_config. */
export type ConfigField =
	| "display_name"
	| "timezone"
	| "locale"
	| "brand_color"
	| "logo_url"
	| "greeting"
	| "suggested_questions"
	| "instructions"
	| "fallback_message"
	| "limit_message"
	| "retention_days";

const MIN_RETENTION_DAYS = 30;
const MIN_RETENTION_DAYS_OF_ADMIN = 90;
const MAX_RETENTION_DAYS = 3650;

const TEXT_RULES = {
	display_name: nullable(text(100)),
	timezone: nullable(timezone),
	locale: nullable(locale),
	brand_color: nullable(brandColor),
	logo_url: nullable(httpsUrl),
	greeting: nullable(text(500)),
	suggested_questions: nullable(suggestedQuestions),
	instructions: nullable(text(8000)),
	fallback_message: nullable(text(500)),
	limit_message: nullable(text(500)),
};
const RULES: Record<ConfigField, Rule> = {
	...TEXT_RULES,
	retention_days: nullable(retentionDays(MIN_RETENTION_DAYS_OF_ADMIN)),
};
/** A short retention erases what a customer may still be asked for, so it takes staff. */
const RULES_OF_STAFF: Record<ConfigField, Rule> = {
	...TEXT_RULES,
	retention_days: nullable(retentionDays(MIN_RETENTION_DAYS)),
};

/**
 * Reads a JSON Merge Patch of the configuration; null restores a field's default.
 * @param staff may set what only staff may
 * @throws {ApiError} invalid_request
 */
export function parseConfigPatch(body: Record<string, unknown>, staff: boolean): Patch<ConfigField> {
	return parsePatch(body, staff ? RULES_OF_STAFF : RULES, "the configuration");
}

/** A name of the time zone database. Intl also knows offsets such as +05:00, which follow no summer time. */
function timezone(value: unknown): Verdict {
	const fault = { fault: "must be a time zone's name, such as Europe/Berlin" };
	if (typeof value !== "string" || !/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(value)) return fault;
	try {
		new Intl.DateTimeFormat("en", { timeZone: value });
		return { stored: value };
	} catch {
		return fault;
	}
}

function locale(value: unknown): Verdict {
	const fault = { fault: "must be a language tag, such as en or de-CH" };
	if (typeof value !== "string" || value.length > 35) return fault;
	try {
		const [canonical] = Intl.getCanonicalLocales(value);
		return canonical === undefined ? fault : { stored: canonical };
	} catch {
		return fault;
	}
}

function retentionDays(min: number): Rule {
	return (value) => {
		if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= MAX_RETENTION_DAYS)
			return { stored: value };
		return { fault: `must be null or a whole number of days from ${min} to ${MAX_RETENTION_DAYS}` };
	};
}
