import type { FieldError } from "../lib/errors.ts";
import { checkedText, invalidFields } from "../lib/fields.ts";
import { truncate } from "../lib/text.ts";

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

/** As the column holds it; null = the default. */
export type StoredValue = string | number | null;

type Verdict = { stored: StoredValue } | { fault: string };
type Rule = (value: unknown, staff: boolean) => Verdict;

const MAX_URL_CHARS = 2000;
const MAX_QUESTIONS = 6;
const MAX_QUESTION_CHARS = 120;
const MIN_RETENTION_DAYS = 30;
const MIN_RETENTION_DAYS_OF_ADMIN = 90;
const MAX_RETENTION_DAYS = 3650;
/** How much of an unknown field's name is given back. */
const MAX_NAME_CHARS = 100;

const RULES: Record<ConfigField, Rule> = {
	display_name: text(100),
	timezone: timezone,
	locale: locale,
	brand_color: brandColor,
	logo_url: logoUrl,
	greeting: text(500),
	suggested_questions: suggestedQuestions,
	instructions: text(8000),
	fallback_message: text(500),
	limit_message: text(500),
	retention_days: retentionDays,
};

export interface ConfigPatch {
	changes: [ConfigField, StoredValue][];
	/** The version that the patch says it was made from; null = it does not say. */
	version: number | null;
}

/**
 * Reads a JSON Merge Patch of the configuration (RFC 7396): a field that is absent stays, null restores the default.
 * @param staff may set what only staff may
 * @throws {ApiError} invalid_request, naming every field that is unknown, mistyped or bad
 */
export function parseConfigPatch(body: Record<string, unknown>, staff: boolean): ConfigPatch {
	const faults: FieldError[] = [];
	const changes: [ConfigField, StoredValue][] = [];
	for (const [name, value] of Object.entries(body)) {
		if (name === "version") continue;
		if (!isConfigField(name)) {
			faults.push({ field: truncate(name, MAX_NAME_CHARS), message: "is not a field of the configuration" });
			continue;
		}
		const verdict = value === null ? { stored: null } : RULES[name](value, staff);
		if ("fault" in verdict) faults.push({ field: name, message: verdict.fault });
		else changes.push([name, verdict.stored]);
	}
	const version = parseVersion(body, faults);
	if (faults.length > 0) throw invalidFields(faults);
	return { changes, version };
}

function isConfigField(name: string): name is ConfigField {
	return Object.hasOwn(RULES, name);
}

function parseVersion(body: Record<string, unknown>, faults: FieldError[]): number | null {
	if (!Object.hasOwn(body, "version")) return null;
	const { version } = body;
	if (typeof version === "number" && Number.isSafeInteger(version) && version >= 0) return version;
	faults.push({ field: "version", message: "must be the version that you read" });
	return null;
}

function text(max: number): Rule {
	return (value) => {
		const checked = checkedText(value, { min: 1, max });
		return "text" in checked ? { stored: checked.text } : checked;
	};
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

function brandColor(value: unknown): Verdict {
	const colour = typeof value === "string" ? value.toLowerCase() : "";
	return /^#[0-9a-f]{6}$/.test(colour) ? { stored: colour } : { fault: "must be a colour such as #1a2b3c" };
}

/** Shown by browsers, never fetched by us. Credentials in it would be shown to every visitor. */
function logoUrl(value: unknown): Verdict {
	const fault = { fault: `must be an https URL of at most ${MAX_URL_CHARS} characters, without user name and password` };
	if (typeof value !== "string" || value.length > MAX_URL_CHARS || !URL.canParse(value)) return fault;
	const url = new URL(value);
	if (url.protocol !== "https:" || url.username !== "" || url.password !== "" || url.href.length > MAX_URL_CHARS) return fault;
	return { stored: url.href };
}

function suggestedQuestions(value: unknown): Verdict {
	const fault = { fault: `must be a list of at most ${MAX_QUESTIONS} texts of 1 to ${MAX_QUESTION_CHARS} characters` };
	if (!Array.isArray(value) || value.length > MAX_QUESTIONS) return fault;
	const questions: string[] = [];
	for (const item of value) {
		const checked = checkedText(item, { min: 1, max: MAX_QUESTION_CHARS });
		if (!("text" in checked)) return fault;
		questions.push(checked.text);
	}
	return { stored: JSON.stringify(questions) };
}

/** A short retention erases what a customer may still be asked for, so it takes staff. */
function retentionDays(value: unknown, staff: boolean): Verdict {
	const min = staff ? MIN_RETENTION_DAYS : MIN_RETENTION_DAYS_OF_ADMIN;
	if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= MAX_RETENTION_DAYS) return { stored: value };
	return { fault: `must be null or a whole number of days from ${min} to ${MAX_RETENTION_DAYS}` };
}
