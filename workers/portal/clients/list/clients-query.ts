import type { FieldError } from "../../../lib/http/errors.ts";
import { invalidFields } from "../../../lib/http/fields.ts";
import { codePoints } from "../../../lib/text/text.ts";
import { MAX_CURSOR_CHARS, decodeCursor } from "../../request/cursor.ts";
import { CURSOR_FAULT, pageCursor, pageLimit } from "../../request/page.ts";
import { queryChoice, queryText } from "../../request/query.ts";
import { ATTENTION } from "./attention.ts";
import { PLANS, STATUSES } from "../client-fields.ts";

const DEFAULT_LIMIT = 50;
const MAX_PREFIX_CHARS = 40;
/** What a list may be sorted by beside the name, which is the order in which it is stored; the largest or the newest first. */
export const SORTS = ["name", "created_at", "messages_30d", "cost_30d", "margin_30d", "attention"] as const;
export type Sort = (typeof SORTS)[number];
/** What clients may be picked by that want looking at. */
export const ATTENTION_FILTERS = ["any", ...ATTENTION];

/** Behind which client a page begins. */
type After = { sort: "name"; name: string; id: string } | { sort: Exclude<Sort, "name">; value: number; id: string };

export interface ClientsQuery {
	limit: number;
	sort: Sort;
	/** undefined = on the first page */
	after: After | undefined;
	prefix: string | undefined;
	status: string | undefined;
	plan: string | undefined;
	attention: string | undefined;
}

/** @throws {ApiError} invalid_request */
export function parseClientsQuery(params: URLSearchParams): ClientsQuery {
	const faults: FieldError[] = [];
	const asked = queryChoice(params, "sort", SORTS, faults);
	const sort = SORTS.find((name) => name === asked) ?? "name";
	const query = {
		limit: pageLimit(params, DEFAULT_LIMIT, faults),
		sort,
		after: parseAfter(params, sort, faults),
		prefix: parsePrefix(params, faults),
		status: queryChoice(params, "status", STATUSES, faults),
		plan: queryChoice(params, "plan", PLANS, faults),
		attention: queryChoice(params, "attention", ATTENTION_FILTERS, faults),
	};
	if (faults.length > 0) throw invalidFields(faults);
	return query;
}

function parseAfter(params: URLSearchParams, sort: Sort, faults: FieldError[]): After | undefined {
	if (sort === "name") {
		const values = pageCursor(params, faults);
		return values === undefined ? undefined : { sort, name: values[0], id: values[1] };
	}
	const text = queryText(params, "cursor", MAX_CURSOR_CHARS, faults);
	if (text === undefined) return undefined;
	// The cursor of another order would begin anywhere.
	const [of, value = "", id = ""] = decodeCursor(text, 3) ?? [];
	if (of === sort && /^-?\d{1,15}$/.test(value)) return { sort, value: Number(value), id };
	faults.push(CURSOR_FAULT);
	return undefined;
}

function parsePrefix(params: URLSearchParams, faults: FieldError[]): string | undefined {
	const prefix = queryText(params, "q", 2 * MAX_PREFIX_CHARS, faults);
	if (codePoints(prefix ?? "") > MAX_PREFIX_CHARS)
		faults.push({ field: "q", message: `must be at most ${MAX_PREFIX_CHARS} characters` });
	return prefix;
}
