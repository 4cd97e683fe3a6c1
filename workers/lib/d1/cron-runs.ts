import { log } from "../log.ts";
import { withinTimeLimit } from "../time-limit.ts";
import { isoInstant } from "../time.ts";
import { D1_TIME_LIMIT_MS, failureOf } from "./batch.ts";

/** A scheduled run, by its deployment and its time. */
export interface CronRun {
	/** As `GET /health` names the deployment. */
	worker: string;
	/** As its toml says, such as every five minutes. */
	cron: string;
}

/**
 * Notes that a scheduled run has come to its end, so that one that stands still is seen (`GET /portal/doctor`). Never rejects: a run
 * that could not be noted has been all the same.
 * @param now epoch ms
 */
export async function noteRun(db: D1Database, { worker, cron }: CronRun, now: number): Promise<void> {
	const statement = db
		.prepare(`
			INSERT INTO cron_runs (worker, cron, ended_at) VALUES (?1, ?2, ?3)
			ON CONFLICT (worker, cron) DO UPDATE SET ended_at = excluded.ended_at
		`)
		.bind(worker, cron, isoInstant(now));
	try {
		await withinTimeLimit(db.batch([statement]), D1_TIME_LIMIT_MS);
	} catch (error) {
		log("error", "run_not_noted", { worker, cron, reason: failureOf(error) });
	}
}
