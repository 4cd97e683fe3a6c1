import type { SiteCaller } from "../../lib/site/admission.ts";
import { textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import type { PromptMessage } from "../gemini/types.ts";
import { OPEN_SESSION_SQL, sessionParameters } from "../session/session.ts";
import type { SessionKey } from "../session/session.ts";

/** Messages of a session that are read back: ten turns. */
const HISTORY_MESSAGES = 20;
/** UTF-16 units of them that the model is shown, the newest turns first. */
const HISTORY_MAX_CHARS = 16_000;

/** Its ?1 to ?8 are `sessionParameters`. */
const HISTORY_SQL = `
	SELECT m.role, m.content, m.finish
	FROM chat_messages m
	WHERE m.session_id = (SELECT c.id ${OPEN_SESSION_SQL})
	ORDER BY m.rowid DESC
	LIMIT ?9
`;

/**
 * The statement that reads the newest messages of a session, newest first. No rows = no such session of this visitor. It
 * reads the same few rows however long the session is.
 */
export function historyStatement(db: D1Database, caller: SiteCaller, session: SessionKey): D1PreparedStatement {
	return db.prepare(HISTORY_SQL).bind(...sessionParameters(caller, session), HISTORY_MESSAGES);
}

/**
 * The turns of a `historyStatement` as the model is shown them, oldest first. Only whole turns: a message that got no answer
 * would put two of the visitor's in a row, and a blocked one would have the model block every turn after it.
 */
export function parseHistory(newestFirst: readonly Row[]): PromptMessage[] {
	const messages: PromptMessage[] = [];
	let chars = 0;
	for (const [index, row] of newestFirst.entries()) {
		const before = newestFirst[index + 1];
		if (before === undefined || !isTurn(before, row)) continue;
		const turn = [message("user", before), message("assistant", row)];
		chars += turn.reduce((sum, { text }) => sum + text.length, 0);
		if (chars > HISTORY_MAX_CHARS) break;
		messages.unshift(...turn);
	}
	return messages;
}

function isTurn(question: Row, answer: Row): boolean {
	return question.role === "user" && answer.role === "assistant" && textColumnOrNull(answer, "finish") !== "blocked";
}

function message(role: PromptMessage["role"], row: Row): PromptMessage {
	return { role, text: textColumn(row, "content") };
}
