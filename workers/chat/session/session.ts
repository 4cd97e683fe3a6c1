import { ADMITTED_SQL, admissionParameters } from "../../lib/site/admission.ts";
import type { SiteCaller } from "../../lib/site/admission.ts";
import type { SiteBindings } from "../../lib/site/admit.ts";
import { ApiError } from "../../lib/http/errors.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { checkedText, invalidFields, textField } from "../../lib/http/fields.ts";
import { DAY_MS, isoInstant } from "../../lib/time.ts";

/** As crypto.randomUUID writes it, which is the only way a session id of ours comes about. */
export const SESSION_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** A session rests this long before the next message begins a new one, ms. */
export const SESSION_IDLE_MS = DAY_MS;
/** No id of ours is longer. */
const ID_MAX_CHARS = 64;
/** Code points, after trimming. */
export const VISITOR_ID_MAX_CHARS = 128;

/** What a route takes that writes to a session. */
export interface WritingBindings {
	site: SiteBindings;
	/** @throws {ApiError} not_configured */
	maxBodyBytes: () => number;
}

/** The session that a request names, and the visitor who names it. */
export interface SessionKey {
	sessionId: string;
	/** null = the page names none; then only a session that was begun so is theirs. */
	visitorId: string | null;
}

/**
 * The condition, over `chat_sessions c`, that its visitor has not been erased since it began: their sessions are marked one after the
 * other, and none goes on until its turn comes. It reads one row, by the primary key.
 */
export const VISITOR_IS_KEPT = `NOT EXISTS (
	SELECT 1 FROM visitors e WHERE e.org_id = c.org_id AND e.visitor_id = c.visitor_id AND e.erased_at >= c.started_at)`;

/**
 * What follows a SELECT of columns of `chat_sessions c`: the session, if it belongs to the caller's site and to this visitor,
 * has not ended, is not idle and not erased, and the caller may use the site. Everything else is one and the same: no row.
 * Its parameters ?1 to ?8 are `sessionParameters`; a statement's own begin at ?9.
 */
export const OPEN_SESSION_SQL = `
	FROM chat_sessions c
	JOIN portal_sites s ON s.id = c.site_id AND s.org_id = c.org_id
	JOIN orgs o ON o.id = s.org_id
	WHERE c.id = ?6 AND (c.visitor_id = ?7 OR (?7 IS NULL AND c.visitor_id = c.id))
		AND c.ended_at IS NULL AND c.last_message_at > ?8 AND ${VISITOR_IS_KEPT} AND ${ADMITTED_SQL}
`;

export function sessionParameters(
	caller: SiteCaller,
	{ sessionId, visitorId }: SessionKey,
): (string | number | null)[] {
	const idleSince = isoInstant(Date.parse(caller.now) - SESSION_IDLE_MS);
	return [...admissionParameters(caller), sessionId, visitorId, idleSince];
}

/**
 * The visitor as the page names it in `X-Visitor-Id`; null = it names none.
 * @throws {ApiError} invalid_request
 */
export function visitorOf(request: Request): string | null {
	const checked = checkedText(request.headers.get("X-Visitor-Id") ?? "", {
		min: 0,
		max: VISITOR_ID_MAX_CHARS,
		stored: "line",
	});
	if ("fault" in checked) throw invalidFields([{ field: "X-Visitor-Id", message: checked.fault }]);
	return checked.text === "" ? null : checked.text;
}

/** The id of a session or message in a body; "" when `faults` got what is wrong with it. One that is not ours is found nowhere. */
export function idField(body: Record<string, unknown>, field: string, faults: FieldError[]): string {
	const before = faults.length;
	const id = textField(body, field, { min: 1, max: ID_MAX_CHARS }, faults);
	if (id === undefined && faults.length === before) faults.push({ field, message: "is required" });
	return id ?? "";
}

/** The 404 of a session that is unknown, another's, ended, idle or erased, or of what is not in it: one text for all, so that asking learns nothing. */
export function noSession(): ApiError {
	return new ApiError(
		"not_found",
		"This visitor has no such conversation or answer; check session_id and X-Visitor-Id, or begin anew.",
	);
}
