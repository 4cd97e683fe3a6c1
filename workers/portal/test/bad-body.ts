import { expect } from "vitest";
import { refusal } from "./portal.ts";

/** A body as it goes out, and the faults it has. */
export type Case = [body: string, ...faults: [field: string, message: string][]];

/** One field with values as they stand in the JSON. */
export function bad(field: string, message: string, values: string[]): Case[] {
	return values.map((value) => [`{${JSON.stringify(field)}:${value}}`, [field, message]]);
}

/** What may stand behind a fault: what was sent instead, in kind or in characters, or the fields that there are. */
const INSTEAD = "(?:, not (?:null|text|a number|true or false|a list|an object|more|\\d+)|; there are: [a-z_, ]+)?";

/** The fields of an answer that names these faults, whatever of each kind was sent instead. */
export function faultyFields(faults: [field: string, message: string][]) {
	return faults.map(([field, message]) => {
		const words = message.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
		return { field, message: expect.stringMatching(new RegExp(`^${words}${INSTEAD}$`)) };
	});
}

/** The body of the answer that names these faults. */
export function faulty(faults: [field: string, message: string][]) {
	const fields = faultyFields(faults);
	return refusal("invalid_request", `Please correct: ${fields.map(({ field }) => field).join(", ")}.`, fields);
}

/** Names that a body's field may have to reach what lies behind. */
export const HOSTILE_NAMES = [
	"__proto__",
	"constructor",
	"prototype",
	"toString",
	"hasOwnProperty",
	"",
	"greeting; DROP TABLE orgs",
];
/** JSON values that no text field takes. */
export const NO_TEXTS = [
	"1",
	"true",
	"[]",
	"{}",
	'["x"]',
	"1e999",
	"-0",
	'{"toString":"x"}',
	"[".repeat(10_000) + "]".repeat(10_000),
];
