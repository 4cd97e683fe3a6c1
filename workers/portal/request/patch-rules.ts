import { exportedBytes } from "../../lib/d1/exported-size.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { checkedText, invalidFields } from "../../lib/http/fields.ts";
import type { TextRules } from "../../lib/http/fields.ts";
import { isObject, kindOf } from "../../lib/http/json.ts";
import { VISITOR_MEMORIES } from "../../lib/site/config-defaults.ts";
import { isOneLine, truncate } from "../../lib/text/text.ts";

/** As a column holds it; null = nothing of its own. */
export type StoredValue = string | number | null;
export type Verdict = { stored: StoredValue } | { fault: string };
/** What a value from a body is stored as, or what is wrong with it. */
export type Rule = (value: unknown) => Verdict;

const MAX_URL_CHARS = 2000;
const MAX_QUESTIONS = 6;
const MAX_QUESTION_CHARS = 120;
/** How much of an unknown field's name is given back. */
const MAX_NAME_CHARS = 100;

export interface Patch<Field extends string> {
	changes: [Field, StoredValue][];
	/** The version that the patch says it was made from; null = it does not say. */
	version: number | null;
}

/**
 * Reads a JSON Merge Patch (RFC 7396): a field that is absent stays, and so does a member of a field that is an object.
 * @param rules of the fields that there are
 * @param whole what they are fields of, for the message
 * @param shown the resource as a reader is shown it, defaults filled in. A field that says what is shown changes nothing: it is
 * neither checked nor written. So whoever sends back what was read stores no default, is not held to rules that came later, and
 * is not refused for what only others may set.
 * @throws {ApiError} invalid_request, naming every field that is unknown, mistyped or bad
 */
export function parsePatch<Field extends string>(
	body: Record<string, unknown>,
	rules: Record<Field, Rule>,
	whole: string,
	shown: Readonly<Record<string, unknown>>,
): Patch<Field> {
	const faults: FieldError[] = [];
	const changes: [Field, StoredValue][] = [];
	for (const [name, value] of Object.entries(body)) {
		if (name === "version") continue;
		if (!isKey(rules, name)) {
			faults.push({ field: truncate(name, MAX_NAME_CHARS), message: `is not a field of ${whole}` });
			continue;
		}
		const wanted = merged(shown[name], value);
		if (isSame(wanted, shown[name])) continue;
		const verdict = rules[name](wanted);
		if ("fault" in verdict) faults.push({ field: name, message: faultOf(verdict.fault, wanted) });
		else if (verdict.stored !== storedForm(shown[name])) changes.push([name, verdict.stored]);
	}
	const version = parseVersion(body, faults);
	if (faults.length > 0) throw invalidFields(faults);
	return { changes, version };
}

/** A fault of a value as a whole, with the kind of what was sent where it asks for another. */
function faultOf(fault: string, value: unknown): string {
	if (!fault.startsWith("must be ") || fault.includes(", not ")) return fault;
	const kind = kindOf(value);
	const takesText = !/\b(?:numbers?|list|object|true)\b/.test(fault);
	const isMeant = (kind === "text" && takesText) || new RegExp(`\\b${kind.replace(/^an? /, "")}\\b`).test(fault);
	return isMeant ? fault : `${fault}, not ${kind}`;
}

/** What a patch makes of a value, as RFC 7396 has it: it goes into objects, and null takes a member out. */
function merged(shown: unknown, patch: unknown): unknown {
	if (!isObject(shown) || !isObject(patch)) return patch;
	const members = new Map(Object.entries(shown));
	for (const [name, value] of Object.entries(patch)) {
		if (value === null) members.delete(name);
		else members.set(name, merged(members.get(name), value));
	}
	return Object.fromEntries(members);
}

/** Whether two values are equal: texts, numbers and null, or lists and objects of these. It goes no deeper than the shallower one. */
function isSame(one: unknown, other: unknown): boolean {
	if (Array.isArray(one) && Array.isArray(other))
		return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
	if (!isObject(one) || !isObject(other)) return one === other;
	const names = Object.keys(one);
	const isAlike = (name: string): boolean => Object.hasOwn(other, name) && isSame(one[name], other[name]);
	return names.length === Object.keys(other).length && names.every(isAlike);
}

