import { log } from "../log.ts";
import type { LogFields } from "../log.ts";
import { pause, withinTimeLimit } from "../time-limit.ts";
import { D1_TIME_LIMIT_MS, failureOf } from "./batch.ts";

/**
 * Waits before the second, third and fourth try, ms. The last is longer than D1's short failures: one that carries everything out
 * and denies it is over by then, so that what is called lost is lost. All tries, each up to its time limit, end within 17 s:
 * the platform lets a worker go on for 30 s after its response.
 */
const PAUSES_MS = [300, 1200, 3500];

/**
 * Writes what must not be lost and may be sent twice: statements of which a repeat does nothing. It is tried four times,
 * whatever D1 says, also when it said nothing in time: a batch that was carried out after all does no harm.
 * Never rejects.
 * @param event of the one log line when it was not written
 * @param fields ids, days, counters and lengths, by which it can be written later
 * @param doneWhenUnique a UNIQUE fault of this `table.column` means that an earlier try was carried out
 */
export async function bookingBatch(
	db: D1Database,
	statements: D1PreparedStatement[],
	event: string,
	fields: LogFields,
	doneWhenUnique?: string,
): Promise<void> {
	for (let tries = 0; ; tries++) {
		try {
			await withinTimeLimit(db.batch(statements), D1_TIME_LIMIT_MS);
			return;
		} catch (error) {
			const message = error instanceof Error ? error.message : "";
			if (doneWhenUnique !== undefined && message.includes(`UNIQUE constraint failed: ${doneWhenUnique}`)) return;
			const pauseMs = PAUSES_MS[tries];
			if (pauseMs === undefined) return log("error", event, { ...fields, reason: failureOf(error) });
			await pause(pauseMs);
		}
	}
}
