import type { FieldError } from "../../lib/http/errors.ts";
import { DAY_MS, utcDate } from "../../lib/time.ts";
import { AFTER_ALL } from "../request/page.ts";
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
 * Where a day begins up to 14 hours before UTC's, today is UTC's tomorrow: `from` may be that, and what it begins is empty yet.
 * `to` may lie as far ahead as it likes, as the end of a month does, and means today, or tomorrow where `from` does.
 * @param now epoch ms
 */
export function parseDayRange(params: URLSearchParams, now: number, faults: FieldError[]): DayRange | undefined {
	const today = utcDate(now);
	const asked = { to: queryDate(params, "to", faults), from: queryDate(params, "from", faults) };
	if (faults.length > 0) return undefined;
	const latest = asked.from !== undefined && asked.from > today ? asked.from : today;
	const to = asked.to ?? latest;
	const isAhead = to > latest;
	const end = isAhead ? latest : to;
	const from = asked.from ?? lastDays(Date.parse(end), DEFAULT_DAYS).from;
	const fault = rangeFault(from, to, dayAfter(today));
	if (fault === undefined) return { from, to: end, days: daysBetween(from, end) };
	faults.push(fault);
	return undefined;
}

/** Instants as text: `from` is the first, `before` the first that is too late. */
interface InstantRange {
	from: string;
	before: string;
}

/** The instants of a list that goes back to its first row: all of them, or with `from` or `to` those of `parseDayRange`. */
export function parseInstantRange(params: URLSearchParams, now: number, faults: FieldError[]): InstantRange {
	const range = params.has("from") || params.has("to") ? parseDayRange(params, now, faults) : undefined;
	return range === undefined ? { from: "", before: AFTER_ALL } : { from: range.from, before: dayAfter(range.to) };
}

function rangeFault(from: string, to: string, tomorrow: string): FieldError | undefined {
	if (from > tomorrow) return { field: "from", message: `must not be after ${tomorrow}, tomorrow in UTC` };
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
