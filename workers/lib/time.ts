export const SECOND_MS = 1000;
export const DAY_MS = 86_400_000;

/** The texts of days that were asked for, by the day's number: a page of the dashboard names the same ones over and over. */
const dates = new Map<number, string>();
const MAX_DATES = 1000;

/** The UTC day of an instant, YYYY-MM-DD. */
export function utcDate(now: number): string {
	const day = Math.floor(now / DAY_MS);
	const known = dates.get(day);
	if (known !== undefined) return known;
	const date = new Date(now).toISOString().slice(0, 10);
	if (dates.size >= MAX_DATES) dates.clear();
	dates.set(day, date);
	return date;
}

/** The UTC day of an ISO instant, YYYY-MM-DD. */
export function dateOf(instant: string): string {
	return instant.slice(0, 10);
}

/** The last instant that was asked for: a request names its own several times. */
let latest = { now: Number.NaN, text: "" };

/** The instant as ISO 8601 UTC text with milliseconds. */
export function isoInstant(now: number): string {
	if (latest.now !== now) latest = { now, text: new Date(now).toISOString() };
	return latest.text;
}

/** The first instant of the next UTC day, ms. */
export function nextUtcDay(now: number): number {
	return (Math.floor(now / DAY_MS) + 1) * DAY_MS;
}

/** The first instant of the next UTC month, ms. */
export function nextUtcMonth(now: number): number {
	const date = new Date(now);
	return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
