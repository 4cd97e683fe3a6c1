import { ApiError } from "../../lib/http/errors.ts";
import { log } from "../../lib/log.ts";
import { isoInstant } from "../../lib/time.ts";
import { eraseInSteps, sessionsMarkedBy } from "../conversations/erase-steps.ts";
import { begunVisitors, eraseVisitor } from "../conversations/visitor-erase.ts";

/** As long an erasure is left to the request that began it, ms. */
const GRACE_MS = 60_000;
/** The steps of a run for all of them, of five statements each: 6,000 messages, or 1,200 conversations without any. */
const MAX_STEPS = 30;
/** Of these for the conversations of each visitor, who are marked in part. */
const VISITOR_STEPS = 4;

/**
 * Part of the run every five minutes: ends erasures of conversations and visitors that broke off on their way. Never rejects.
 * @param now epoch ms
 */
export async function finishErasures(db: D1Database, now: number): Promise<void> {
	try {
		const by = isoInstant(now - GRACE_MS);
		const visitors = await begunVisitors(db, by);
		let steps = 0;
		for (const visitor of visitors) steps += await eraseVisitor(db, visitor, 2, VISITOR_STEPS);
		steps += await eraseInSteps(db, sessionsMarkedBy(by), undefined, Math.max(0, MAX_STEPS - steps));
		if (visitors.length + steps > 0) log("warn", "erasures_finished", { visitors: visitors.length, steps });
	} catch (error) {
		log("error", "erasures_not_finished", { reason: error instanceof ApiError ? error.reason : "internal" });
	}
}
