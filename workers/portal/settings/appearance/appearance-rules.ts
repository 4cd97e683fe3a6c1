import { exportedBytes } from "../../../lib/d1/exported-size.ts";
import { isObject } from "../../../lib/http/json.ts";
import { LANGUAGES } from "../../../lib/languages/languages.ts";
import {
	CORNERS,
	LAUNCHER_ICONS,
	MAX_OFFSET,
	MAX_RADIUS,
	THEMES,
	WIDGET_DEFAULTS,
} from "../../../lib/site/widget-settings.ts";
import { httpsUrl, jsonText, line, nullable, oneOf, suggestedQuestions } from "../../request/patch-rules.ts";
import type { Rule, StoredValue, Verdict } from "../../request/patch-rules.ts";
import type { AppearanceField } from "./appearance-fields.ts";

export const MAX_GREETING_CHARS = 500;
export const MAX_LAUNCHER_CHARS = 30;
export const MAX_LOGO_URL_CHARS = 500;
/**
 * What all translations may take where a version holds them, as JSON within JSON, bytes of an export: what a row of versions has left.
 * Ten languages with a greeting of 100 letters and four questions of 60 fit.
 */
export const MAX_TRANSLATIONS_BYTES = 8000;

/** Each is given the whole object as it would be: members that a merge patch leaves out are in it, those that it takes back are not. */
export const APPEARANCE_RULES: Record<AppearanceField, Rule> = {
	translations: nullable(translations),
	widget: nullable(widget),
};

const TRANSLATION_RULES: Record<string, Rule> = {
	greeting: jsonText(MAX_GREETING_CHARS),
	suggested_questions: suggestedQuestions,
};

const TRANSLATIONS_FAULT = {
	fault: `must be an object whose names are among ${LANGUAGES.join(", ")}, each an object of greeting and suggested_questions`,
};

function translations(value: unknown): Verdict {
	if (!isObject(value) || Object.keys(value).some((name) => !isLanguage(name))) return TRANSLATIONS_FAULT;
	const kept: [string, unknown][] = [];
	for (const language of LANGUAGES) {
		const given = Object.hasOwn(value, language) ? value[language] : null;
		if (given === null) continue;
		const checked = members(given, TRANSLATION_RULES);
		if (checked === undefined) return TRANSLATIONS_FAULT;
		if ("fault" in checked) return { fault: `${language}: ${checked.fault}` };
		const translation = { ...checked.stored, ...listOfStored(checked.stored["suggested_questions"]) };
		if (Object.keys(translation).length > 0) kept.push([language, translation]);
	}
	if (kept.length === 0) return { stored: null };
	const stored = JSON.stringify(Object.fromEntries(kept));
	if (exportedBytes(JSON.stringify(stored)) > MAX_TRANSLATIONS_BYTES)
		return { fault: `must take at most ${MAX_TRANSLATIONS_BYTES} bytes in all; shorten some or leave some out` };
	return { stored };
}

function isLanguage(name: string): boolean {
	return LANGUAGES.some((language) => language === name);
}

/** A list stands in the object as a list, not as the text that a column of its own would hold. */
function listOfStored(stored: StoredValue | undefined): { suggested_questions?: unknown } {
	return typeof stored === "string" ? { suggested_questions: JSON.parse(stored) } : {};
}

const WIDGET_RULES: Record<keyof typeof WIDGET_DEFAULTS, Rule> = {
	theme: oneOf(THEMES),
	corner: oneOf(CORNERS),
	offset_x: pixels(MAX_OFFSET),
	offset_y: pixels(MAX_OFFSET),
	launcher_icon: oneOf(LAUNCHER_ICONS),
	launcher_text: line(MAX_LAUNCHER_CHARS),
	logo_url: httpsUrl(MAX_LOGO_URL_CHARS),
	radius: pixels(MAX_RADIUS),
	talk_to_person: (value) =>
		typeof value === "boolean" ? { stored: Number(value) } : { fault: "must be null, true or false" },
};

/** What says the same as the default is not stored, so that it follows when the default changes. */
function widget(value: unknown): Verdict {
	const checked = members(value, WIDGET_RULES);
	if (checked === undefined)
		return { fault: `must be an object whose names are among ${Object.keys(WIDGET_RULES).join(", ")}` };
	if ("fault" in checked) return checked;
	const { talk_to_person: talks, ...others } = checked.stored;
	const set = { ...others, ...(talks === undefined ? {} : { talk_to_person: talks === 1 }) };
	const defaults: Record<string, unknown> = { ...WIDGET_DEFAULTS };
	const own = Object.entries(set).filter(([name, stored]) => stored !== defaults[name]);
	return { stored: own.length === 0 ? null : JSON.stringify(Object.fromEntries(own)) };
}

/**
 * The members of an object, each by its rule and in the rules' order; null and absent ones are left out. undefined = it is none, or has
 * a member that there is no rule for.
 */
function members(
	value: unknown,
	rules: Readonly<Record<string, Rule>>,
): { stored: Record<string, StoredValue> } | { fault: string } | undefined {
	if (!isObject(value) || Object.keys(value).some((name) => !Object.hasOwn(rules, name))) return undefined;
	const stored: Record<string, StoredValue> = {};
	for (const [name, rule] of Object.entries(rules)) {
		const given = Object.hasOwn(value, name) ? value[name] : null;
		if (given === null) continue;
		const verdict = rule(given);
		if ("fault" in verdict) return { fault: `${name} ${verdict.fault}` };
		stored[name] = verdict.stored;
	}
	return { stored };
}

function pixels(max: number): Rule {
	const fault = { fault: `must be null or a whole number of pixels from 0 to ${max}` };
	return (value) => {
		const isPixels = typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max;
		return isPixels ? { stored: value } : fault;
	};
}
