import { datesOf } from "./day-range.ts";
import type { DayRange } from "./day-range.ts";

/**
 * Sums of counters over the days of a range, and of the range before it. A sum is a list of numbers in the order of the
 * counters that its statement selects, `messages` and `latency_sum_ms` among them.
 */
export interface Activity {
	from: string;
	/** Every day of the range, zero-filled, in order. */
	days: Map<string, number[]>;
	totals: number[];
	previous: number[];
}

/** An activity of nothing yet. @param width how many counters */
export function emptyActivity(range: DayRange, width: number): Activity {
	const days = new Map(datesOf(range).map((date) => [date, zeros(width)]));
	return { from: range.from, days, totals: zeros(width), previous: zeros(width) };
}

export function zeros(width: number): number[] {
	return new Array<number>(width).fill(0);
}

/** Adds a row `[date, ...counters]` to every sum given. */
export function addCells(cells: unknown[], ...sums: number[][]): void {
	for (let index = 1; index < cells.length; index++) {
		const value = cells[index];
		if (typeof value !== "number") throw new TypeError("a counter is not a number");
		for (const sum of sums) sum[index - 1] = (sum[index - 1] ?? 0) + value;
	}
}

/** Whether a row `[date, ...counters]` is of the range itself, not of the one before. */
export function isInRange(activity: Activity, cells: unknown[]): boolean {
	const [date] = cells;
	if (typeof date !== "string") throw new TypeError("a date is not text");
	return date >= activity.from;
}

/** Counts a row `[date, ...counters]` where it belongs. */
export function addDay(activity: Activity, cells: unknown[]): void {
	if (!isInRange(activity, cells)) {
		addCells(cells, activity.previous);
		return;
	}
	const day = activity.days.get(String(cells[0]));
	if (day !== undefined) addCells(cells, day, activity.totals);
}

/** Milliseconds a turn took on average; null when there was none. */
export function averageMs(latencySumMs: number, messages: number): number | null {
	return messages === 0 ? null : Math.round(latencySumMs / messages);
}
