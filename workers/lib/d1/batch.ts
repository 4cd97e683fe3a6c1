import type { ApiError } from "../http/errors.ts";
import { retryLater } from "../http/errors.ts";
import { log } from "../log.ts";
import { requestFacts } from "../request/facts.ts";
import { TimeLimitPassed, withinTimeLimit } from "../time-limit.ts";
import type { Row } from "./row.ts";
import { SCHEMA_VERSION } from "./schema-version.ts";

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

/** The version of a database's schema; 0 = it has none. @param limitMs ms @throws {Error} it does not answer */
export async function readSchemaVersion(db: D1Database, limitMs: number): Promise<number> {
	const statement = db.prepare("SELECT MAX(version) AS version FROM schema_version");
	const version = await withinTimeLimit(statement.first<unknown>("version"), limitMs);
	return typeof version === "number" ? version : 0;
}

/** The longest that is spent on finding out why a table or column is missing, ms. */
const EXPLAIN_LIMIT_MS = 500;
/** What a caller is told to wait for migrations, seconds. */
const MIGRATION_RETRY_SECONDS = 60;

/** The error of a failed batch. A table or column that is missing means, most likely, that the database waits for its migrations. */
async function explained(db: D1Database, error: unknown): Promise<ApiError> {
	if (!failureOf(error).startsWith("no such")) return unavailable(error);
	const found = await readSchemaVersion(db, EXPLAIN_LIMIT_MS).catch(() => undefined);
	if (found === undefined || found >= SCHEMA_VERSION) return unavailable(error);
	log("error", "schema_outdated", { expected: SCHEMA_VERSION, found });
	const message = `The database has schema version ${found} and this service needs ${SCHEMA_VERSION}; its operator must run the migrations.`;
	return retryLater("unavailable", message, MIGRATION_RETRY_SECONDS, "schema_outdated");
}

function unavailable(error: unknown): ApiError {
	const message = "The database is not answering; please try again in a moment.";
	return retryLater("unavailable", message, 2, failureOf(error));
}

/** What a failure of D1 is called in the log: never its text, which quotes SQL. */
export function failureOf(error: unknown): string {
	if (error instanceof TimeLimitPassed) return "d1_time_limit";
	return /overloaded|no such (?:table|column)|constraint/i.exec(text(error))?.[0] ?? "d1_failed";
}

interface BatchOptions {
	/** Called with the rows of a batch that ended well after its limit, say to give back what it reserved. */
	onLate?: (results: Row[][]) => Promise<void> | void;
	/** `ctx.waitUntil`: keeps the worker alive until such a batch has ended and `onLate` is done. */
	waitUntil?: (work: Promise<unknown>) => void;
	/** Both tries together, ms. */
	timeLimitMs?: number;
}

/**
 * Counts a round trip among what its request waits for.
 * @param send sends the batch; its results tell how many rows were touched (developers.cloudflare.com/d1/worker-api/return-object)
 */
export async function timed<T extends D1Result>(send: () => Promise<T[]>): Promise<T[]> {
	const facts = requestFacts();
	if (facts === undefined) return send();
	const begun = Date.now();
	try {
		const results = await send();
		for (const { meta } of results) {
			facts.d1RowsRead += meta.rows_read;
			facts.d1RowsWritten += meta.rows_written;
		}
		return results;
	} finally {
		facts.d1Trips += 1;
		facts.d1Ms += Date.now() - begun;
	}
}

async function rowsOf(db: D1Database, statements: D1PreparedStatement[]): Promise<Row[][]> {
	const results = await timed(() => db.batch<Row>(statements));
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
		throw await explained(db, error);
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
			return await withinTimeLimit(rowsOf(db, statements), Math.max(0, deadline - Date.now()));
		} catch (error) {
			if (isDone(error, doneWhenUnique)) return [];
			if (tries === 2 || !isRetryable(error)) throw await explained(db, error);
			log("warn", "d1_retry");
		}
	}
}

function isDone(error: unknown, column: string | undefined): boolean {
	return column !== undefined && text(error).includes(`UNIQUE constraint failed: ${column}`);
}

/**
 * As `batch`, and tells how large the database is (developers.cloudflare.com/d1/worker-api/return-object: `size_after`).
 * @returns the rows of each statement, in order, and the database's size after the last one, bytes
 * @throws {ApiError} unavailable, with Retry-After: D1 failed or took over 3 s
 */
export async function sizedBatch(
	db: D1Database,
	statements: D1PreparedStatement[],
): Promise<{ rows: Row[][]; sizeBytes: number }> {
	try {
		const results = await withinTimeLimit(
			timed(() => db.batch<Row>(statements)),
			D1_TIME_LIMIT_MS,
		);
		return { rows: results.map(({ results: rows }) => rows), sizeBytes: results.at(-1)?.meta.size_after ?? 0 };
	} catch (error) {
		throw await explained(db, error);
	}
}
