import { ApiError } from "./errors.ts";
import type { FieldError } from "./errors.ts";
import { codePoints, isStorable } from "./text.ts";

/** The 422 of an input with faulty fields, all of them named. */
export function invalidFields(fields: FieldError[]): ApiError {
	const names = fields.map((field) => field.field).join(", ");
	return new ApiError("invalid_request", `Please correct: ${names}.`, { fields });
}

export interface TextRules {
	/** Code points after trimming. */
	min: number;
	/** Code points after trimming. */
	max: number;
}

/**
 * A text field of a body, trimmed. Absent and null are `undefined`; `faults` gets what is wrong with it.
 * Own properties only: a body may carry `__proto__`.
 */
export function textField(body: Record<string, unknown>, field: string, rules: TextRules, faults: FieldError[]): string | undefined {
	const value = Object.hasOwn(body, field) ? body[field] : undefined;
	if (value === undefined || value === null) return undefined;
	if (typeof value !== "string") {
		faults.push({ field, message: "must be text" });
		return undefined;
	}
	const text = value.trim();
	if (!isStorable(text)) {
		faults.push({ field, message: "must be well-formed text without NUL" });
		return undefined;
	}
	const length = codePoints(text);
	if (length < rules.min || length > rules.max) {
		faults.push({ field, message: `must be ${rules.min} to ${rules.max} characters` });
		return undefined;
	}
	return text;
}
