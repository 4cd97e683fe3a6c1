import { textColumn, textColumnOrNull } from "../../../lib/d1/row.ts";
import type { Row } from "../../../lib/d1/row.ts";
import { questionKey } from "../../../lib/knowledge/terms.ts";
import { rankedKey } from "../../../lib/privacy/visitor-text.ts";
import { slotOf } from "../../../lib/metrics/question-slot.ts";

/** Messages of one step: with their index rows, and with what is looked up for each, a statement stays under 1,000 rows. */
export const STEP_MESSAGES = 200;

/**
 * The text of a statement that reads the next messages to be erased, those of one session in the order they came: a session without
 * any gives one row, whose `message_id` is NULL.
 * @param sessions SELECT of id, org_id and site_id of sessions
 */
export function messagesPageSql(sessions: string): string {
	return `
		SELECT listed.id AS session_id, listed.org_id, listed.site_id, m.id AS message_id,
			CASE m.role WHEN 'user' THEN m.content END AS question, m.created_at
		FROM (${sessions}) listed
		LEFT JOIN chat_messages m INDEXED BY chat_messages_by_session ON m.session_id = listed.id
		LIMIT ${STEP_MESSAGES}
	`;
}

/**
 * The statements that erase the messages of a page, and take their questions out of question_stats. How a question is written there
 * and which place it has is code, so the page was read before; what it counted there is found out with the erasing itself, by the
 * messages that still stand: a step that is repeated, or comes beside another, takes nothing twice. The last gives a row for each message.
 * @param page rows of a `messagesPageSql`
 */
export function eraseMessagesStatements(db: D1Database, page: readonly Row[]): D1PreparedStatement[] {
	const asked = JSON.stringify(page.flatMap(askedOf));
	const ids = JSON.stringify(page.flatMap((row) => textColumnOrNull(row, "message_id") ?? []));
	const forgotten = asked === "[]" ? [] : [countDownStatement(db, asked), forgetStatement(db, asked)];
	const erased = db.prepare("DELETE FROM chat_messages WHERE id IN (SELECT value FROM json_each(?1)) RETURNING 1");
	return [...forgotten, erased.bind(ids)];
}

/**
 * Of a visitor's message: its id, and the place and the text of its question. One of before personal data was kept out of the ranking
 * counts under all of its words, so both are looked for.
 */
function askedOf(row: Row): (string | number)[][] {
	const text = textColumnOrNull(row, "question");
	if (text === null) return [];
	const keys = new Set([rankedKey(text, Date.parse(textColumn(row, "created_at"))), questionKey(text)]);
	return [...keys].flatMap((question) => {
		if (question === "") return [];
		const place = [textColumn(row, "org_id"), textColumn(row, "site_id"), slotOf(question)];
		return [[textColumn(row, "message_id"), ...place, question]];
	});
}

/**
 * A message counted when it was answered, whatever the answer; one that got none, or whose answer is under way, did not. Of how the
 * question was put nobody knows who they were who put it so: it goes, with the digests, and is kept again once two others put it alike.
 */
function countDownStatement(db: D1Database, asked: string): D1PreparedStatement {
	return db
		.prepare(`
			WITH listed AS MATERIALIZED (
				SELECT a.value ->> 1 AS org_id, a.value ->> 2 AS site_id, a.value ->> 3 AS slot, a.value ->> 4 AS question,
					COUNT(*) AS asked, SUM(COALESCE(n.is_unanswered, 0)) AS unanswered
				FROM json_each(?1) a
				CROSS JOIN chat_messages m ON m.id = a.value ->> 0
				CROSS JOIN chat_messages n ON n.rowid = (
					SELECT x.rowid FROM chat_messages x INDEXED BY chat_messages_by_session
					WHERE x.session_id = m.session_id AND x.rowid > m.rowid ORDER BY x.rowid LIMIT 1)
				WHERE n.role = 'assistant' AND n.finish IS NOT 'pending'
				GROUP BY 1, 2, 3, 4)
			UPDATE question_stats AS q
			SET asked = q.asked - listed.asked, weight = MAX(0, q.weight - listed.asked),
				unanswered = MAX(0, MIN(q.unanswered - listed.unanswered, q.asked - listed.asked)),
				wording = NULL, wording_candidate = NULL, wording_visitor = NULL
			FROM listed
			WHERE q.org_id = listed.org_id AND q.site_id = listed.site_id AND q.slot = listed.slot AND q.question = listed.question
		`)
		.bind(asked);
}

/** A question that nobody's message asks any more goes. */
function forgetStatement(db: D1Database, asked: string): D1PreparedStatement {
	return db
		.prepare(`
			DELETE FROM question_stats
			WHERE asked <= 0 AND (org_id, site_id, slot) IN (SELECT value ->> 1, value ->> 2, value ->> 3 FROM json_each(?1))
		`)
		.bind(asked);
}
