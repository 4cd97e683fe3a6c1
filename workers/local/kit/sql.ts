/** A statement as the portal prepares it, with what it is bound to. */
export interface Bound {
	sql: string;
	values: readonly unknown[];
}

/** Stands for an id that is looked up by its slug in the statement itself, in a dry run, which reads nothing. */
const BY_SLUG = "\u0001by-slug:";

/** What a dry run binds in place of the id of the client of this slug. */
export function idBySlug(slug: string): string {
	return BY_SLUG + slug;
}

/** Texts and names in quotes, comments, and the numbered parameters outside of these. */
const PARTS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\?(\d+)/g;

/**
 * The statement with its values in it: wrangler takes no parameters.
 * @throws {TypeError} a value is none that D1 binds, or is missing
 */
export function inlined({ sql, values }: Bound): string {
	return tidy(sql).replace(PARTS, (part, number: string | undefined) =>
		number === undefined ? part : literal(values[Number(number) - 1]),
	);
}

/** Without the indentation of the source. */
function tidy(sql: string): string {
	return sql
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line !== "")
		.join("\n");
}

function literal(value: unknown): string {
	if (value === null) return "NULL";
	if (typeof value === "number" && Number.isFinite(value)) return String(value);
	if (typeof value !== "string") throw new TypeError("a parameter is neither text nor a number nor NULL");
	if (value.startsWith(BY_SLUG)) return `(SELECT id FROM orgs WHERE slug = ${quoted(value.slice(BY_SLUG.length))})`;
	return quoted(value);
}

function quoted(text: string): string {
	return `'${text.replaceAll("'", "''")}'`;
}
