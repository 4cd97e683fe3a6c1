import { log } from "../log.ts";
import type { LogFields } from "../log.ts";
import { pause, withinTimeLimit } from "../time-limit.ts";
import { D1_TIME_LIMIT_MS, failureOf, timed } from "./batch.ts";

/**
 * Waits before the second, third and fourth try, ms. The last is longer than D1's short failures: one that carries everything out
 * and denies it is over by then. All tries, each up to its time limit, end within 17 s.
 */
const PAUSES_MS = [300, 1200, 3500];
/** After so long nothing is looked at any more, ms: what D1 was slow with is over by then, and the platform lets a worker go on for 30 s. */
const LAST_LOOK_MS = 11_000;
/** Between two looks, ms. */
const LOOK_PAUSE_MS = 2500;

/** Whether D1 has told, after the last try, that nothing was carried out: a line that says `unknown` may name what was. */
type Unwritten = "told" | "unknown";

/** How it is told that an earlier try was carried out, though D1 said that it was not. */
interface Landed {
	/** A UNIQUE fault of this `table.column` means it. */
	unique?: string;
	/** A statement that gives a row as long as nothing was carried out; it is asked after the last try until D1 tells, so that what is called lost is lost. */
	pending?: D1PreparedStatement;
}

/**
 * Writes what must not be lost and may be sent twice: statements of which a repeat does nothing. It is tried four times,
 * whatever D1 says, also when it said nothing in time: a batch that was carried out after all does no harm.
 * Never rejects.
 * @param event of the one log line when it was not written
 * @param fields ids, days, counters and lengths, by which it can be written later
 */
export async function bookingBatch(
	db: D1Database,
	statements: D1PreparedStatement[],
	event: string,
	fields: LogFields,
	{ unique, pending }: Landed = {},
): Promise<void> {
	const begun = Date.now();
	for (let tries = 0; ; tries++) {
		try {
			await withinTimeLimit(
				timed(() => db.batch(statements)),
				D1_TIME_LIMIT_MS,
			);
			return;
		} catch (error) {
			if (isRepeated(error, unique)) return;
			const pauseMs = PAUSES_MS[tries];
			if (pauseMs !== undefined) await pause(pauseMs);
			else
				return logUnwritten(await lookAt(db, pending, begun + LAST_LOOK_MS), event, {
					...fields,
					reason: failureOf(error),
				});
		}
	}
}

function isRepeated(error: unknown, unique: string | undefined): boolean {
	return (
		unique !== undefined && error instanceof Error && error.message.includes(`UNIQUE constraint failed: ${unique}`)
	);
}

function logUnwritten(unwritten: Unwritten | undefined, event: string, fields: LogFields): void {
	if (unwritten !== undefined) log("error", event, { ...fields, unwritten });
}

/** What D1 tells by the last look; undefined = it was carried out. @param lastLook ms since the epoch */
async function lookAt(
	db: D1Database,
	statement: D1PreparedStatement | undefined,
	lastLook: number,
): Promise<Unwritten | undefined> {
	if (statement === undefined) return "unknown";
	for (;;) {
		try {
			const [found] = await withinTimeLimit(
				timed(() => db.batch([statement])),
				D1_TIME_LIMIT_MS,
			);
			return found === undefined || found.results.length > 0 ? "told" : undefined;
		} catch {
			if (Date.now() + LOOK_PAUSE_MS > lastLook) return "unknown";
			await pause(LOOK_PAUSE_MS);
		}
	}
}
