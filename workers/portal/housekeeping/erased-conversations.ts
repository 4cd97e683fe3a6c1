import { ApiError } from "../../lib/http/errors.ts";
import { log } from "../../lib/log.ts";
import { isoInstant } from "../../lib/time.ts";
import {
	begunConversations,
	conversationSessions,
	eraseInSteps,
	sessionsMarkedBy,
} from "../conversations/erase/erase-steps.ts";
import { begunVisitors, eraseVisitor } from "../conversations/erase/visitor-erase.ts";

/** As long an erasure is left to the request that began it, ms. */
const GRACE_MS = 60_000;
/**
 * The steps of a run for all of them, of six statements each: 8,000 messages, or 1,600 conversations without any. D1 takes 1,000
 * statements of the run.
 */
const MAX_STEPS = 40;
/** Of these for the conversations of each visitor after each marking, and for all visitors together. */
const VISITOR_STEPS = 15;
const VISITORS_STEPS = 30;
/** Markings of each visitor, of 150 conversations. */
const MAX_MARKINGS = 2;

/** What a run has done. */
interface Done {
	visitors: number;
	steps: number;
}

/**
 * Part of the run every five minutes: ends erasures of conversations and visitors that broke off on their way. A fault of one is
 * logged and stops no other. Never rejects.
 * @param now epoch ms
 */
export async function finishErasures(db: D1Database, now: number): Promise<void> {
	const by = isoInstant(now - GRACE_MS);
	const done: Done = { visitors: 0, steps: 0 };
	const isAnswered = await attempt(undefined, () => finishVisitors(db, by, done));
	if (isAnswered) await finishConversations(db, by, done);
	if (done.visitors + done.steps > 0) log("warn", "erasures_finished", { visitors: done.visitors, steps: done.steps });
}

/** @throws {ApiError} unavailable: nobody knows which there are */
async function finishVisitors(db: D1Database, by: string, done: Done): Promise<void> {
	for (const visitor of await begunVisitors(db, by)) {
		const steps = Math.min(VISITOR_STEPS, VISITORS_STEPS - done.steps);
		if (steps <= 0) return;
		await attempt(visitor.erasureId, async () => {
			done.steps += await eraseVisitor(db, visitor, MAX_MARKINGS, steps);
			done.visitors += 1;
		});
	}
}

/** Many conversations go in one step. Where that fails, each goes by itself. */
async function finishConversations(db: D1Database, by: string, done: Done): Promise<void> {
	const left = () => Math.max(0, MAX_STEPS - done.steps);
	const areErased = await attempt(undefined, async () => {
		done.steps += await eraseInSteps(db, sessionsMarkedBy(by), undefined, left());
	});
	if (areErased) return;
	await attempt(undefined, async () => {
		for (const { orgId, id, erasureId } of await begunConversations(db, by))
			await attempt(erasureId, async () => {
				done.steps += await eraseInSteps(db, conversationSessions(orgId, id), undefined, Math.min(2, left()));
			});
	});
}

/** @returns whether it did not fail, which is logged */
async function attempt(erasureId: string | undefined, work: () => Promise<void>): Promise<boolean> {
	try {
		await work();
		return true;
	} catch (error) {
		const reason = error instanceof ApiError ? error.reason : "internal";
		log("error", "erasures_not_finished", { erasure_id: erasureId, reason });
		return false;
	}
}
