import { slotOf } from "../../lib/metrics/question-slot.ts";

export interface AskedQuestion {
	/** The turn it was asked in: once that has ended, or its conversation was erased, it is counted no more. */
	turnId: string;
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
			SELECT t.org_id, t.site_id, ?2, ?3, ?4, ?5 FROM turns t WHERE t.id = ?1
			ON CONFLICT (org_id, site_id, slot) DO UPDATE SET
				question = IIF(question <> excluded.question AND weight <= 1, excluded.question, question),
				asked = CASE WHEN question = excluded.question THEN asked + 1 WHEN weight <= 1 THEN 1 ELSE asked END,
				unanswered = CASE WHEN question = excluded.question THEN unanswered + excluded.unanswered WHEN weight <= 1 THEN excluded.unanswered ELSE unanswered END,
				last_asked_at = IIF(question = excluded.question OR weight <= 1, excluded.last_asked_at, last_asked_at),
				weight = CASE WHEN question = excluded.question THEN weight + 1 WHEN weight <= 1 THEN 1 ELSE weight - 1 END
		`)
		.bind(asked.turnId, slotOf(asked.question), asked.question, asked.now, asked.isUnanswered ? 1 : 0);
}
