import type { SiteCaller } from "../../lib/site/admission.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields, textField } from "../../lib/http/fields.ts";
import { keptTextSql } from "../../lib/privacy/kept.ts";
import { visitorText } from "../../lib/privacy/visitor-text.ts";
import { readJsonObject } from "../../lib/http/body.ts";
import type { RequestContext } from "../../lib/http/serve.ts";
import { OPEN_SESSION_SQL, idField, noSession, sessionParameters, visitorOf } from "./session.ts";
import type { SessionKey, WritingBindings } from "./session.ts";
import { admit, headerSiteRequest } from "../../lib/site/admit.ts";

/** Code points, after trimming. */
const COMMENT_MAX_CHARS = 1000;

/** What a visitor thinks of an answer, whole: it replaces what they thought before. */
interface Feedback {
	session: SessionKey;
	messageId: string;
	/** null = none any more */
	rating: "up" | "down" | null;
	comment: string | null;
}

/**
 * `POST /feedback`: sets, changes or clears (`rating: null`) a visitor's rating of an answer of their session, and the
 * comment with it. Sent again it changes nothing.
 *
 * Body `{session_id, message_id, rating: "up" | "down" | null, comment?}`; whose session it is, `X-Visitor-Id` says, as for
 * `GET /sessions/{id}`. Answers 204. An answer can be rated as soon as it is recorded, a moment after it was given.
 * @throws {ApiError} unsupported_media_type, payload_too_large, invalid_json, invalid_request, those of `headerSiteRequest` and `admit`; not_found
 */
export async function postFeedback(
	request: Request,
	bindings: WritingBindings,
	context: RequestContext,
): Promise<Response> {
	const feedback = parseFeedback(await readJsonObject(request, bindings.maxBodyBytes()), visitorOf(request));
	const keyed = headerSiteRequest(bindings.site, request, context);
	const { results } = await admit(keyed, {
		kind: "feedback",
		whenBroken: "allow",
		statements: (db, caller) => [metricsStatement(db, caller, feedback), ratingStatement(db, caller, feedback)],
	});
	if (results[1]?.length !== 1) throw noSession();
	return new Response(null, { status: 204 });
}

function parseFeedback(body: Record<string, unknown>, visitorId: string | null): Feedback {
	const faults: FieldError[] = [];
	const sessionId = idField(body, "session_id", faults);
	const messageId = idField(body, "message_id", faults);
	const rating = Object.hasOwn(body, "rating") ? body.rating : undefined;
	const isRating = rating === "up" || rating === "down" || rating === null;
	if (!isRating) faults.push({ field: "rating", message: 'must be "up", "down" or null' });
	const comment = textField(body, "comment", { min: 0, max: COMMENT_MAX_CHARS, stored: "lines" }, faults) ?? "";
	if (faults.length > 0 || !isRating) throw invalidFields(faults);
	return {
		session: { sessionId, visitorId },
		messageId,
		rating,
		comment: rating === null || comment === "" ? null : comment,
	};
}

function parameters(caller: SiteCaller, { session, messageId, rating }: Feedback): (string | number | null)[] {
	return [...sessionParameters(caller, session), messageId, rating];
}

/**
 * Moves the day's counters by the difference to the rating that still stands, so it goes before `ratingStatement`. In one
 * transaction with it the counters are exact, whoever else rates at the same time. The day is the turn's, on which its visitor
 * spoke, also where the answer came after midnight: the question is the row before the answer's.
 */
function metricsStatement(db: D1Database, caller: SiteCaller, feedback: Feedback): D1PreparedStatement {
	return db
		.prepare(`
			INSERT INTO metrics_daily (org_id, date, site_id, last_at, feedback_up, feedback_down)
			SELECT m.org_id, substr(q.created_at, 1, 10), open.site_id, q.created_at,
				(?10 IS 'up') - (m.rating IS 'up'), (?10 IS 'down') - (m.rating IS 'down')
			FROM (SELECT c.id, c.site_id ${OPEN_SESSION_SQL}) open
			JOIN chat_messages m ON m.session_id = open.id
			JOIN chat_messages q ON q.rowid = (
				SELECT MAX(b.rowid) FROM chat_messages b WHERE b.session_id = m.session_id AND b.rowid < m.rowid)
			WHERE m.id = ?9 AND m.role = 'assistant' AND m.finish IS NOT 'pending' AND m.rating IS NOT ?10
			ON CONFLICT (org_id, date, site_id) DO UPDATE
			SET feedback_up = feedback_up + excluded.feedback_up, feedback_down = feedback_down + excluded.feedback_down
		`)
		.bind(...parameters(caller, feedback));
}

function ratingStatement(db: D1Database, caller: SiteCaller, feedback: Feedback): D1PreparedStatement {
	const { comment, rating } = feedback;
	const text = comment === null || rating === null ? null : visitorText(comment, Date.parse(caller.now));
	const kept = keptTextSql("chat_messages.org_id", { written: "?11", hidden: "?12", none: "NULL" });
	return db
		.prepare(`
			UPDATE chat_messages SET rating = ?10, rating_comment = ${kept}
			WHERE id = ?9 AND role = 'assistant' AND finish IS NOT 'pending' AND session_id = (SELECT c.id ${OPEN_SESSION_SQL})
			RETURNING id
		`)
		.bind(...parameters(caller, feedback), text?.written ?? null, text?.hidden ?? null);
}
