import { isObject } from "../http/json.ts";

/** One row of a result, its columns unchecked. */
export type Row = Record<string, unknown>;

// A column that does not hold what its query promised is a bug of ours, answered as `internal`: every reader of a column
// throws a TypeError then.

/** A text column. @throws {TypeError} it holds anything else */
export function textColumn(row: Row, column: string): string {
	const value = row[column];
	if (typeof value !== "string") throw new TypeError(`${column} is not text`);
	return value;
}

/** A text column that may be NULL. @throws {TypeError} it holds anything else */
export function textColumnOrNull(row: Row, column: string): string | null {
	return row[column] === null ? null : textColumn(row, column);
}

/** A number column. @throws {TypeError} it holds anything else */
export function numberColumn(row: Row, column: string): number {
	const value = row[column];
	if (typeof value !== "number") throw new TypeError(`${column} is not a number`);
	return value;
}

/** A number column that may be NULL. @throws {TypeError} it holds anything else */
export function numberColumnOrNull(row: Row, column: string): number | null {
	return row[column] === null ? null : numberColumn(row, column);
}

/**
 * A column with a JSON array of texts, or NULL. Items that are no texts, which a row written by hand may hold, are left out, so
 * that they cannot break a bot.
 * @throws {TypeError} it holds neither text nor NULL
 * @throws {SyntaxError} the text is no JSON, which the schema refuses
 */
export function textListColumn(row: Row, column: string): string[] | null {
	const value = textColumnOrNull(row, column);
	if (value === null) return null;
	const list: unknown = JSON.parse(value);
	return Array.isArray(list) ? list.filter((item): item is string => typeof item === "string") : [];
}

// Many rows come packed by SQL as one JSON text: a result row costs more than its values (measured, see workers/bench).

/** The rows of a column made by json_group_array(json_object(…)); their values are read as columns are. @throws {TypeError} it is no list */
export function packedRows(row: Row, column: string): Row[] {
	return packed(row, column).filter(isObject);
}

/** The rows of a column made by json_group_array(json_array(…)). @throws {TypeError} it is no list */
export function packedCells(row: Row, column: string): unknown[][] {
	return packed(row, column).filter((cells): cells is unknown[] => Array.isArray(cells));
}

function packed(row: Row, column: string): unknown[] {
	const rows: unknown = JSON.parse(textColumn(row, column));
	if (!Array.isArray(rows)) throw new TypeError(`${column} is not a list`);
	return rows;
}
