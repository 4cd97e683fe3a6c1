import { slotOf } from "../../lib/metrics/question-slot.ts";

export interface AskedQuestion {
	orgId: string;
	siteId: string;
	/** The conversation it was asked in: once that is erased, so is the question. */
	sessionId: string;
	/** Its `questionKey`. */
	question: string;
	/** ISO instant */
	now: string;
	/** The bot had no answer. */
	isUnanswered: boolean;
}

/**
 * The statement that counts a question. Each site has 500 slots, a question's slot is its hash. Being asked adds weight
 * to the question in the slot, a rival takes weight off it, and the rival that takes off the last moves in: what is asked
 * often stays, in a table that never grows.
 */
export function questionStatement(db: D1Database, asked: AskedQuestion): D1PreparedStatement {
	return db
		.prepare(`
			INSERT INTO question_stats (org_id, site_id, slot, question, last_asked_at, unanswered)
			SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM chat_sessions WHERE id = ?7 AND org_id = ?1)
			ON CONFLICT (org_id, site_id, slot) DO UPDATE SET
				question = IIF(question <> excluded.question AND weight <= 1, excluded.question, question),
				asked = CASE WHEN question = excluded.question THEN asked + 1 WHEN weight <= 1 THEN 1 ELSE asked END,
				unanswered = CASE WHEN question = excluded.question THEN unanswered + excluded.unanswered WHEN weight <= 1 THEN excluded.unanswered ELSE unanswered END,
				last_asked_at = IIF(question = excluded.question OR weight <= 1, excluded.last_asked_at, last_asked_at),
				weight = CASE WHEN question = excluded.question THEN weight + 1 WHEN weight <= 1 THEN 1 ELSE weight - 1 END
		`)
		.bind(
			asked.orgId,
			asked.siteId,
			slotOf(asked.question),
			asked.question,
			asked.now,
			asked.isUnanswered ? 1 : 0,
			asked.sessionId,
		);
}
