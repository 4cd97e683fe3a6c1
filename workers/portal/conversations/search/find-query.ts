import { terms } from "../../../lib/knowledge/terms.ts";
import type { FieldError } from "../../../lib/http/errors.ts";
import { invalidFields } from "../../../lib/http/fields.ts";
import { codePoints } from "../../../lib/text/text.ts";
import { parseInstantRange } from "../../numbers/day-range.ts";
import { AFTER_ALL, CURSOR_FAULT, pageCursor, pageLimit } from "../../request/page.ts";
import { queryChoice, queryText } from "../../request/query.ts";
import { firstNumber } from "./session-words.ts";

const DEFAULT_LIMIT = 25;
/** Code points. */
const MAX_Q_CHARS = 200;
const MAX_TERMS = 8;
/** What a cursor of a search begins with: it ends at a number, and a list's at an instant. */
const SEARCH_CURSOR = "q";

/** What conversations must be like; null = either. */
export interface Filters {
	engineId: string | null;
	rating: "up" | "down" | null;
	unanswered: boolean | null;
	hasLead: boolean | null;
}

/** A list, or a search, which has terms. */
export interface ConversationsQuery extends Filters {
	limit: number;
	from: string;
	/** What every row sorts before: the last row of the page before, or the end of the days asked for. */
	before: [startedAt: string, id: string];
	search: Search | null;
}

export interface Search {
	/** 1 to 8, each once. */
	terms: string[];
	/** The least number that is looked at, and the first that is not any more. */
	numbers: [from: number, before: number];
}

/** @param now epoch ms @throws {ApiError} invalid_request */
export function parseConversationsQuery(params: URLSearchParams, now: number): ConversationsQuery {
	const faults: FieldError[] = [];
	const range = parseInstantRange(params, now, faults);
	const sought = soughtTerms(params, faults);
	const cursor = pageCursor(params, faults);
	if (cursor !== undefined && (cursor[0] === SEARCH_CURSOR) !== (sought !== null)) faults.push(CURSOR_FAULT);
	const query = {
		limit: pageLimit(params, DEFAULT_LIMIT, faults),
		engineId: queryText(params, "engine_id", 100, faults) ?? null,
		rating: ratingOf(params, faults),
		unanswered: flagOf(params, "unanswered", faults),
		hasLead: flagOf(params, "has_lead", faults),
		from: range.from,
		before: cursor !== undefined && cursor[0] < range.before ? cursor : ([range.before, ""] satisfies [string, string]),
		search: sought === null ? null : { terms: sought, numbers: numbersOf(range, cursor?.[1], faults) },
	};
	if (faults.length > 0) throw invalidFields(faults);
	return query;
}

/** What the cursor of a search says, for the page behind a number. */
export function searchCursor(before: number): string[] {
	return [SEARCH_CURSOR, String(before)];
}

function soughtTerms(params: URLSearchParams, faults: FieldError[]): string[] | null {
	if (!params.has("q")) return null;
	const text = queryText(params, "q", MAX_Q_CHARS * 2, faults) ?? "";
	if (text === "") return [];
	const found = [...new Set(terms(text))];
	const fault = searchFault(text, found.length);
	if (fault !== undefined) faults.push({ field: "q", message: fault });
	return found;
}

function searchFault(text: string, count: number): string | undefined {
	if (codePoints(text) > MAX_Q_CHARS) return `must be at most ${MAX_Q_CHARS} characters`;
	if (count === 0) return "must have a word that not every text has: the commonest, such as the, are not searched for";
	return count > MAX_TERMS ? `must be at most ${MAX_TERMS} different words` : undefined;
}

function ratingOf(params: URLSearchParams, faults: FieldError[]): Filters["rating"] {
	const rating = queryChoice(params, "rating", ["up", "down"], faults);
	return rating === "up" || rating === "down" ? rating : null;
}

function flagOf(params: URLSearchParams, field: string, faults: FieldError[]): boolean | null {
	const flag = queryChoice(params, field, ["true", "false"], faults);
	return flag === undefined ? null : flag === "true";
}

function numbersOf(
	{ from, before }: { from: string; before: string },
	place: string | undefined,
	faults: FieldError[],
): [number, number] {
	const last = before === AFTER_ALL ? Number.MAX_SAFE_INTEGER : firstNumber(before);
	const behind = place === undefined ? last : Number(place);
	if (place !== undefined && !/^\d{1,16}$/.test(place) && !faults.includes(CURSOR_FAULT)) faults.push(CURSOR_FAULT);
	return [firstNumber(from), Math.min(behind, last)];
}
