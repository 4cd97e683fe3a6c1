import { batch } from "../../lib/d1/batch.ts";
import { pause } from "../../lib/time-limit.ts";

/** Messages of one step. With their index rows they are under 1,000 rows. */
const STEP_MESSAGES = 200;
/** The least and the longest rest after a step, ms, in which the database answers visitors: in between as long as the step was. */
const REST_MS = 10;
const MAX_REST_MS = 1000;

/** A conversation that is marked as erased. */
export interface ErasedConversation {
	orgId: string;
	id: string;
}

/**
 * The statements of one step: some messages, and the conversation once it has none. They do nothing to a conversation that is not
 * marked as erased. The last gives a row where something of it is left.
 */
export function eraseStepStatements(db: D1Database, { orgId, id }: ErasedConversation): D1PreparedStatement[] {
	const messages = db.prepare(`
		DELETE FROM chat_messages
		WHERE rowid IN (
			SELECT m.rowid
			FROM chat_sessions c
			CROSS JOIN chat_messages m INDEXED BY chat_messages_by_session ON m.session_id = c.id
			WHERE c.id = ?2 AND c.org_id = ?1 AND c.erased_at IS NOT NULL
			LIMIT ${STEP_MESSAGES})
	`);
	const session = db.prepare(`
		DELETE FROM chat_sessions
		WHERE id = ?2 AND org_id = ?1 AND erased_at IS NOT NULL
			AND NOT EXISTS (SELECT 1 FROM chat_messages m INDEXED BY chat_messages_by_session WHERE m.session_id = ?2)
	`);
	const left = db.prepare("SELECT id FROM chat_sessions WHERE id = ?2 AND org_id = ?1 AND erased_at IS NOT NULL");
	return [messages, session, left].map((statement) => statement.bind(orgId, id));
}

/**
 * Erases what is left of a conversation that is marked, step by step. What is left then, or after a fault, goes with the
 * next five minutes' run.
 * @param maxSteps how many steps it may take, of three statements each
 * @returns how many it took
 * @throws {ApiError} unavailable
 */
export async function eraseInSteps(
	db: D1Database,
	conversation: ErasedConversation,
	maxSteps: number,
): Promise<number> {
	for (let step = 1; step <= maxSteps; step++) {
		const begun = Date.now();
		const [, , left] = await batch(db, eraseStepStatements(db, conversation));
		if (left?.length !== 1) return step;
		await pause(Math.min(MAX_REST_MS, Math.max(REST_MS, Date.now() - begun)));
	}
	return maxSteps;
}
