// As in api/read.ts, whose code the panel has: shared, it would be a file of its own that every page fetches before the panel.

/** Anything as an object's fields; what is none has none. */
export function fieldsOf(value: unknown): Record<string, unknown> {
	return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field that is text; "" when it is not. */
export function textOf(fields: Record<string, unknown>, name: string): string {
	const value = fields[name];
	return typeof value === "string" ? value : "";
}
