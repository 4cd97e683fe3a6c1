import { batch } from "../../lib/d1/batch.ts";
import { textColumn } from "../../lib/d1/row.ts";
import { notFound } from "../../lib/http/serve.ts";
import { slotOf } from "../../lib/metrics/question-slot.ts";
import { questionKey } from "../../lib/knowledge/terms.ts";
import { isoInstant } from "../../lib/time.ts";
import { actorOf, auditStatement } from "../audit/statement.ts";
import { IS_ORG, readForOrg } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { conversationStatement } from "./conversation.ts";
import type { Row } from "../../lib/d1/row.ts";

/** As many of a conversation's questions, the latest, are looked for among those that are counted. */
const MAX_QUESTIONS = 1000;

/**
 * `DELETE /portal/conversations/{id}`: erases a conversation, its messages, its lead, and its questions where nobody else
 * asked them. The numbers of its days stay: they hold no text and name no visitor.
 * @throws {ApiError} not_found (another org's as well)
 */
export async function deleteConversation(
	db: D1Database,
	target: OrgTarget,
	id: string,
	now: number,
): Promise<Response> {
	const { caller, org, row, results } = await readForOrg(db, target, [
		conversationStatement(db, target.ref, id),
		questionsStatement(db, target.ref, id),
	]);
	if (row["id"] === null) throw notFound();
	const audit = auditStatement(
		db,
		{ orgId: org.id, at: isoInstant(now), by: actorOf(caller), action: "conversation.delete", target: id },
		{ sql: "FROM chat_sessions WHERE org_id = ?1 AND id = ?2", parameters: [org.id, id] },
	);
	const questions = forgetStatement(db, org.id, textColumn(row, "engine_id"), results[1] ?? []);
	const [erased] = (await batch(db, [audit, questions, ...eraseStatements(db, org.id, id)])).slice(-1);
	// Someone else was faster.
	if (erased?.length !== 1) throw notFound();
	return new Response(null, { status: 204 });
}

/** What the visitor said. */
function questionsStatement(db: D1Database, ref: string, id: string): D1PreparedStatement {
	return db
		.prepare(`
			SELECT m.content
			FROM chat_messages m INDEXED BY chat_messages_by_session
			WHERE (m.session_id, m.org_id) = (
					SELECT c.id, c.org_id FROM orgs o JOIN chat_sessions c ON c.org_id = o.id AND c.id = ?2 WHERE ${IS_ORG})
				AND m.role = 'user'
			ORDER BY m.rowid DESC
			LIMIT ${MAX_QUESTIONS}
		`)
		.bind(ref, id);
}

/** Takes the questions out of question_stats that were asked no oftener than by these messages. */
function forgetStatement(db: D1Database, orgId: string, siteId: string, messages: readonly Row[]): D1PreparedStatement {
	const times = new Map<string, number>();
	for (const message of messages) {
		const question = questionKey(textColumn(message, "content"));
		times.set(question, (times.get(question) ?? 0) + 1);
	}
	const asked = Array.from(times, ([question, count]) => [slotOf(question), question, count]);
	return db
		.prepare(`
			DELETE FROM question_stats
			WHERE org_id = ?1 AND site_id = ?2 AND slot IN (
				SELECT q.slot
				FROM json_each(?3) a
				CROSS JOIN question_stats q ON q.org_id = ?1 AND q.site_id = ?2 AND q.slot = a.value ->> 0
				WHERE q.question = a.value ->> 1 AND q.asked <= a.value ->> 2)
		`)
		.bind(orgId, siteId, JSON.stringify(asked));
}

/** The messages go with their session, by the foreign key. */
function eraseStatements(db: D1Database, orgId: string, id: string): D1PreparedStatement[] {
	return [
		db.prepare("DELETE FROM leads WHERE org_id = ?1 AND session_id = ?2").bind(orgId, id),
		db.prepare("DELETE FROM chat_sessions WHERE org_id = ?1 AND id = ?2 RETURNING id").bind(orgId, id),
	];
}
