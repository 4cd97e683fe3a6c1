import { numberColumn, packedRows, textColumn, textColumnOrNull, textListColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { taggedJson } from "../../lib/http/conditional.ts";
import { IS_ORG, ORG_COLUMNS } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { parseInstantRange } from "../numbers/day-range.ts";
import { decodeCursor } from "../request/cursor.ts";
import { packedColumn } from "../request/packed.ts";
import { CURSOR_FAULT, pageLimit, pageOf } from "../request/page.ts";
import { queryChoice, queryText } from "../request/query.ts";
import { readRecorded } from "./reads.ts";

const DEFAULT_LIMIT = 50;
const MAX_ACTION_CHARS = 64;
const MAX_USER_CHARS = 128;
const MAX_TARGET_CHARS = 128;
/** An instant and a number. */
const MAX_CURSOR_CHARS = 100;
export const KINDS = ["write", "read"];

export interface AuditQuery {
	limit: number;
	kind: string | null;
	action: string | null;
	userId: string | null;
	/** id of what was written or read */
	target: string | null;
	/** The first instant, as text. */
	from: string;
	/** What every entry sorts before. */
	before: [at: string, id: number];
}

/**
 * `GET /portal/audit`: who wrote and who read, the newest first, a page at a time. Of what was written the fields' names are kept,
 * their values are not. The reads of an hour that are alike are one entry, which keeps its place while they go on.
 * @throws {ApiError} invalid_request, and as `readRecorded`
 */
export async function getAudit(
	db: D1Database,
	target: OrgTarget,
	params: URLSearchParams,
	now: number,
): Promise<Response> {
	const query = parseAuditQuery(params, now);
	const { row } = await readRecorded(db, target, [entriesStatement(db, target.ref, query)], {
		action: "audit.list",
		now,
	});
	const { items, next_cursor } = pageOf(packedRows(row, "entries"), query.limit, entryOf, (last) => [
		textColumn(last, "at"),
		String(numberColumn(last, "id")),
	]);
	return taggedJson({ entries: items, next_cursor });
}

/** @throws {ApiError} invalid_request */
export function parseAuditQuery(params: URLSearchParams, now: number): AuditQuery {
	const faults: FieldError[] = [];
	const range = parseInstantRange(params, now, faults);
	const cursor = parseCursor(params, faults);
	const query = {
		limit: pageLimit(params, DEFAULT_LIMIT, faults),
		kind: queryChoice(params, "kind", KINDS, faults) ?? null,
		action: queryText(params, "action", MAX_ACTION_CHARS, faults) ?? null,
		userId: queryText(params, "user_id", MAX_USER_CHARS, faults) ?? null,
		target: queryText(params, "target", MAX_TARGET_CHARS, faults) ?? null,
		from: range.from,
		before: cursor !== undefined && cursor[0] < range.before ? cursor : ([range.before, 0] satisfies [string, number]),
	};
	// Of one thing there are few entries, and each says who and what it was: no index is kept for both at once.
	if (query.target !== null && (query.action !== null || query.userId !== null))
		faults.push({ field: "target", message: "cannot be sent together with action or user_id" });
	if (faults.length > 0) throw invalidFields(faults);
	return query;
}

/** Instant and id of the last entry of the page before. */
function parseCursor(params: URLSearchParams, faults: FieldError[]): [string, number] | undefined {
	const text = queryText(params, "cursor", MAX_CURSOR_CHARS, faults);
	if (text === undefined) return undefined;
	const [at = "", id = ""] = decodeCursor(text, 2) ?? [];
	if (at !== "" && /^[1-9]\d{0,14}$/.test(id)) return [at, Number(id)];
	faults.push(CURSOR_FAULT);
	return undefined;
}

const NAMES = [
	...["id", "at", "last_at", "user_id", "acting_as", "impersonator_id"],
	...["kind", "action", "target", "fields", "reads"],
];

/** What is shown of an entry, FROM audit_log a. */
export const ENTRY_COLUMNS = NAMES.map((name) => `a.${name}`).join(", ");

/** Part of a page, newest first, by an index that has no other entries in the range. Only one upper bound: an index can use no second. */
function entriesBy(index: string, filter: string): string {
	return `SELECT * FROM (
		SELECT ${ENTRY_COLUMNS}
		FROM audit_log a INDEXED BY ${index}
		WHERE a.org_id = o.id AND ${filter} AND a.at >= ?6 AND (a.at, a.id) < (?7, ?8)
		ORDER BY a.at DESC, a.id DESC
		LIMIT ?5) page`;
}

/** An action is of one kind, so it says which itself; without either, the newest of both kinds hold the newest of all. */
function entriesSql({ kind, action, userId, target }: AuditQuery): string {
	const ofUser = userId === null ? "" : " AND a.user_id = ?4";
	if (action !== null) {
		const index = userId === null ? "audit_log_by_action" : "audit_log_by_user_action";
		return entriesBy(index, `a.action = ?3${ofUser} AND (?2 IS NULL OR ?2 = iif(${IS_READ}, 'read', 'write'))`);
	}
	const ofTarget = target === null ? "" : " AND a.target = ?9";
	const index = userId === null ? "audit_log_by_org" : "audit_log_by_user";
	const ofKind = (isKind: string) =>
		entriesBy(target === null ? index : "audit_log_by_target", `a.kind = ${isKind}${ofUser}${ofTarget}`);
	return kind === null ? `${ofKind("'read'")} UNION ALL ${ofKind("'write'")}` : ofKind("?2");
}

/** As the column `kind` tells an action: another kind's entries are so not looked through in vain. */
const IS_READ = "?3 GLOB '*.read' OR ?3 GLOB '*.list' OR ?3 = 'export.create'";

/** ?2 kind, ?3 action, ?4 user, ?5 limit, ?6 to ?8 from where to where, ?9 target; those that a request does not ask for are named all the same. */
function entriesStatement(db: D1Database, ref: string, query: AuditQuery): D1PreparedStatement {
	const { limit, kind, action, userId, target, from, before } = query;
	return db
		.prepare(`
			SELECT ${ORG_COLUMNS},
				(SELECT ${packedColumn(...NAMES)}
					FROM (SELECT * FROM (${entriesSql(query)}) page ORDER BY at DESC, id DESC LIMIT ?5) listed) AS entries
			FROM orgs o
			WHERE ${IS_ORG} AND ?2 IS ?2 AND ?3 IS ?3 AND ?4 IS ?4 AND ?9 IS ?9
		`)
		.bind(ref, kind, action, userId, limit + 1, from, ...before, target);
}

/** An entry as every answer shows it. */
export function entryOf(row: Row) {
	const at = textColumn(row, "at");
	const kind = textColumn(row, "kind");
	return {
		id: numberColumn(row, "id"),
		at,
		last_at: textColumnOrNull(row, "last_at") ?? at,
		user_id: textColumn(row, "user_id"),
		acting_as: textColumn(row, "acting_as"),
		impersonator_id: textColumn(row, "impersonator_id") || null,
		kind,
		action: textColumn(row, "action"),
		target: textColumnOrNull(row, "target"),
		fields: textListColumn(row, "fields") ?? [],
		reads: kind === "read" ? numberColumn(row, "reads") : null,
	};
}
