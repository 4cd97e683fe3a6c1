import { repeatableBatch } from "../../../lib/d1/batch.ts";
import { numberColumn, textColumn } from "../../../lib/d1/row.ts";
import { taggedJson } from "../../../lib/http/conditional.ts";
import { isoInstant } from "../../../lib/time.ts";
import { ENTRY_COLUMNS, entryOf, parseAuditQuery } from "../../audit/audit.ts";
import type { AuditQuery } from "../../audit/audit.ts";
import type { Caller } from "../../auth/clerk-claims.ts";
import { pageOf } from "../../request/page.ts";

/**
 * `GET /portal/clients/audit`, for staff: who wrote and who read at any client, the newest first, a page at a time. Each client of whom
 * the page shows something has in its log that it was read.
 * @throws {ApiError} invalid_request, unavailable
 */
export async function getClientsAudit(
	db: D1Database,
	caller: Caller,
	params: URLSearchParams,
	now: number,
): Promise<Response> {
	const query = parseAuditQuery(params, now);
	const [rows = []] = await repeatableBatch(db, [
		entriesStatement(db, query),
		readStatement(db, query, caller, isoInstant(now)),
	]);
	const { items, next_cursor } = pageOf(
		rows,
		query.limit,
		(row) => ({ ...entryOf(row), org_id: textColumn(row, "org_id"), org_name: textColumn(row, "org_name") }),
		(last) => [textColumn(last, "at"), String(numberColumn(last, "id"))],
	);
	return taggedJson({ entries: items, next_cursor });
}

/** ?1 kind, ?2 user, ?3 limit, ?4 to ?6 from where to where; those that a request does not ask for are named all the same. */
function entriesSql({ kind, userId }: AuditQuery): string {
	const ofKind = (isKind: string) => `SELECT * FROM (
		SELECT a.org_id, o.name AS org_name, ${ENTRY_COLUMNS}
		FROM audit_log a INDEXED BY ${userId === null ? "audit_log_by_kind" : "audit_log_by_anyone"}
		CROSS JOIN orgs o ON o.id = a.org_id AND o.erasure_id IS NULL
		WHERE a.kind = ${isKind}${userId === null ? "" : " AND a.user_id = ?2"} AND a.at >= ?4 AND (a.at, a.id) < (?5, ?6)
			AND ?1 IS ?1 AND ?2 IS ?2
		ORDER BY a.at DESC, a.id DESC
		LIMIT ?3) page`;
	const listed = kind === null ? `${ofKind("'read'")} UNION ALL ${ofKind("'write'")}` : ofKind("?1");
	return `SELECT * FROM (${listed}) page ORDER BY at DESC, id DESC LIMIT ?3`;
}

function bound({ kind, userId, limit, from, before }: AuditQuery, more: number) {
	return [kind, userId, limit + more, from, ...before];
}

function entriesStatement(db: D1Database, query: AuditQuery): D1PreparedStatement {
	return db.prepare(entriesSql(query)).bind(...bound(query, 1));
}

/** As a read of the client's own log leaves its row (audit/reads.ts), of each client on the page. */
function readStatement(db: D1Database, query: AuditQuery, { userId }: Caller, at: string): D1PreparedStatement {
	return db
		.prepare(`
			INSERT INTO audit_log (org_id, at, last_at, hour, user_id, acting_as, impersonator_id, action, target)
			SELECT DISTINCT listed.org_id, ?7, ?7, ?8, ?9, 'staff', '', 'audit.list', listed.org_id
			FROM (${entriesSql(query)}) listed
			WHERE TRUE
			ON CONFLICT (org_id, user_id, acting_as, impersonator_id, action, target, hour) WHERE hour IS NOT NULL
			DO UPDATE SET reads = reads + 1, last_at = MAX(last_at, excluded.last_at)
		`)
		.bind(...bound(query, 0), at, at.slice(0, "2026-01-31T12".length), userId);
}
