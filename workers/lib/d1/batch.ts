import type { ApiError } from "../http/errors.ts";
import { retryLater } from "../http/errors.ts";
import { log } from "../log.ts";
import { TimeLimitPassed, withinTimeLimit } from "../time-limit.ts";
import type { Row } from "./row.ts";

/** The longest any D1 await may take, both tries together. D1 has stalled for minutes in the wild; a visitor does not wait. */
export const D1_TIME_LIMIT_MS = 3000;

/** What D1 says when a statement did not run and may run again (docs: d1/observability/debug-d1). "overloaded" is not among them. */
const RETRYABLE = [
	"Network connection lost",
	"object to be reset",
	"reset because its code was updated",
	"due to transient issue on remote node",
];
const NOT_RETRYABLE = ["exceeded timeout", "overloaded", "exceeded its"];

function text(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

function isRetryable(error: unknown): boolean {
	const message = text(error);
	return !NOT_RETRYABLE.some((part) => message.includes(part)) && RETRYABLE.some((part) => message.includes(part));
}

function unavailable(error: unknown): ApiError {
	const message = "The database is not answering; please try again in a moment.";
	const kind = /overloaded|no such (?:table|column)|constraint/i.exec(text(error))?.[0] ?? "d1_failed";
	return retryLater("unavailable", message, 2, error instanceof TimeLimitPassed ? "d1_time_limit" : kind);
}

interface BatchOptions {
	/** Called with the rows of a batch that ended well after its limit, say to give back what it reserved. */
	onLate?: (results: Row[][]) => Promise<void> | void;
	/** `ctx.waitUntil`: keeps the worker alive until such a batch has ended and `onLate` is done. */
	waitUntil?: (work: Promise<unknown>) => void;
	/** Both tries together, ms. */
	timeLimitMs?: number;
}

async function rowsOf(db: D1Database, statements: D1PreparedStatement[]): Promise<Row[][]> {
	const results = await db.batch<Row>(statements);
	return results.map((result) => result.results);
}

/**
 * One round trip: the statements run in order as one transaction and leave nothing behind when one fails.
 * Nothing is retried: use it where running twice would count twice.
 * @returns the rows of each statement, in order
 * @throws {ApiError} unavailable, with Retry-After: D1 failed or took over 3 s
 */
export async function batch(
	db: D1Database,
	statements: D1PreparedStatement[],
	options: BatchOptions = {},
): Promise<Row[][]> {
	const work = rowsOf(db, statements);
	try {
		return await withinTimeLimit(work, options.timeLimitMs ?? D1_TIME_LIMIT_MS);
	} catch (error) {
		if (error instanceof TimeLimitPassed) {
			const late = work.then(options.onLate).catch(() => undefined);
			options.waitUntil?.(late);
		}
		throw unavailable(error);
	}
}

/**
 * As `batch`, for statements that may run twice to the same effect (reads, or writes that begin with a plain INSERT of an
 * id made beforehand): one more try when D1 says that the first one did not run, within the same 3 s.
 * @param doneWhenUnique for such writes: a UNIQUE fault of this `table.column` means that an earlier try did land; the result is then `[]`
 * @returns the rows of each statement, in order
 * @throws {ApiError} unavailable, with Retry-After: D1 failed twice, failed for good, or took over 3 s
 */
export async function repeatableBatch(
	db: D1Database,
	statements: D1PreparedStatement[],
	doneWhenUnique?: string,
): Promise<Row[][]> {
	const deadline = Date.now() + D1_TIME_LIMIT_MS;
	for (let tries = 1; ; tries++) {
		try {
			return await withinTimeLimit(rowsOf(db, statements), deadline - Date.now());
		} catch (error) {
			if (isDone(error, doneWhenUnique)) return [];
			if (tries === 2 || !isRetryable(error)) throw unavailable(error);
			log("warn", "d1_retry");
		}
	}
}

function isDone(error: unknown, column: string | undefined): boolean {
	return column !== undefined && text(error).includes(`UNIQUE constraint failed: ${column}`);
}

/**
 * As `batch`, for statements that are of interest for how many rows each of them changed.
 * @param timeLimitMs how long the batch may take, ms
 * @returns the rows changed by each statement, in order
 * @throws {ApiError} unavailable, with Retry-After: D1 failed or took longer
 */
export async function batchChanges(
	db: D1Database,
	statements: D1PreparedStatement[],
	timeLimitMs: number,
): Promise<number[]> {
	try {
		const results = await withinTimeLimit(db.batch(statements), timeLimitMs);
		return results.map(({ meta }) => meta.changes);
	} catch (error) {
		throw unavailable(error);
	}
}
