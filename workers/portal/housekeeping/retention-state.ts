import { repeatableBatch, sizedBatch } from "../../lib/d1/batch.ts";
import { numberColumn, textColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { DAY_MS, isoInstant, utcDate } from "../../lib/time.ts";

/** How long a run may be at work before another may begin, ms: under the five minutes between two of them. */
const BUSY_MS = 240_000;
/** D1's largest database, bytes (developers.cloudflare.com/d1/platform/limits: 10 GB on the paid plan). */
const MAX_DATABASE_BYTES = 10_000_000_000;
/** Growth is told from as many days. */
const GROWTH_DAYS = 30;

/** A run that may go to work. */
export interface Permit {
	/** Instant until which no other begins. */
	busyUntil: string;
	/** Instant of the daily run since which work has waited. */
	waitingSince: string;
}

export interface DatabaseSize {
	bytes: number;
	/** Days until it is full, growing as it has of late; null = it does not grow, or is not known to. */
	daysLeft: number | null;
}

/**
 * Lets the daily run begin: it waits for no other. Until it is done work counts as waiting, so that the run of a worker that
 * died is taken up by the next five minutes'.
 * @param now epoch ms
 * @throws {ApiError} unavailable
 */
export async function beginDaily(db: D1Database, now: number): Promise<Permit & { size: DatabaseSize }> {
	const busyUntil = isoInstant(now + BUSY_MS);
	const state = db
		.prepare(`
			INSERT INTO retention_state (id, waiting_since, busy_until) VALUES (1, ?1, ?2)
			ON CONFLICT (id) DO UPDATE
			SET waiting_since = COALESCE(waiting_since, excluded.waiting_since), busy_until = excluded.busy_until
			RETURNING waiting_since
		`)
		.bind(isoInstant(now), busyUntil);
	const earlier = db
		.prepare("SELECT date, bytes FROM database_sizes WHERE date >= ?1 AND date < ?2 ORDER BY date LIMIT 1")
		.bind(utcDate(now - GROWTH_DAYS * DAY_MS), utcDate(now));
	const { rows, sizeBytes } = await sizedBatch(db, [state, earlier]);
	const waitingSince = textColumn(rows[0]?.[0] ?? {}, "waiting_since");
	const size = { bytes: sizeBytes, daysLeft: daysLeft(sizeBytes, now, rows[1]?.[0]) };
	return { busyUntil, waitingSince, size };
}

function daysLeft(bytes: number, now: number, earlier: Row | undefined): number | null {
	if (earlier === undefined) return null;
	const days = Math.floor((now - Date.parse(textColumn(earlier, "date"))) / DAY_MS);
	const growth = (bytes - numberColumn(earlier, "bytes")) / Math.max(1, days);
	return growth > 0 ? Math.max(0, Math.floor((MAX_DATABASE_BYTES - bytes) / growth)) : null;
}

/**
 * Lets a run of the five minutes begin where work waits and no other run is at it: one row is read where nothing waits.
 * @param now epoch ms
 * @throws {ApiError} unavailable
 */
export async function beginContinued(db: D1Database, now: number): Promise<Permit | undefined> {
	const busyUntil = isoInstant(now + BUSY_MS);
	const statement = db
		.prepare(`
			UPDATE retention_state SET busy_until = ?2
			WHERE id = 1 AND waiting_since IS NOT NULL AND busy_until <= ?1
			RETURNING waiting_since
		`)
		.bind(isoInstant(now), busyUntil);
	const [[row] = []] = await repeatableBatch(db, [statement]);
	return row === undefined ? undefined : { busyUntil, waitingSince: textColumn(row, "waiting_since") };
}

/**
 * Notes how a run has ended; one that another has overtaken notes nothing.
 * @param isDone nothing waits any more
 * @throws {ApiError} unavailable
 */
export async function endRun(db: D1Database, { busyUntil }: Permit, isDone: boolean): Promise<void> {
	await repeatableBatch(db, [
		db
			.prepare(`
				UPDATE retention_state SET waiting_since = IIF(?2 = 1, NULL, waiting_since), busy_until = ''
				WHERE id = 1 AND busy_until = ?1
			`)
			.bind(busyUntil, isDone ? 1 : 0),
	]);
}

/** Keeps the day's size. @param now epoch ms @throws {ApiError} unavailable */
export async function keepSize(db: D1Database, now: number, bytes: number): Promise<void> {
	await repeatableBatch(db, [
		db
			.prepare("INSERT INTO database_sizes (date, bytes) VALUES (?1, ?2) ON CONFLICT (date) DO UPDATE SET bytes = ?2")
			.bind(utcDate(now), bytes),
	]);
}
