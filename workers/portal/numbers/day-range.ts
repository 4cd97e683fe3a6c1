import type { FieldError } from "../../lib/http/errors.ts";
import { DAY_MS, utcDate } from "../../lib/time.ts";
import { queryText } from "../request/query.ts";

/** How many days an answer covers when the request does not say, today included. */
export const DEFAULT_DAYS = 30;
/** The longest range, days. */
const MAX_DAYS = 366;
const FIRST_DATE = "2000-01-01";

/** Whole UTC days, both ends included, YYYY-MM-DD. */
export interface DayRange {
	from: string;
	to: string;
	days: number;
}

/** The days up to and including the one of `now`. */
export function lastDays(now: number, days: number): DayRange {
	return { from: utcDate(now - (days - 1) * DAY_MS), to: utcDate(now), days };
}

/** As many days, just before. */
export function rangeBefore({ from, days }: DayRange): DayRange {
	return lastDays(Date.parse(from) - DAY_MS, days);
}

/** The day after; its text sorts after every instant of `date` and before every later one. */
export function dayAfter(date: string): string {
	return utcDate(Date.parse(date) + DAY_MS);
}

/** Every day of a range, in order. */
export function datesOf({ from, days }: DayRange): string[] {
	const start = Date.parse(from);
	return Array.from({ length: days }, (_, index) => utcDate(start + index * DAY_MS));
}

/**
 * The range of `?from&to`: by default the last 30 days; with one end only, 30 days up to `to` or all days since `from`.
 * `to` in the future means today, so that a month or a day ahead of UTC can be asked for; `from` in the future is a fault.
 * @param now epoch ms
 */
export function parseDayRange(params: URLSearchParams, now: number, faults: FieldError[]): DayRange | undefined {
	const today = utcDate(now);
	const to = queryDate(params, "to", faults) ?? today;
	const isAhead = to > today;
	const end = isAhead ? today : to;
	const from = queryDate(params, "from", faults) ?? lastDays(Date.parse(end), DEFAULT_DAYS).from;
	if (faults.length > 0) return undefined;
	const range = { from, to: end, days: daysBetween(from, end) };
	const fault = rangeFault(from, to, today);
	if (fault === undefined) return range;
	faults.push(fault);
	return undefined;
}

function rangeFault(from: string, to: string, today: string): FieldError | undefined {
	if (from > today) return { field: "from", message: "must not be in the future" };
	if (from > to) return { field: "from", message: "must not be after to" };
	// As asked, not as cut at today: the same request must not become wrong as time goes by.
	if (daysBetween(from, to) > MAX_DAYS)
		return { field: "from", message: `must be at most ${MAX_DAYS} days before to, both included` };
	return undefined;
}

function daysBetween(from: string, to: string): number {
	return (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
}

function queryDate(params: URLSearchParams, field: string, faults: FieldError[]): string | undefined {
	const value = queryText(params, field, 100, faults);
	if (value === undefined || isDate(value)) return value;
	faults.push({ field, message: `must be a day as YYYY-MM-DD, from ${FIRST_DATE}` });
	return undefined;
}

function isDate(text: string): boolean {
	if (!/^\d{4}-\d\d-\d\d$/.test(text) || text < FIRST_DATE) return false;
	const instant = Date.parse(text);
	// 30 February parses to 2 March in some engines.
	return !Number.isNaN(instant) && utcDate(instant) === text;
}
