import type { FieldError } from "../../lib/http/errors.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { unknownFields } from "../../lib/http/fields.ts";
import { isObject } from "../../lib/http/json.ts";
import type { Rule, StoredValue } from "./patch-rules.ts";

/** What a body says of something new. */
export interface NewFields<Field extends string> {
	body: Record<string, unknown>;
	rules: Record<Field, Rule>;
	/** What they are fields of, for the message. */
	whole: string;
	/** Fields of the body that the caller reads itself. */
	others?: readonly string[];
	/** Stands before the fields' names in faults: the field of the body that holds them, with a dot. */
	prefix?: string;
}

/**
 * The fields of something new as columns hold them; absent and null ones are left out, so that their defaults apply.
 * @param faults gets what is unknown, mistyped or bad
 */
export function readNewFields<Field extends string>(
	{ body, rules, whole, others = [], prefix = "" }: NewFields<Field>,
	faults: FieldError[],
): Partial<Record<Field, StoredValue>> {
	const names = Object.keys(rules).filter((name): name is Field => Object.hasOwn(rules, name));
	const unknown = unknownFields(body, [...names, ...others], whole);
	faults.push(...unknown.map(({ field, message }) => ({ field: prefix + field, message })));
	const stored: Partial<Record<Field, StoredValue>> = {};
	for (const name of names) {
		const value = Object.hasOwn(body, name) ? body[name] : undefined;
		if (value === undefined || value === null) continue;
		const verdict = rules[name](value);
		if ("fault" in verdict) faults.push({ field: prefix + name, message: verdict.fault });
		else stored[name] = verdict.stored;
	}
	return stored;
}

/** A field of a body that is an object itself; absent and null are an empty one. */
export function objectField(
	body: Record<string, unknown>,
	field: string,
	faults: FieldError[],
): Record<string, unknown> {
	const value = Object.hasOwn(body, field) ? (body[field] ?? {}) : {};
	if (isObject(value)) return value;
	faults.push({ field, message: "must be an object" });
	return {};
}

/** Reads what names its own faults, and puts these behind `prefix`; undefined where there are some. */
export function readWithin<Value>(prefix: string, faults: FieldError[], read: () => Value): Value | undefined {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof ApiError) || error.fields === undefined) throw error;
		faults.push(...error.fields.map(({ field, message }) => ({ field: prefix + field, message })));
		return undefined;
	}
}
