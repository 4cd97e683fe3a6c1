import { repeatableBatch } from "../../lib/d1/batch.ts";
import { textColumn } from "../../lib/d1/row.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { log } from "../../lib/log.ts";
import { isoInstant } from "../../lib/time.ts";
import { eraseInSteps } from "../conversations/erase-steps.ts";
import type { ErasedConversation } from "../conversations/erase-steps.ts";

/** As long an erasure is left to the request that began it, ms. */
const GRACE_MS = 60_000;
/** Conversations of a run, and the steps that it takes for all of them: 12,000 messages. */
const MAX_CONVERSATIONS = 60;
const MAX_STEPS = 60;

/**
 * Part of the run every five minutes: ends erasures that broke off on their way. Never rejects.
 * @param now epoch ms
 */
export async function finishErasures(db: D1Database, now: number): Promise<void> {
	try {
		const begun = await begunErasures(db, isoInstant(now - GRACE_MS));
		let steps = 0;
		for (const conversation of begun) {
			if (steps >= MAX_STEPS) break;
			steps += await eraseInSteps(db, conversation, MAX_STEPS - steps);
		}
		if (begun.length > 0) log("warn", "erasures_finished", { conversations: begun.length, steps });
	} catch (error) {
		log("error", "erasures_not_finished", { reason: error instanceof ApiError ? error.reason : "internal" });
	}
}

/** Conversations that were marked as erased by then and are still there, the first marked first. */
async function begunErasures(db: D1Database, by: string): Promise<ErasedConversation[]> {
	const [rows = []] = await repeatableBatch(db, [
		db
			.prepare(`
				SELECT org_id, id FROM chat_sessions INDEXED BY chat_sessions_with_erasure
				WHERE erased_at IS NOT NULL AND erased_at <= ?1
				ORDER BY erased_at
				LIMIT ${MAX_CONVERSATIONS}
			`)
			.bind(by),
	]);
	return rows.map((row) => ({ orgId: textColumn(row, "org_id"), id: textColumn(row, "id") }));
}
