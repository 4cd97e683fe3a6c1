/** Anything as an object's fields; what is none has none of those that are asked for. */
export function fieldsOf(value: unknown): Record<string, unknown> {
	return Object(value);
}

/** A field that is text; "" when it is not. */
export function textOf(fields: Record<string, unknown>, name: string): string {
	const value = fields[name];
	return typeof value === "string" ? value : "";
}

/** A field that is a list; empty when it is not. */
export function listOf(fields: Record<string, unknown>, name: string): unknown[] {
	const value: unknown = fields[name];
	return Array.isArray(value) ? value : [];
}

/** The texts of a field that is a list. */
export function textsOf(fields: Record<string, unknown>, name: string): string[] {
	return listOf(fields, name).filter((item) => typeof item === "string");
}