/** What is shown, as a rule would store it: by that another spelling of it is found to be the same. */
function storedForm(shown: unknown): unknown {
	return Array.isArray(shown) || isObject(shown) ? JSON.stringify(shown) : shown;
}

function isKey<Field extends string>(rules: Record<Field, Rule>, name: string): name is Field {
	return Object.hasOwn(rules, name);
}

function parseVersion(body: Record<string, unknown>, faults: FieldError[]): number | null {
	if (!Object.hasOwn(body, "version")) return null;
	const { version } = body;
	if (typeof version === "number" && Number.isSafeInteger(version) && version >= 0) return version;
	faults.push({ field: "version", message: "must be the version that you read" });
	return null;
}

/** A field that null takes back to what applies without it. */
export function nullable(rule: Rule): Rule {
	return (value) => (value === null ? { stored: null } : rule(value));
}

/** A name of 1 to `max` code points, trimmed: one line without control characters. */
export function line(max: number): Rule {
	return stored({ min: 1, max, stored: "line" });
}

/** Text of 1 to `max` code points, trimmed, of any lines. */
export function text(max: number): Rule {
	return stored({ min: 1, max, stored: "lines" });
}

function stored(rules: TextRules): Rule {
	return (value) => {
		const checked = checkedText(value, rules);
		return "text" in checked ? { stored: checked.text } : checked;
	};
}

/** The most bytes that a text of so many code points takes as JSON in an export, unless it is full of control characters. */
function jsonBytes(max: number): number {
	return exportedBytes(JSON.stringify("🧸".repeat(max)));
}

/**
 * The same for a text that is kept within JSON, where a control character takes six bytes: a row that holds several such texts
 * is sure to fit an export only where those are few.
 */
export function jsonText(max: number): Rule {
	const rule = text(max);
	const maxBytes = jsonBytes(max);
	return (value) => {
		const verdict = rule(value);
		if ("fault" in verdict || exportedBytes(JSON.stringify(verdict.stored)) <= maxBytes) return verdict;
		return { fault: "must hold fewer control characters" };
	};
}

/** One of a closed list of values. */
export function oneOf(values: readonly string[]): Rule {
	return (value) => {
		const isOne = typeof value === "string" && values.includes(value);
		return isOne ? { stored: value } : { fault: `must be null or one of ${values.join(", ")}` };
	};
}

export function brandColor(value: unknown): Verdict {
	const colour = typeof value === "string" ? value.toLowerCase() : "";
	return /^#[0-9a-f]{6}$/.test(colour) ? { stored: colour } : { fault: "must be a colour such as #1a2b3c" };
}

/** Where a browser keeps its conversation. */
export const visitorMemory = oneOf(VISITOR_MEMORIES);

/** Shown by browsers, never fetched by us. Credentials in it would be shown to every visitor. */
export function httpsUrl(maxChars = MAX_URL_CHARS): Rule {
	const fault = { fault: `must be an https URL of at most ${maxChars} characters, without user name and password` };
	return (value) => {
		if (typeof value !== "string" || value.length > maxChars) return fault;
		const url = parsedUrl(value.trim());
		const isShowable = url?.protocol === "https:" && url.username === "" && url.password === "";
		return isShowable && url.href.length <= maxChars ? { stored: url.href } : fault;
	};
}

/** A URL parser drops tabs and line breaks wherever they stand: what was sent would come back as something else. */
function parsedUrl(text: string): URL | undefined {
	return isOneLine(text) && URL.canParse(text) ? new URL(text) : undefined;
}

export function suggestedQuestions(value: unknown): Verdict {
	const fault = { fault: `must be a list of at most ${MAX_QUESTIONS} texts of 1 to ${MAX_QUESTION_CHARS} characters` };
	if (!Array.isArray(value) || value.length > MAX_QUESTIONS) return fault;
	const questions: string[] = [];
	for (const item of value) {
		const checked = checkedText(item, { min: 1, max: MAX_QUESTION_CHARS, stored: "line" });
		if (!("text" in checked)) return fault;
		questions.push(checked.text);
	}
	return { stored: JSON.stringify(questions) };
}
