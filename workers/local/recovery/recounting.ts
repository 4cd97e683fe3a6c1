import { textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import { compareOrg, mendDifferences } from "../../lib/recovery/compare.ts";
import type { Difference } from "../../lib/recovery/difference.ts";
import type { Store } from "../../lib/recovery/store.ts";
import { DAY_MS, utcDate } from "../../lib/time.ts";

/** Days that are compared where none is named: those that an org which does not say how long it keeps its conversations has whole. */
const DEFAULT_DAYS = 89;
/** Days of one round trip: their two statements are 8,000 characters long, and a command line takes 128 KiB. */
const DAYS_AT_ONCE = 8;
/** One counter may rest on another, which was put right in the round before. */
const MAX_ROUNDS = 3;

export interface RecountOptions {
	/** Undefined = all. */
	org: string | undefined;
	/** UTC days; undefined = 89 days ago, and yesterday: today still moves. */
	from: string | undefined;
	to: string | undefined;
	isMended: boolean;
	/** Epoch ms. */
	now: number;
	tell(text: string): void;
}

/** How much differed, and how much of it was put right. */
export interface RecountCounts {
	orgs: number;
	differences: number;
	mended: number;
}

/**
 * Holds all counters against all rows that are there, org by org, and puts right what is certain where it is told to.
 * @throws {Error} there is no such org
 */
export async function recount(store: Store, options: RecountOptions): Promise<RecountCounts> {
	const { tell } = options;
	const counts: RecountCounts = { orgs: 0, differences: 0, mended: 0 };
	for (const orgId of await orgIds(store, options.org)) {
		counts.orgs += 1;
		const [left, told] = [new Set<string>(), new Set<string>()];
		for (const dates of groupsOf(datesOf(options)))
			await recountDays(store, orgId, dates, { options, counts, left, told });
		if (left.size > 0)
			tell(`${orgId}: not compared, their rows are gone or a turn is under way: ${[...left].join(" ")}`);
	}
	await recountDeployment(store, options, counts);
	return counts;
}

async function orgIds({ db, run }: Store, org: string | undefined): Promise<string[]> {
	const sql = "SELECT id FROM orgs WHERE erasure_id IS NULL AND (?1 IS NULL OR id = ?1) ORDER BY id";
	const [rows = []] = await run([db.prepare(sql).bind(org ?? null)]);
	if (rows.length === 0 && org !== undefined) throw new Error(`There is no organization ${org} in this database.`);
	return rows.map((row) => textColumn(row, "id"));
}

function datesOf({ from, to, now }: RecountOptions): string[] {
	const last = Date.parse(to ?? utcDate(now - DAY_MS));
	const dates: string[] = [];
	for (let at = Date.parse(from ?? utcDate(now - DEFAULT_DAYS * DAY_MS)); at <= last; at += DAY_MS)
		dates.push(utcDate(at));
	return dates;
}

function groupsOf(dates: readonly string[]): string[][] {
	const count = Math.max(1, Math.ceil(dates.length / DAYS_AT_ONCE));
	return Array.from({ length: count }, (_, n) => dates.slice(n * DAYS_AT_ONCE, (n + 1) * DAYS_AT_ONCE));
}

interface Recounting {
	options: RecountOptions;
	counts: RecountCounts;
	/** Days of the org that were left out. */
	left: Set<string>;
	/** Differences of the org that were told. */
	told: Set<string>;
}

/** Counters of no day come with every group of days, and are told once. */
async function recountDays(
	store: Store,
	orgId: string,
	dates: readonly string[],
	{ options, counts, left, told }: Recounting,
): Promise<void> {
	const { isMended, now, tell } = options;
	for (let round = 0; round < MAX_ROUNDS; round++) {
		const { differences, left: days } = await compareOrg(store, { orgId, dates, windowDays: undefined, now });
		for (const date of days) left.add(date);
		const mended = new Set(isMended ? await mendDifferences(store, differences) : []);
		for (const difference of differences) {
			const name = `${difference.counter} ${difference.id} ${difference.date}`;
			if (told.has(name)) continue;
			told.add(name);
			counts.differences += 1;
			tell(`${orgId}: ${described(difference, mended.has(difference))}`);
		}
		counts.mended += mended.size;
		if (mended.size === 0) break;
	}
}

function described({ counter, id, date, counted, rows, isCertain }: Difference, isMended: boolean): string {
	const of = [counter, id, date].filter((part) => part !== "").join(" ");
	const end = isMended ? ", put right" : isCertain ? "" : ", which of them is right nobody knows: left alone";
	return `${of} says ${counted}, rows say ${rows}${end}`;
}

/** What all orgs and the requests without a key cost together; the numbers of an erased org stay in it. */
async function recountDeployment({ db, run }: Store, options: RecountOptions, counts: RecountCounts): Promise<void> {
	const dates = datesOf(options);
	if (options.org !== undefined) return;
	const sql = `
		SELECT d.date, d.cost_usd_micros AS counted,
			COALESCE((SELECT SUM(u.cost_usd_micros) FROM usage_daily u INDEXED BY usage_daily_by_age WHERE u.date = d.date), 0)
				+ COALESCE((SELECT SUM(l.cost_usd_micros) FROM legacy_usage l WHERE l.date = d.date), 0) AS rows
		FROM usage_deployment d WHERE d.date BETWEEN ?1 AND ?2`;
	const [rows = []] = await run([
		db.prepare(`SELECT * FROM (${sql}) WHERE counted < rows`).bind(dates[0] ?? "", dates.at(-1) ?? ""),
	]);
	for (const row of rows) {
		counts.differences += 1;
		const date = textColumnOrNull(row, "date") ?? "";
		options.tell(`usage_deployment ${date} says ${Number(row["counted"])}, days say ${Number(row["rows"])}`);
		if (!options.isMended) continue;
		const mend = "UPDATE usage_deployment SET cost_usd_micros = ?2 WHERE date = ?1 AND cost_usd_micros < ?2";
		await run([db.prepare(mend).bind(date, Number(row["rows"]))]);
		counts.mended += 1;
	}
}
