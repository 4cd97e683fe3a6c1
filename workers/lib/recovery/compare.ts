import { numberColumn } from "../d1/row.ts";
import type { Row } from "../d1/row.ts";
import { CONFIG_DEFAULTS } from "../site/config-defaults.ts";
import { DAY_MS, dateOf, isoInstant, utcDate } from "../time.ts";
import { dayMetricsStatement, metricsDifferences } from "./day-metrics.ts";
import { dayUsageStatement, usageDifferences } from "./day-usage.ts";
import type { ComparedDay, Difference } from "./difference.ts";
import { STANDING, standingDifferences, standingStatement } from "./standing.ts";
import type { Store } from "./store.ts";

/** What of an org's is compared. */
export interface Comparison {
	orgId: string;
	/** UTC days. */
	dates: readonly string[];
	/** How many days before a day conversations may have begun that are looked at; undefined = all are. */
	windowDays: number | undefined;
	/** Epoch ms. */
	now: number;
}

/** What a comparison has found. */
export interface Compared {
	differences: Difference[];
	/** Days that were left out: something of them is under way, or their rows are gone. */
	left: string[];
}

/** Sessions, months and days of workflows that the daily run looks at, days. */
const STANDING_WINDOW_DAYS = 3;

/** The day after a day. */
function dayAfter(date: string): string {
	return utcDate(Date.parse(date) + DAY_MS);
}

function dayOf({ orgId, windowDays }: Comparison, date: string): ComparedDay {
	const since = windowDays === undefined ? "" : utcDate(Date.parse(date) - windowDays * DAY_MS);
	return { orgId, date, nextDate: dayAfter(date), since };
}

/**
 * Holds an org's counters against its rows, in one round trip: two statements a day, and one for each counter that is of no day.
 * @throws {ApiError} as the store's `run`
 */
export async function compareOrg(store: Store, comparison: Comparison): Promise<Compared> {
	const { db } = store;
	const { orgId, dates, windowDays, now } = comparison;
	const days = dates.map((date) => dayOf(comparison, date));
	const since = windowDays === undefined ? "" : isoInstant(now - STANDING_WINDOW_DAYS * DAY_MS);
	const results = await store.run([
		...days.flatMap((day) => [
			dayUsageStatement(db, day, CONFIG_DEFAULTS.retention_days),
			dayMetricsStatement(db, day),
		]),
		...STANDING.map((standing) => standingStatement(db, standing, orgId, since)),
	]);
	const compared: Compared = { differences: [], left: [] };
	for (const [index, day] of days.entries()) {
		const usage = results[2 * index]?.[0];
		if (usage === undefined) continue;
		const sites = results[2 * index + 1] ?? [];
		if (isComparable(usage, sites, day, now)) compared.differences.push(...ofDay(store, day, usage, sites));
		else compared.left.push(day.date);
	}
	for (const [index, standing] of STANDING.entries())
		compared.differences.push(...standingDifferences(db, standing, orgId, results[2 * days.length + index] ?? []));
	return compared;
}

/** Nothing of the day is under way, and none of its conversations is old enough to be erased. */
function isComparable(usage: Row, sites: readonly Row[], { date }: ComparedDay, now: number): boolean {
	const days = numberColumn(usage, "retention_days");
	const isKept = days === 0 || date > dateOf(isoInstant(now - days * DAY_MS));
	return isKept && sites.every((row) => numberColumn(row, "pending") === 0);
}

function ofDay({ db }: Store, day: ComparedDay, usage: Row, sites: readonly Row[]): Difference[] {
	// What was erased has left its numbers.
	const isKept = numberColumn(usage, "is_erased") === 0;
	const there = { isKept, isWhole: isKept && day.since === "" };
	const answers = sites.reduce((sum, row) => sum + numberColumn(row, "answers"), 0);
	return [
		...sites.flatMap((row) => metricsDifferences(db, day, row, there)),
		...usageDifferences(db, day, usage, { answers, there }),
	];
}

/**
 * Puts right what is certain, in one round trip. What has moved since it was read is left for the next comparison.
 * @returns those that were put right
 */
export async function mendDifferences(store: Store, differences: readonly Difference[]): Promise<Difference[]> {
	const certain = differences.filter(({ isCertain }) => isCertain);
	if (certain.length === 0) return [];
	const results = await store.run(certain.map(({ mend }) => mend));
	return certain.filter((_, index) => results[index]?.length === 1);
}
