import { D1_TIME_LIMIT_MS } from "../d1/batch.ts";
import { json } from "./json.ts";
import { withinTimeLimit } from "../time-limit.ts";

/** How long one look at the database stands for all, ms. */
const REUSE_MS = 10_000;

let checked: { db: "ok" | "failed"; at: number } | undefined;

async function checkDb(db: D1Database): Promise<"ok" | "failed"> {
	try {
		await withinTimeLimit(db.prepare("SELECT version FROM schema_version LIMIT 1").first(), D1_TIME_LIMIT_MS);
		return "ok";
	} catch {
		return "failed";
	}
}

/**
 * `GET /health`: whether this worker can do its work; 503 when a check fails. The D1 check is reused for 10 s, so probing
 * it costs the database nothing.
 * @param db undefined where none is bound: then there is nothing to check
 */
export async function health(worker: string, db: D1Database | undefined, now: number): Promise<Response> {
	if (db === undefined) return json({ status: "ok", worker, checks: {} });
	if (checked === undefined || now - checked.at >= REUSE_MS || now < checked.at)
		checked = { db: await checkDb(db), at: now };
	const ok = checked.db === "ok";
	return json({ status: ok ? "ok" : "failed", worker, checks: { db: checked.db } }, ok ? 200 : 503);
}
