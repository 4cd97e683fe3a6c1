import { datesOf } from "./day-range.ts";
import type { DayRange } from "./day-range.ts";

// A day has many counters, and most of what is shown of them are sums. What is shown by day comes day by day, and what is
// shown of a whole range only, such as all of the range before, comes as sums that SQL has made: reading packed numbers is
// what these answers cost most.

/** SQL of a packed list: the days m, `[date, ...counters]` each. */
export function daysSql(counters: readonly string[]): string {
	return `json_group_array(json_array(m.date, ${counters.map((counter) => `m.${counter}`).join(", ")}))`;
}

/** SQL of a packed row: the sum of each counter over the days m; null where there is no day. */
export function sumsSql(counters: readonly string[]): string {
	return `json_array(${counters.map((counter) => `SUM(m.${counter})`).join(", ")})`;
}

/** Sums of counters, each in the order in which its statement names them. */
export interface Activity {
	/** Every day of the range, zero-filled, in order. */
	days: Map<string, number[]>;
	totals: number[];
	/** Over the range before. */
	previous: number[];
}

/** An activity of nothing yet. @param width how many counters */
export function emptyActivity(range: DayRange, width: number): Activity {
	const none = zeros(width);
	return {
		days: new Map(datesOf(range).map((date) => [date, none.slice()])),
		totals: none.slice(),
		previous: none.slice(),
	};
}

export function zeros(width: number): number[] {
	return Array.from({ length: width }, () => 0);
}

/** Adds counters to sums. @param from the cell with the first counter */
export function addCells(sums: number[], cells: readonly unknown[], from = 0): void {
	for (let index = from; index < cells.length; index++) {
		const value = cells[index] ?? 0;
		if (typeof value !== "number") throw new TypeError("a counter is not a number");
		sums[index - from] = (sums[index - from] ?? 0) + value;
	}
}

/** Adds days as `daysSql` packs them to `sums` and, where it is given, each to its own in `days`. */
export function addDays(packed: readonly unknown[], sums: number[], days?: ReadonlyMap<string, number[]>): void {
	for (const cells of packed) {
		if (!Array.isArray(cells)) throw new TypeError("a day is not a list");
		addCells(sums, cells, 1);
		const [date]: unknown[] = cells;
		if (typeof date !== "string") throw new TypeError("a date is not text");
		const day = days?.get(date);
		if (day !== undefined) addCells(day, cells, 1);
	}
}

/** Milliseconds a turn took on average; null when there was none. */
export function averageMs(latencySumMs: number, messages: number): number | null {
	return messages === 0 ? null : Math.round(latencySumMs / messages);
}
