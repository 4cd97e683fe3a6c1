import { batch, repeatableBatch } from "../../lib/d1/batch.ts";
import { textColumn } from "../../lib/d1/row.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { log } from "../../lib/log.ts";
import type { LogFields } from "../../lib/log.ts";
import { compareOrg, mendDifferences } from "../../lib/recovery/compare.ts";
import type { Difference } from "../../lib/recovery/difference.ts";
import type { Store } from "../../lib/recovery/store.ts";
import { DAY_MS, utcDate } from "../../lib/time.ts";

/** Orgs that a run compares: each takes some twenty statements of the 1,000 that D1 takes of it, most of which are retention's. */
const MAX_ORGS = 6;
/** Conversations that began as long before a day are looked at, days: one goes on as long as it does not rest for a day. */
const WINDOW_DAYS = 30;
/** A comparison of a large org reads the conversations of a month. */
const TIME_LIMIT_MS = 20_000;
/** Differences that a line of the log names. */
const MAX_NAMED = 20;

/**
 * Part of the daily run: lets the comparison of counters with rows begin anew, for yesterday and the day before, and takes the first orgs.
 * The runs of every five minutes take the next ones. Never rejects.
 * @param now epoch ms
 */
export async function beginReconciliation(db: D1Database, now: number): Promise<void> {
	const begin = db
		.prepare(`
			INSERT INTO reconciliation_state (id, date, after_org) VALUES (1, ?1, '')
			ON CONFLICT (id) DO UPDATE SET date = excluded.date, after_org = '' WHERE date < excluded.date
		`)
		.bind(utcDate(now));
	const isBegun = await attempt(undefined, async () => void (await repeatableBatch(db, [begin])));
	if (isBegun) await continueReconciliation(db);
}

/** Compares the next orgs. With none left it reads one row, twice, and is silent. Never rejects. */
export async function continueReconciliation(db: D1Database): Promise<void> {
	await attempt(undefined, async () => {
		const [rows = []] = await repeatableBatch(db, [nextOrgsStatement(db)]);
		for (const row of rows) {
			const [orgId, date] = [textColumn(row, "org_id"), textColumn(row, "date")];
			await attempt(orgId, () => reconcileOrg(db, orgId, date));
			// One that fails stops no other: its turn comes again the next day.
			await repeatableBatch(db, [passedStatement(db, orgId, date)]);
		}
		if (rows.length < MAX_ORGS) await repeatableBatch(db, [endedStatement(db)]);
	});
}

function nextOrgsStatement(db: D1Database): D1PreparedStatement {
	return db
		.prepare(`
			SELECT o.id AS org_id, r.date
			FROM reconciliation_state r
			CROSS JOIN orgs o ON o.id > r.after_org
			WHERE r.id = 1 AND o.erasure_id IS NULL
			ORDER BY o.id
			LIMIT ?1
		`)
		.bind(MAX_ORGS);
}

/** @param date of the run that began it: another one may have begun meanwhile */
function passedStatement(db: D1Database, orgId: string, date: string): D1PreparedStatement {
	return db
		.prepare("UPDATE reconciliation_state SET after_org = ?1 WHERE id = 1 AND date = ?2 AND after_org < ?1")
		.bind(orgId, date);
}

/** Ends it, where no org comes behind the last. */
function endedStatement(db: D1Database): D1PreparedStatement {
	return db.prepare(`
		UPDATE reconciliation_state SET after_org = NULL
		WHERE id = 1 AND after_org IS NOT NULL
			AND NOT EXISTS (SELECT 1 FROM orgs o WHERE o.id > reconciliation_state.after_org AND o.erasure_id IS NULL)
	`);
}

async function reconcileOrg(db: D1Database, orgId: string, date: string): Promise<void> {
	const store: Store = { db, run: (statements) => batch(db, statements, { timeLimitMs: TIME_LIMIT_MS }) };
	const today = Date.parse(date);
	const dates = [utcDate(today - 2 * DAY_MS), utcDate(today - DAY_MS)];
	const { differences } = await compareOrg(store, { orgId, dates, windowDays: WINDOW_DAYS, now: today });
	if (differences.length === 0) return;
	const mended = new Set(await mendDifferences(store, differences));
	const level = mended.size === differences.length ? "warn" : "error";
	log(level, "counters_differ", told(orgId, differences, mended));
}

/** Ids and numbers only: a term is a word of the customer's, so it is not named. */
function told(orgId: string, differences: readonly Difference[], mended: ReadonlySet<Difference>): LogFields {
	const names = differences.slice(0, MAX_NAMED).map((difference) => {
		const { counter, id, date, counted, rows } = difference;
		const of = counter.startsWith("knowledge_term") ? "" : id;
		return [counter, of, date, `${counted}/${rows}`, mended.has(difference) ? "mended" : ""].filter(Boolean).join(" ");
	});
	return { org_id: orgId, differences: differences.length, mended: mended.size, named: names.join("; ") };
}

/** @returns whether it did not fail, which is logged */
async function attempt(orgId: string | undefined, work: () => Promise<void>): Promise<boolean> {
	try {
		await work();
		return true;
	} catch (error) {
		const reason = error instanceof ApiError ? error.reason : "internal";
		log("error", "counters_not_compared", { org_id: orgId, reason });
		return false;
	}
}
