import { textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import type { PromptMessage } from "../gemini/types.ts";

/** Messages of a session that are read back: ten turns. */
const HISTORY_MESSAGES = 20;
/** UTF-16 units of them that the model is shown, the newest turns first. */
const HISTORY_MAX_CHARS = 16_000;
/** How an answer ended that the model is not shown again: it would block every turn after it, or is not there yet. */
const HIDDEN: readonly (string | null)[] = ["blocked", "safety", "pending"];

/**
 * The statement that reads the newest messages of a turn's session, newest first, its own two left out. It stands in the batch
 * that begins the turn, behind it. It reads the same few rows however long the session is.
 */
export function historyStatement(db: D1Database, turnId: string): D1PreparedStatement {
	return db
		.prepare(`
			SELECT m.role, m.content, m.finish
			FROM chat_messages m
			WHERE m.session_id = (SELECT session_id FROM turns WHERE id = ?1)
			ORDER BY m.rowid DESC
			LIMIT ?2 OFFSET 2
		`)
		.bind(turnId, HISTORY_MESSAGES);
}

/**
 * The turns of a `historyStatement` as the model is shown them, oldest first. Only whole turns: a message that got no answer
 * would put two of the visitor's in a row, and one of which no words are kept would be nothing.
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
	const isWhole = question.content !== "" && answer.content !== "";
	const isShown = !HIDDEN.includes(textColumnOrNull(answer, "finish"));
	return question.role === "user" && answer.role === "assistant" && isWhole && isShown;
}

function message(role: PromptMessage["role"], row: Row): PromptMessage {
	return { role, text: textColumn(row, "content") };
}
