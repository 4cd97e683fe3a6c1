/**
 * Terms that one statement erases. D1 counts four rows read for each, two of which the list itself holds, so these are under 1,000; a
 * session of more, at most 400, goes by itself, with 1,600.
 */
const STEP_TERMS = 240;

/**
 * The text of a statement that erases the words of the first sessions, which a trigger takes along. They go before the sessions: with
 * these all would go at once, and a step of many would hold the database for long.
 * @param sessions SELECT of the id of sessions
 */
export function eraseTermsSql(sessions: string): string {
	return `
		DELETE FROM session_index
		WHERE number IN (
			SELECT number
			FROM (
				SELECT i.number, json_array_length(i.terms) AS own, SUM(json_array_length(i.terms)) OVER (ORDER BY i.number) AS terms
				FROM (${sessions}) listed
				CROSS JOIN session_index i ON i.session_id = listed.id) counted
			WHERE terms <= ${STEP_TERMS} OR terms = own)`;
}

/** SQL condition of a row of chat_sessions that it has no words left. */
export const HAS_NO_TERMS = "NOT EXISTS (SELECT 1 FROM session_index i WHERE i.session_id = chat_sessions.id)";
