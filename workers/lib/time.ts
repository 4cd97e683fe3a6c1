export const SECOND_MS = 1000;
export const DAY_MS = 86_400_000;

/** The UTC day of an instant, YYYY-MM-DD. */
export function utcDate(now: number): string {
	return new Date(now).toISOString().slice(0, 10);
}

/** The UTC day of an ISO instant, YYYY-MM-DD. */
export function dateOf(instant: string): string {
	return instant.slice(0, 10);
}

/** The instant as ISO 8601 UTC text with milliseconds. */
export function isoInstant(now: number): string {
	return new Date(now).toISOString();
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
