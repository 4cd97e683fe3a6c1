import { D1_TIME_LIMIT_MS, readSchemaVersion } from "../d1/batch.ts";
import { SCHEMA_VERSION } from "../d1/schema-version.ts";
import { json } from "./json.ts";

/** How long one look at the database stands for all, ms. */
const REUSE_MS = 10_000;

/** What a look at the database has found. */
interface Look {
	/** Version of the schema; null = the database does not answer. */
	found: number | null;
	/** ms since the epoch */
	at: number;
}

let last: Look | undefined;

async function look(db: D1Database, now: number): Promise<Look> {
	return { found: await readSchemaVersion(db, D1_TIME_LIMIT_MS).catch(() => null), at: now };
}

/**
 * `GET /health`: whether this worker can do its work; 503 when a check fails. The database must answer and have the schema that
 * this worker needs, or a newer one. It is looked at every 10 s at most, so probing it costs the database nothing.
 *
 * Answers `{status, worker, checks: {db}, schema: {expected, found}}`; `found` null = the database does not answer.
 * @param db undefined where none is bound: then there is nothing to check
 * @param now ms since the epoch
 */
export async function health(worker: string, db: D1Database | undefined, now: number): Promise<Response> {
	if (db === undefined) return json({ status: "ok", worker, checks: {} });
	if (last === undefined || now - last.at >= REUSE_MS || now < last.at) last = await look(db, now);
	const { found } = last;
	const ok = found !== null && found >= SCHEMA_VERSION;
	const body = { status: ok ? "ok" : "failed", worker, checks: { db: ok ? "ok" : "failed" } };
	return json({ ...body, schema: { expected: SCHEMA_VERSION, found } }, ok ? 200 : 503);
}
