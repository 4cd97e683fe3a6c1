import { ApiError } from "./errors.ts";
import type { FieldError } from "./errors.ts";
import { kindOf } from "./json.ts";
import { codePoints, isOneLine, isStorable, storedLines, truncate } from "../text/text.ts";
import { isBlank } from "../text/unseen.ts";

/** How much of an unknown field's name is given back. */
const MAX_NAME_CHARS = 100;
/** The most faulty fields that an error names: whoever sends more has one mistake, not many, and an error is no mirror. */
export const MAX_NAMED_FIELDS = 20;

/** The 422 of an input with faulty fields: the first 20 are named, of the others their number. */
export function invalidFields(fields: FieldError[]): ApiError {
	const named = fields.slice(0, MAX_NAMED_FIELDS);
	const names = named.map((field) => field.field).join(", ");
	const others = fields.length === named.length ? "" : ` and ${fields.length - named.length} more`;
	return new ApiError("invalid_request", `Please correct: ${names}${others}.`, { fields: named });
}

/**
 * What is wrong with a body that holds more than these fields: whoever sends one believes that it does something.
 * @param whole what they are fields of, for the message
 */
export function unknownFields(body: Record<string, unknown>, known: readonly string[], whole: string): FieldError[] {
	const unknown = Object.keys(body).filter((name) => !known.includes(name));
	const message = `is not a field of ${whole}; there are: ${known.join(", ")}`;
	return unknown.map((name) => ({ field: truncate(name, MAX_NAME_CHARS), message }));
}

/** How long a text may be, and what it may hold. */
export interface TextRules {
	/** Code points after trimming. */
	min: number;
	/** Code points after trimming. */
	max: number;
	/**
	 * What is stored: `line` for a name or a title, without control characters; `lines` for a text of any lines, their ends evened
	 * out (`storedLines`). Absent for a text that is not stored: it is taken as it is.
	 */
	stored?: "line" | "lines";
}

/**
 * A text value, trimmed and as it is stored, or what is wrong with it. One in which nothing can be seen is empty. All of this costs
 * the text's length at most, so it may stand before whatever costs more.
 */
export function checkedText(value: unknown, rules: TextRules): { text: string } | { fault: string } {
	if (value === undefined) return { fault: "is required" };
	if (typeof value !== "string") return { fault: `must be text, not ${kindOf(value)}` };
	if (!isStorable(value)) return { fault: "must be well-formed text without NUL" };
	const trimmed = isBlank(value) ? "" : value.trim();
	if (rules.stored === "line" && !isOneLine(trimmed))
		return { fault: "must be a single line without control characters" };
	const text = rules.stored === "lines" ? storedLines(trimmed) : trimmed;
	const length = text.length > 2 * rules.max ? Infinity : codePoints(text);
	if (length >= rules.min && length <= rules.max) return { text };
	const sent = length === Infinity ? "more" : String(length);
	return { fault: `must be ${rules.min} to ${rules.max} characters, not ${sent}` };
}

/**
 * A text field of a body, trimmed. Absent and null are `undefined`; `faults` gets what is wrong with it.
 * Own properties only: a body may carry `__proto__`.
 */
export function textField(
	body: Record<string, unknown>,
	field: string,
	rules: TextRules,
	faults: FieldError[],
): string | undefined {
	const value = Object.hasOwn(body, field) ? body[field] : undefined;
	if (value === undefined || value === null) return undefined;
	const checked = checkedText(value, rules);
	if ("text" in checked) return checked.text;
	faults.push({ field, message: checked.fault });
	return undefined;
}
