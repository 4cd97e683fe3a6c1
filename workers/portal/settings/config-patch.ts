import {
	brandColor,
	httpsUrl,
	jsonText,
	line,
	nullable,
	parsePatch,
	suggestedQuestions,
	visitorMemory,
} from "../request/patch-rules.ts";
import type { AppearanceField } from "./appearance/appearance-fields.ts";
import { APPEARANCE_RULES } from "./appearance/appearance-rules.ts";
import { locale } from "./locale.ts";
import type { SafeguardField } from "./safeguards/safeguard-fields.ts";
import { SAFEGUARD_RULES } from "./safeguards/safeguard-rules.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import type { Patch, Rule, StoredValue, Verdict } from "../request/patch-rules.ts";

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
	| "retention_days"
	| "visitor_memory"
	| "answer_mode"
	| "contact"
	| "min_pass_rate"
	| SafeguardField
	| AppearanceField;

const MIN_RETENTION_DAYS = 7;
const MAX_RETENTION_DAYS = 3650;
/** What is stored where conversations are kept for good. */
const FOR_GOOD = 0;
const FOR_GOOD_FAULT = "can be set to 0, which keeps for good, by Koby's staff only";

const RULES_OF_ANYONE = {
	display_name: nullable(line(100)),
	timezone: nullable(timezone),
	locale: nullable(locale),
	brand_color: nullable(brandColor),
	logo_url: nullable(httpsUrl()),
	greeting: nullable(jsonText(500)),
	suggested_questions: nullable(suggestedQuestions),
	instructions: nullable(jsonText(8000)),
	fallback_message: nullable(jsonText(500)),
	limit_message: nullable(jsonText(500)),
	visitor_memory: nullable(visitorMemory),
	answer_mode: nullable(answerMode),
	contact: nullable(jsonText(300)),
	min_pass_rate: nullable(percent),
	...SAFEGUARD_RULES,
	...APPEARANCE_RULES,
};
const RULES: Record<ConfigField, Rule> = {
	...RULES_OF_ANYONE,
	retention_days: nullable(retentionDays),
};
/** What nobody erases grows without an end and breaks what privacy notices promise, so keeping for good takes staff. */
const RULES_OF_STAFF: Record<ConfigField, Rule> = {
	...RULES_OF_ANYONE,
	retention_days: nullable(retentionDaysOfStaff),
};

/**
 * Reads a JSON Merge Patch of the configuration; null restores a field's default.
 * @param staff may set what only staff may
 * @param shown the configuration as GET shows it: what says the same changes nothing
 * @throws {ApiError} invalid_request
 */
export function parseConfigPatch(
	body: Record<string, unknown>,
	staff: boolean,
	shown: Readonly<Record<ConfigField, unknown>>,
): Patch<ConfigField> {
	return parsePatch(body, staff ? RULES_OF_STAFF : RULES, "the configuration", shown);
}

function answerMode(value: unknown): Verdict {
	return value === "strict" || value === "free" ? { stored: value } : { fault: "must be null, strict or free" };
}

/**
 * Refuses changes that only staff may make, however they came about.
 * @throws {ApiError} invalid_request
 */
export function requireMayKeep(changes: readonly [ConfigField, StoredValue][], staff: boolean): void {
	const keepsForGood = changes.some(([field, value]) => field === "retention_days" && value === FOR_GOOD);
	if (keepsForGood && !staff) throw invalidFields([{ field: "retention_days", message: FOR_GOOD_FAULT }]);
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

function percent(value: unknown): Verdict {
	const isPercent = typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 100;
	return isPercent ? { stored: value } : { fault: "must be null or a whole number from 0 to 100" };
}

const RANGE = `a whole number of days from ${MIN_RETENTION_DAYS} to ${MAX_RETENTION_DAYS}`;

function retentionDays(value: unknown): Verdict {
	if (value === FOR_GOOD) return { fault: FOR_GOOD_FAULT };
	return isInRange(value) ? { stored: value } : { fault: `must be null or ${RANGE}` };
}

function retentionDaysOfStaff(value: unknown): Verdict {
	if (value === FOR_GOOD) return { stored: FOR_GOOD };
	return isInRange(value) ? { stored: value } : { fault: `must be null, 0 (keep for good) or ${RANGE}` };
}

function isInRange(value: unknown): value is number {
	return (
		typeof value === "number" && Number.isInteger(value) && value >= MIN_RETENTION_DAYS && value <= MAX_RETENTION_DAYS
	);
}
