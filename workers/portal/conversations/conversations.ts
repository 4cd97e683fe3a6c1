import { numberColumn, textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { IS_ORG, ORG_COLUMNS } from "../auth/access.ts";
import { packedColumn } from "../request/packed.ts";
import type { ConversationsQuery } from "./search/find-query.ts";
import { IS_KEPT, VISITOR_JOIN } from "./visitor.ts";

/** How much of the visitor's first message is shown, code points. */
const PREVIEW_CHARS = 160;

/** What is shown of a conversation, FROM chat_sessions c, its portal_sites s and visitors v. The preview looks up one message. */
export const CONVERSATION_COLUMNS = `c.id, c.site_id AS engine_id, s.name AS engine_name, v.visitor, c.started_at, c.last_message_at,
	c.message_count, c.rating_up, c.rating_down, c.unanswered, c.leads > 0 AS has_lead,
	(SELECT NULLIF(substr(m.content, 1, ${PREVIEW_CHARS}), '') FROM chat_messages m INDEXED BY chat_messages_by_session
		WHERE m.session_id = c.id AND m.org_id = c.org_id AND m.role = 'user' ORDER BY m.rowid LIMIT 1) AS preview`;

/** The columns of a session that every list of sessions shows. */
export const SESSION_NAMES = [
	"id",
	"engine_id",
	"engine_name",
	"visitor",
	"started_at",
	"last_message_at",
	"message_count",
];

/** The columns of a conversation in a list of them. */
export const LIST_NAMES = [...SESSION_NAMES, "preview", "rating_up", "rating_down", "unanswered", "has_lead"];

/**
 * Only one upper bound: an index can use no second. Two indexes fit the days of one engine, and which one SQLite takes
 * changes with its version, so it is told.
 */
function conversationsSql(index: string, isOfEngine: string): string {
	return `
		SELECT ${ORG_COLUMNS}, ?2 IS NULL OR EXISTS (SELECT 1 FROM portal_sites e WHERE e.id = ?2 AND e.org_id = o.id) AS is_engine_known,
			(SELECT ${packedColumn(...LIST_NAMES)}
				FROM (
					SELECT ${CONVERSATION_COLUMNS}
					FROM chat_sessions c INDEXED BY ${index}
					CROSS JOIN portal_sites s ON s.id = c.site_id AND s.org_id = c.org_id
					${VISITOR_JOIN}
					WHERE c.org_id = o.id AND ${isOfEngine} AND ${IS_KEPT} AND c.started_at >= ?3 AND (c.started_at, c.id) < (?4, ?5)
					ORDER BY c.started_at DESC, c.id DESC
					LIMIT ?6) listed) AS conversations
		FROM orgs o
		WHERE ${IS_ORG}
	`;
}

const SQL_OF_ALL = conversationsSql("chat_sessions_by_org", "TRUE");
const SQL_OF_ENGINE = conversationsSql("chat_sessions_by_site", "c.site_id = ?2");

/** The statement that lists the newest conversations, of every engine or one, whatever they are like. */
export function newestStatement(
	db: D1Database,
	ref: string,
	{ limit, engineId, from, before }: ConversationsQuery,
): D1PreparedStatement {
	return db.prepare(engineId === null ? SQL_OF_ALL : SQL_OF_ENGINE).bind(ref, engineId, from, ...before, limit + 1);
}

/** What every list shows of a session. @param row of `SESSION_NAMES` */
export function sessionOf(row: Row) {
	return {
		id: textColumn(row, "id"),
		engine_id: textColumn(row, "engine_id"),
		engine_name: textColumn(row, "engine_name"),
		visitor: textColumn(row, "visitor"),
		started_at: textColumn(row, "started_at"),
		last_message_at: textColumn(row, "last_message_at"),
		message_count: numberColumn(row, "message_count"),
	};
}

/** @param row of `CONVERSATION_COLUMNS` */
export function conversationOf(row: Row) {
	return {
		...sessionOf(row),
		preview: textColumnOrNull(row, "preview"),
		rating_up: numberColumn(row, "rating_up"),
		rating_down: numberColumn(row, "rating_down"),
		unanswered: numberColumn(row, "unanswered"),
		has_lead: row["has_lead"] === 1,
	};
}
