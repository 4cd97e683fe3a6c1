import { numberColumn, numberColumnOrNull, textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { notFound } from "../../lib/http/serve.ts";
import { readRecorded } from "../audit/reads.ts";
import type { Read } from "../audit/reads.ts";
import { IS_ORG, ORG_COLUMNS } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { consentsOf } from "./consents.ts";
import { CONVERSATION_COLUMNS, conversationOf } from "./conversations.ts";
import { decodeCursor } from "../request/cursor.ts";
import { CURSOR_FAULT, pageOf } from "../request/page.ts";
import { queryText } from "../request/query.ts";
import { IS_KEPT, VISITOR_JOIN, hasConversationSql } from "./visitor.ts";
import { taggedJson } from "../../lib/http/conditional.ts";

const MAX_MESSAGES = 1000;

/**
 * `GET /portal/conversations/{id}`: a conversation and its messages in the order they came, 1,000 at a time.
 * @throws {ApiError} invalid_request; not_found (another org's as well)
 */
export async function getConversation(
	db: D1Database,
	target: OrgTarget,
	id: string,
	params: URLSearchParams,
	now: number,
): Promise<Response> {
	const after = parseAfter(params);
	const statements = [conversationStatement(db, target.ref, id), messagesStatement(db, target.ref, id, after)];
	const read: Read = { action: "conversation.read", now, target: id, exists: hasConversationSql("?2") };
	const { row, results } = await readRecorded(db, target, statements, read);
	if (row["id"] === null) throw notFound();
	const { items, next_cursor } = pageOf(results[1] ?? [], MAX_MESSAGES, messageOf, (last) => [
		String(numberColumn(last, "position")),
	]);
	return taggedJson({ conversation: conversationOf(row), consents: consentsOf(row), messages: items, next_cursor });
}

/** The position of the last message of the page before; 0 on the first. */
function parseAfter(params: URLSearchParams): number {
	const faults: FieldError[] = [];
	const cursor = queryText(params, "cursor", 100, faults);
	const [position = ""] = cursor === undefined ? ["0"] : (decodeCursor(cursor, 1) ?? []);
	if (faults.length === 0 && !/^\d{1,15}$/.test(position)) faults.push(CURSOR_FAULT);
	if (faults.length > 0) throw invalidFields(faults);
	return Number(position);
}

const CONVERSATION_SQL = `
	SELECT ${ORG_COLUMNS}, ${CONVERSATION_COLUMNS}, c.consents
	FROM orgs o
	LEFT JOIN chat_sessions c ON c.id = ?2 AND c.org_id = o.id
		AND EXISTS (SELECT 1 FROM portal_sites own WHERE own.id = c.site_id AND own.org_id = c.org_id)
		AND EXISTS (SELECT 1 FROM visitors v WHERE v.org_id = c.org_id AND v.visitor_id = c.visitor_id AND ${IS_KEPT})
	LEFT JOIN visitors v ON v.org_id = c.org_id AND v.visitor_id = c.visitor_id
	LEFT JOIN portal_sites s ON s.id = c.site_id AND s.org_id = c.org_id
	WHERE ${IS_ORG}
`;

/** `id` is NULL when the org has no such conversation. */
function conversationStatement(db: D1Database, ref: string, id: string): D1PreparedStatement {
	return db.prepare(CONVERSATION_SQL).bind(ref, id);
}

/** A message stands where it was written: rowid, which the index by session ends with. */
const MESSAGES_SQL = `
	SELECT m.rowid AS position, m.id, m.role, m.content, m.created_at, m.finish, m.model, m.latency_ms,
		m.input_tokens, m.output_tokens, m.cost_usd_micros, m.rating, m.rating_comment, m.replayed_at
	FROM chat_messages m INDEXED BY chat_messages_by_session
	WHERE (m.session_id, m.org_id) = (
			SELECT c.id, c.org_id FROM orgs o CROSS JOIN chat_sessions c ON c.org_id = o.id AND c.id = ?2 ${VISITOR_JOIN}
			WHERE ${IS_ORG} AND ${IS_KEPT})
		AND m.rowid > ?3
	ORDER BY m.rowid
	LIMIT ${MAX_MESSAGES + 1}
`;

function messagesStatement(db: D1Database, ref: string, id: string, after: number): D1PreparedStatement {
	return db.prepare(MESSAGES_SQL).bind(ref, id, after);
}

/** The place of an answer under way has no words yet: it is `pending`, as the visitor sees it too. Where no words are kept there are none. */
function messageOf(row: Row) {
	const finish = textColumnOrNull(row, "finish");
	const isPending = finish === "pending";
	return {
		id: textColumn(row, "id"),
		role: textColumn(row, "role"),
		text: textColumn(row, "content"),
		created_at: textColumn(row, "created_at"),
		status: isPending ? "pending" : "done",
		finish: isPending ? null : finish,
		model: textColumnOrNull(row, "model"),
		latency_ms: numberColumnOrNull(row, "latency_ms"),
		input_tokens: numberColumnOrNull(row, "input_tokens"),
		output_tokens: numberColumnOrNull(row, "output_tokens"),
		cost_usd_micros: numberColumnOrNull(row, "cost_usd_micros"),
		rating: textColumnOrNull(row, "rating"),
		rating_comment: textColumnOrNull(row, "rating_comment"),
		text_lost: textColumnOrNull(row, "replayed_at") !== null,
	};
}
