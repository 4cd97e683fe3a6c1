import { numberColumnOrNull, textColumnOrNull, textListColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { isObject, parseJson } from "../../lib/http/json.ts";
import { CONFIG_DEFAULTS } from "../../lib/site/config-defaults.ts";
import type { StoredValue } from "../request/patch-rules.ts";
import type { ConfigField } from "./config-patch.ts";
import { APPEARANCE_FIELDS, shownAppearance } from "./appearance/appearance-fields.ts";
import { SAFEGUARD_FIELDS, shownSafeguards } from "./safeguards/safeguard-fields.ts";

/** The columns of org_config that a customer may set, in the order in which a version holds them. */
export const CONFIG_FIELDS = [
	"display_name",
	"timezone",
	"locale",
	"brand_color",
	"logo_url",
	"greeting",
	"suggested_questions",
	"instructions",
	"fallback_message",
	"limit_message",
	"retention_days",
	"visitor_memory",
	"answer_mode",
	"contact",
	"min_pass_rate",
	...SAFEGUARD_FIELDS,
	...APPEARANCE_FIELDS,
] as const satisfies readonly ConfigField[];

/** The columns of a configuration, FROM org_config c: its fields, its version, and who wrote it when. */
export const CONFIG_COLUMNS = `${CONFIG_FIELDS.map((field) => `c.${field}`).join(", ")}, COALESCE(c.version, 0) AS version, c.updated_at, c.updated_by`;

/** A configuration, or changes to one, as the columns hold it. */
export type StoredConfig = Partial<Record<ConfigField, StoredValue>>;

/** The fields of a row, or of any object, as columns hold them; what is no value of a column is left out. */
export function storedFields(row: Row): StoredConfig {
	const stored: StoredConfig = {};
	for (const field of CONFIG_FIELDS) {
		const value = Object.hasOwn(row, field) ? row[field] : undefined;
		if (value === null || typeof value === "string" || typeof value === "number") stored[field] = value;
	}
	return stored;
}

/** The fields that the JSON text of a change holds. */
export function parseStored(text: string): StoredConfig {
	const value = parseJson(text);
	return isObject(value) ? storedFields(value) : {};
}

/** Every field as a column would hold it, null where nothing is set: what a version says is the same text however it came about. */
export function wholeConfig(config: StoredConfig): string {
	return JSON.stringify(Object.fromEntries(CONFIG_FIELDS.map((field) => [field, config[field] ?? null])));
}

/** What differs between two configurations, as the second one has it. A field that neither names is the same. */
export function changesBetween(from: StoredConfig, to: StoredConfig): [ConfigField, StoredValue][] {
	return CONFIG_FIELDS.flatMap((field): [ConfigField, StoredValue][] => {
		const value = to[field] ?? null;
		return value === (from[field] ?? null) ? [] : [[field, value]];
	});
}

/** What applies: defaults filled in. @param row its fields as columns hold them, and `org_name` */
export function shownConfig(row: Row) {
	return {
		display_name: textColumnOrNull(row, "display_name") ?? textColumnOrNull(row, "org_name"),
		timezone: textColumnOrNull(row, "timezone") ?? CONFIG_DEFAULTS.timezone,
		locale: textColumnOrNull(row, "locale") ?? CONFIG_DEFAULTS.locale,
		brand_color: textColumnOrNull(row, "brand_color") ?? CONFIG_DEFAULTS.brand_color,
		logo_url: textColumnOrNull(row, "logo_url") ?? CONFIG_DEFAULTS.logo_url,
		greeting: textColumnOrNull(row, "greeting") ?? CONFIG_DEFAULTS.greeting,
		suggested_questions: textListColumn(row, "suggested_questions") ?? CONFIG_DEFAULTS.suggested_questions,
		instructions: textColumnOrNull(row, "instructions") ?? CONFIG_DEFAULTS.instructions,
		fallback_message: textColumnOrNull(row, "fallback_message") ?? CONFIG_DEFAULTS.fallback_message,
		limit_message: textColumnOrNull(row, "limit_message") ?? CONFIG_DEFAULTS.limit_message,
		retention_days: numberColumnOrNull(row, "retention_days") ?? CONFIG_DEFAULTS.retention_days,
		visitor_memory: textColumnOrNull(row, "visitor_memory") ?? CONFIG_DEFAULTS.visitor_memory,
		answer_mode: textColumnOrNull(row, "answer_mode") ?? CONFIG_DEFAULTS.answer_mode,
		contact: textColumnOrNull(row, "contact") ?? CONFIG_DEFAULTS.contact,
		min_pass_rate: numberColumnOrNull(row, "min_pass_rate"),
		...shownSafeguards(row),
		...shownAppearance(row),
	};
}
