import { refusal } from "./portal.ts";

/** A body as it goes out, and the faults it has. */
export type Case = [body: string, ...faults: [field: string, message: string][]];

/** One field with values as they stand in the JSON. */
export function bad(field: string, message: string, values: string[]): Case[] {
	return values.map((value) => [`{${JSON.stringify(field)}:${value}}`, [field, message]]);
}

/** The body of the answer that names these faults. */
export function faulty(faults: [field: string, message: string][]) {
	const fields = faults.map(([field, message]) => ({ field, message }));
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
