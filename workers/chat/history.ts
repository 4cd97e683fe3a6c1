import { textColumn, textColumnOrNull } from "../lib/d1.ts";
import type { Row } from "../lib/d1.ts";
import { DAY_MS, isoInstant } from "../lib/time.ts";
import type { PromptMessage } from "./prompt.ts";

/** Messages of a session that are read back: ten turns. */
const HISTORY_MESSAGES = 20;
/** UTF-16 units of them that the model is shown, the newest turns first. */
const HISTORY_MAX_CHARS = 16_000;
/** A session rests this long before the next message begins a new one. */
const SESSION_IDLE_MS = DAY_MS;

export interface HistoryKey {
	siteKey: string;
	sessionId: string;
	visitorId: string | null;
	/** ms */
	now: number;
}

/**
 * The statement that reads the newest messages of a session, newest first, if it belongs to the key's site and to this
 * visitor, has not ended and is not idle. No rows = no such session. It reads the same few rows however long the session is.
 */
export function historyStatement(db: D1Database, key: HistoryKey): D1PreparedStatement {
	return db
		.prepare(`
			SELECT m.role, m.content, m.finish
			FROM chat_messages m
			WHERE m.session_id = (
				SELECT c.id
				FROM chat_sessions c
				JOIN portal_sites s ON s.id = c.site_id AND s.org_id = c.org_id
				WHERE c.id = ?1
					AND (s.site_key = ?2 OR (s.previous_key = ?2 AND s.previous_key_expires_at > ?3))
					AND (c.visitor_id = ?4 OR (?4 IS NULL AND c.visitor_id = c.id))
					AND c.ended_at IS NULL AND c.last_message_at > ?5
			)
			ORDER BY m.rowid DESC
			LIMIT ?6
		`)
		.bind(key.sessionId, key.siteKey, isoInstant(key.now), key.visitorId, isoInstant(key.now - SESSION_IDLE_MS), HISTORY_MESSAGES);
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
