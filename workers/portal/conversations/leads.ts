import { textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { taggedJson } from "../../lib/http/conditional.ts";
import { readRecorded } from "../audit/reads.ts";
import { IS_ORG, orgStatement } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { IS_KEPT } from "./visitor.ts";
import { beforeCursor, pageOf, parsePage } from "../request/page.ts";

const DEFAULT_LIMIT = 25;

/**
 * `GET /portal/leads`: who left an address, the newest first, a page at a time.
 * @throws {ApiError} invalid_request, and as `readRecorded`
 */
export async function getLeads(
	db: D1Database,
	target: OrgTarget,
	params: URLSearchParams,
	now: number,
): Promise<Response> {
	const { limit, before } = parsePage(params, DEFAULT_LIMIT, beforeCursor);
	const statements = [orgStatement(db, target.ref), leadsStatement(db, target.ref, before, limit)];
	const { results } = await readRecorded(db, target, statements, { action: "lead.list", now });
	const { items, next_cursor } = pageOf(results[1] ?? [], limit, leadOf, (last) => [
		textColumn(last, "created_at"),
		textColumn(last, "id"),
	]);
	return taggedJson({ leads: items, next_cursor });
}

const LEADS_SQL = `
	SELECT l.id, l.site_id AS engine_id, s.name AS engine_name, l.session_id, v.visitor, l.name, l.email, l.message, l.created_at, l.consent_version
	FROM leads l
	CROSS JOIN portal_sites s ON s.id = l.site_id AND s.org_id = l.org_id
	LEFT JOIN chat_sessions c ON c.id = l.session_id AND c.org_id = l.org_id
	LEFT JOIN visitors v ON v.org_id = c.org_id AND v.visitor_id = c.visitor_id
	WHERE l.org_id = (SELECT o.id FROM orgs o WHERE ${IS_ORG}) AND (l.created_at, l.id) < (?2, ?3) AND (c.id IS NULL OR (${IS_KEPT}))
	ORDER BY l.created_at DESC, l.id DESC
	LIMIT ?4
`;

function leadsStatement(
	db: D1Database,
	ref: string,
	before: [createdAt: string, id: string],
	limit: number,
): D1PreparedStatement {
	return db.prepare(LEADS_SQL).bind(ref, ...before, limit + 1);
}

function leadOf(row: Row) {
	return {
		id: textColumn(row, "id"),
		engine_id: textColumn(row, "engine_id"),
		engine_name: textColumn(row, "engine_name"),
		session_id: textColumnOrNull(row, "session_id"),
		visitor: textColumnOrNull(row, "visitor"),
		name: textColumnOrNull(row, "name"),
		email: textColumn(row, "email"),
		message: textColumnOrNull(row, "message"),
		created_at: textColumn(row, "created_at"),
		consent_version: textColumnOrNull(row, "consent_version"),
	};
}
