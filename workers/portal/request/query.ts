import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { isStorable, truncate } from "../../lib/text/text.ts";

/** How much of an unknown parameter's name is given back. */
const MAX_NAME_CHARS = 100;

/**
 * A parameter of the query by its exact name; absent is `undefined`. Given twice it could mean one thing here and another
 * to whoever checks before us, and given empty it could pass for "all": `faults` gets both.
 * @param max UTF-16 units
 */
export function queryText(
	params: URLSearchParams,
	field: string,
	max: number,
	faults: FieldError[],
): string | undefined {
	const [value, ...others] = params.getAll(field);
	if (value === undefined) return undefined;
	if (others.length === 0 && value !== "" && value.length <= max && isStorable(value)) return value;
	faults.push({ field, message: `must be given once, with 1 to ${max} characters` });
	return undefined;
}

/** A parameter that must be one of a closed list. */
export function queryChoice(
	params: URLSearchParams,
	field: string,
	choices: readonly string[],
	faults: FieldError[],
): string | undefined {
	const value = queryText(params, field, 100, faults);
	if (value === undefined || choices.includes(value)) return value;
	faults.push({ field, message: `must be one of ${choices.join(", ")}` });
	return undefined;
}

/**
 * Refuses parameters that an operation does not have: whoever sends `?sort=` believes that it does something. Those it has
 * are read by `queryText`, which refuses them where they are given twice.
 * @throws {ApiError} invalid_request, naming them
 */
export function requireKnown(params: URLSearchParams, known: ReadonlySet<string>): void {
	const unknown = [...new Set(params.keys())].filter((name) => !known.has(name));
	if (unknown.length === 0) return;
	const message = `is not a parameter here; there are: ${[...known].join(", ") || "none"}`;
	throw invalidFields(unknown.map((name) => ({ field: truncate(name, MAX_NAME_CHARS), message })));
}
