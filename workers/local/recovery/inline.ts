/** A value that a statement may be bound to. */
export type Bound = string | number | null;

/** Texts, names and comments of SQL, in which a question mark is none of a parameter's; or a parameter. */
const PARTS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\?(\d+)/g;

/**
 * A statement with its numbered parameters written out: `wrangler d1 execute` takes text alone.
 * @throws {Error} a parameter is not bound, or to what SQL has no literal for
 */
export function inlined(sql: string, values: readonly Bound[]): string {
	return sql.replace(PARTS, (part, number: string | undefined) => {
		if (number !== undefined) return literal(values[Number(number) - 1]);
		return part.startsWith("--") ? "" : part;
	});
}

function literal(value: Bound | undefined): string {
	if (value === undefined) throw new Error("A statement has a parameter that is bound to nothing.");
	if (value === null) return "NULL";
	if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
	if (!Number.isFinite(value)) throw new Error("SQL has no literal for a number that is not finite.");
	return String(value);
}

/** @throws {Error} it is none that a statement here is bound to */
export function boundOf(value: unknown): Bound {
	if (value === null || typeof value === "string" || typeof value === "number") return value;
	throw new Error(`A statement here is bound to texts, numbers and NULL, not to a value of type ${typeof value}.`);
}
