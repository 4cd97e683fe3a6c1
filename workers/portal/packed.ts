import { textColumn } from "../lib/d1/row.ts";
import type { Row } from "../lib/d1/row.ts";
import { isObject } from "../lib/http/json.ts";

/** The most rows of a list without pages (engines, workflows). */
export const MAX_LIST_ROWS = 200;

// Many rows come packed by SQL as one JSON text: a result row costs more than its values (measured, see the README's benchmark).

/** The rows of a column made by json_group_array(json_object(…)); their values are read as columns are. */
export function packedRows(row: Row, column: string): Row[] {
	return packed(row, column).filter(isObject);
}

/** The rows of a column made by json_group_array(json_array(…)). */
export function packedCells(row: Row, column: string): unknown[][] {
	return packed(row, column).filter((cells): cells is unknown[] => Array.isArray(cells));
}

function packed(row: Row, column: string): unknown[] {
	const rows: unknown = JSON.parse(textColumn(row, column));
	if (!Array.isArray(rows)) throw new TypeError(`${column} is not a list`);
	return rows;
}
