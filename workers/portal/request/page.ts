import type { Row } from "../../lib/d1/row.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { MAX_CURSOR_CHARS, decodeCursor, encodeCursor } from "./cursor.ts";
import { queryText } from "./query.ts";

/** The most rows of a list that has no pages (engines, workflows). */
export const MAX_LIST_ROWS = 200;
/** Sorts after every instant: where a list that shows the newest first begins. */
export const AFTER_ALL = "~";
const MAX_PAGE_ROWS = 100;

/** Rows of a page by `?limit`: 1 to 100. */
export function pageLimit(params: URLSearchParams, fallback: number, faults: FieldError[]): number {
	const text = queryText(params, "limit", 100, faults) ?? String(fallback);
	const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
	if (limit < 1 || limit > MAX_PAGE_ROWS) faults.push({ field: "limit", message: `must be 1 to ${MAX_PAGE_ROWS}` });
	return limit;
}

/** The fault of a cursor that no page of ours gave. */
export const CURSOR_FAULT: FieldError = { field: "cursor", message: "must be the next_cursor of a page" };

/** The sort values of the row that `?cursor` follows; undefined on the first page. */
export function pageCursor(params: URLSearchParams, faults: FieldError[]): [string, string] | undefined {
	const text = queryText(params, "cursor", MAX_CURSOR_CHARS, faults);
	if (text === undefined) return undefined;
	const [first, second] = decodeCursor(text, 2) ?? [];
	if (first !== undefined && second !== undefined) return [first, second];
	faults.push(CURSOR_FAULT);
	return undefined;
}

/** The instant and id that the page of a list comes before which shows the newest first. */
export function beforeCursor(params: URLSearchParams, faults: FieldError[]): [string, string] {
	return pageCursor(params, faults) ?? [AFTER_ALL, ""];
}

/**
 * What a list that has no other filters is asked for by `?limit` and `?cursor`.
 * @param defaultLimit rows of a page without `?limit`
 * @param cursorOf reads `?cursor`
 * @throws {ApiError} invalid_request
 */
export function parsePage<Cursor>(
	params: URLSearchParams,
	defaultLimit: number,
	cursorOf: (params: URLSearchParams, faults: FieldError[]) => Cursor,
): { limit: number; before: Cursor } {
	const faults: FieldError[] = [];
	const limit = pageLimit(params, defaultLimit, faults);
	const before = cursorOf(params, faults);
	if (faults.length > 0) throw invalidFields(faults);
	return { limit, before };
}

interface Page<Item> {
	items: Item[];
	/** What `?cursor` has to say for the page that follows; null on the last. */
	next_cursor: string | null;
}

/**
 * A page of a list.
 * @param rows as its statement read them: one more than the page shows, which tells whether there is another
 * @param itemOf what is shown of a row
 * @param sortValues what the next page's statement goes on behind, of the last row that is shown
 */
export function pageOf<Item>(
	rows: readonly Row[],
	limit: number,
	itemOf: (row: Row) => Item,
	sortValues: (last: Row) => string[],
): Page<Item> {
	const shown = rows.slice(0, limit);
	const last = rows.length > limit ? shown.at(-1) : undefined;
	return {
		items: shown.map((row) => itemOf(row)),
		next_cursor: last === undefined ? null : encodeCursor(sortValues(last)),
	};
}
