import type { SiteCaller } from "../../lib/site/admission.ts";
import { textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { json } from "../../lib/http/json.ts";
import { isoInstant } from "../../lib/time.ts";
import type { RequestContext } from "../../lib/http/serve.ts";
import { OPEN_SESSION_SQL, SESSION_IDLE_MS, noSession, sessionParameters, visitorOf } from "./session.ts";
import type { SessionKey } from "./session.ts";
import { admit, headerSiteRequest } from "../../lib/site/admit.ts";
import type { SiteBindings } from "../../lib/site/admit.ts";

/** Messages of a session that a visitor is shown, the newest. */
const SHOWN_MESSAGES = 200;

/**
 * `GET /sessions/{id}`: the visitor's own conversation, so that a page can show it again. Whose it is, `X-Visitor-Id` says; a
 * conversation that was begun without a visitor needs none.
 *
 * Answers 200 `{session_id, messages: [{id, role, text, created_at, rating, finish, sources, status}], expires_at}`, oldest
 * message first. An answer under way is there as `status: "pending"`, `text: null`: it joins when it ends. Of a conversation
 * whose words are not kept (`privacy: no_store`) every `text` is null.
 * @throws {ApiError} those of `visitorOf`, `headerSiteRequest` and `admit`; not_found
 */
export async function getSession(
	request: Request,
	sessionId: string,
	bindings: SiteBindings,
	context: RequestContext,
): Promise<Response> {
	const session = { sessionId, visitorId: visitorOf(request) };
	const { results } = await admit(headerSiteRequest(bindings, request, context), {
		kind: "session",
		whenBroken: "allow",
		statements: (db, caller) => [sessionStatement(db, caller, session), messagesStatement(db, caller, session)],
	});
	const [[sessionRow] = [], messageRows = []] = results;
	if (sessionRow === undefined) throw noSession();
	const expiresAt = isoInstant(Date.parse(textColumn(sessionRow, "last_message_at")) + SESSION_IDLE_MS);
	return json({ session_id: sessionId, messages: messageRows.map(messageOf).reverse(), expires_at: expiresAt });
}

/**
 * `DELETE /sessions/{id}`: the visitor begins anew. The session is ended, not erased: the conversation is the customer's record,
 * and whoever holds a session's id is not thereby known to be the person who spoke. Erasing is the customer's, who
 * answers a visitor's request for it, by the portal; their retention does it in any case.
 *
 * Answers 204; a session that has ended is not found any more.
 * @throws {ApiError} those of `visitorOf`, `headerSiteRequest` and `admit`; not_found
 */
export async function deleteSession(
	request: Request,
	sessionId: string,
	bindings: SiteBindings,
	context: RequestContext,
): Promise<Response> {
	const session = { sessionId, visitorId: visitorOf(request) };
	const { results } = await admit(headerSiteRequest(bindings, request, context), {
		kind: "session",
		whenBroken: "allow",
		statements: (db, caller) => [endStatement(db, caller, session)],
	});
	if (results[0]?.length !== 1) throw noSession();
	return new Response(null, { status: 204 });
}

function sessionStatement(db: D1Database, caller: SiteCaller, session: SessionKey): D1PreparedStatement {
	return db.prepare(`SELECT c.last_message_at ${OPEN_SESSION_SQL}`).bind(...sessionParameters(caller, session));
}

function messagesStatement(db: D1Database, caller: SiteCaller, session: SessionKey): D1PreparedStatement {
	return db
		.prepare(`
			SELECT m.id, m.role, m.content, m.created_at, m.rating, m.finish, m.sources
			FROM chat_messages m
			WHERE m.session_id = (SELECT c.id ${OPEN_SESSION_SQL})
			ORDER BY m.rowid DESC
			LIMIT ?9
		`)
		.bind(...sessionParameters(caller, session), SHOWN_MESSAGES);
}

/** ?2 is the caller's now. */
function endStatement(db: D1Database, caller: SiteCaller, session: SessionKey): D1PreparedStatement {
	return db
		.prepare(`UPDATE chat_sessions SET ended_at = ?2 WHERE id = (SELECT c.id ${OPEN_SESSION_SQL}) RETURNING id`)
		.bind(...sessionParameters(caller, session));
}

function messageOf(row: Row) {
	const finish = textColumnOrNull(row, "finish");
	const isPending = finish === "pending";
	return {
		id: textColumn(row, "id"),
		role: textColumn(row, "role"),
		// Where no words are kept there are none, and no message is empty otherwise.
		text: textColumn(row, "content") || null,
		created_at: textColumn(row, "created_at"),
		rating: textColumnOrNull(row, "rating"),
		finish: isPending ? null : finish,
		sources: sourcesOf(textColumnOrNull(row, "sources")),
		status: isPending ? "pending" : "done",
	};
}

/** They are stored as they are shown. */
function sourcesOf(stored: string | null): unknown {
	return stored === null ? [] : JSON.parse(stored);
}
