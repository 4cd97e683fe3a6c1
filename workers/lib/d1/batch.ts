import { ApiError, retryLater } from "../http/errors.ts";
import { log } from "../log.ts";

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

/** One row of a result, its columns unchecked. */
export type Row = Record<string, unknown>;

class D1TimeLimit extends Error {}

function text(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

function isRetryable(error: unknown): boolean {
	const message = text(error);
	return !NOT_RETRYABLE.some((part) => message.includes(part)) && RETRYABLE.some((part) => message.includes(part));
}

/** The result of D1 work, or its failure once `limitMs` have passed; the work itself cannot be called off. */
export async function withinTimeLimit<T>(work: Promise<T>, limitMs: number): Promise<T> {
	let timer: ReturnType<typeof setTimeout> | null = null;
	const limit = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new D1TimeLimit("time limit")), limitMs);
	});
	try {
		return await Promise.race([work, limit]);
	} finally {
		clearTimeout(timer);
	}
}

function unavailable(error: unknown): ApiError {
	const kind =
		error instanceof D1TimeLimit
			? "d1_time_limit"
			: /overloaded|no such (?:table|column)|constraint/i.exec(text(error))?.[0];
	return retryLater(
		"unavailable",
		"The database is not answering; please try again in a moment.",
		2,
		kind ?? "d1_failed",
	);
}

interface BatchOptions {
	/** Called with the rows of a batch that ended well after its limit, say to give back what it reserved. */
	onLate?: (results: Row[][]) => Promise<void> | void;
	/** `ctx.waitUntil`: keeps the worker alive until such a batch has ended and `onLate` is done. */
	waitUntil?: (work: Promise<unknown>) => void;
	/** Both tries together, ms. */
	timeLimitMs?: number;
}

async function attempt(
	db: D1Database,
	statements: D1PreparedStatement[],
	limitMs: number,
	options: BatchOptions,
): Promise<Row[][]> {
	const work = db.batch<Row>(statements).then((results) => results.map((result) => result.results));
	try {
		return await withinTimeLimit(work, limitMs);
	} catch (error) {
		const late = error instanceof D1TimeLimit ? work.then(options.onLate).catch(() => undefined) : undefined;
		if (late !== undefined) options.waitUntil?.(late);
		throw error;
	}
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
	try {
		return await attempt(db, statements, options.timeLimitMs ?? D1_TIME_LIMIT_MS, options);
	} catch (error) {
		throw unavailable(error);
	}
}

/**
 * As `batch`, for statements that may run twice to the same effect (reads, or writes that begin with a plain INSERT of an
 * id made beforehand): one more try when D1 says that the first one did not run, within the same 3 s.
 * @param doneWhenUnique for such writes: a UNIQUE fault of this `table.column` means that an earlier try did land; the answer is then `[]`
 * @throws {ApiError} unavailable, with Retry-After
 */
export async function repeatableBatch(
	db: D1Database,
	statements: D1PreparedStatement[],
	doneWhenUnique?: string,
): Promise<Row[][]> {
	const deadline = Date.now() + D1_TIME_LIMIT_MS;
	for (let tries = 1; ; tries++) {
		try {
			return await attempt(db, statements, deadline - Date.now(), {});
		} catch (error) {
			if (doneWhenUnique !== undefined && text(error).includes(`UNIQUE constraint failed: ${doneWhenUnique}`))
				return [];
			if (tries === 2 || !isRetryable(error)) throw unavailable(error);
			log("warn", "d1_retry", {});
		}
	}
}

/**
 * As `batch`, for statements that are of interest for how many rows each of them changed.
 * @param timeLimitMs of the whole, ms
 * @returns the rows changed by each statement, in order
 * @throws {ApiError} unavailable
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

/** A text column. @throws {TypeError} when the row does not hold what the query promised: a bug of ours, answered as `internal` */
export function textColumn(row: Row, column: string): string {
	const value = row[column];
	if (typeof value !== "string") throw new TypeError(`${column} is not text`);
	return value;
}

/** A text column that may be NULL. */
export function textColumnOrNull(row: Row, column: string): string | null {
	return row[column] === null ? null : textColumn(row, column);
}

/** A number column. @throws {TypeError} as `textColumn` */
export function numberColumn(row: Row, column: string): number {
	const value = row[column];
	if (typeof value !== "number") throw new TypeError(`${column} is not a number`);
	return value;
}

/** A number column that may be NULL. */
export function numberColumnOrNull(row: Row, column: string): number | null {
	return row[column] === null ? null : numberColumn(row, column);
}
