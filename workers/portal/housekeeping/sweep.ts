import { ApiError } from "../../lib/http/errors.ts";
import { log } from "../../lib/log.ts";
import { sweepTurns } from "../../lib/site/sweep/sweep.ts";
import { isoInstant } from "../../lib/time.ts";

/** The run every five minutes: settles turns that nobody has ended. Never rejects. @param now ms since the epoch */
export async function settleTurns(db: D1Database, now: number): Promise<void> {
	try {
		await sweepTurns(db, isoInstant(now));
	} catch (error) {
		log("error", "turns_not_settled", { reason: error instanceof ApiError ? error.reason : "internal" });
	}
}
