import { numberColumn, packedRows, textColumn, textColumnOrNull, textListColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { json } from "../../lib/http/json.ts";
import { IS_ORG, ORG_COLUMNS, readForOrg } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { decodeCursor } from "../request/cursor.ts";
import { packedColumn } from "../request/packed.ts";
import { CURSOR_FAULT, pageLimit, pageOf } from "../request/page.ts";
import { queryText } from "../request/query.ts";

const DEFAULT_LIMIT = 50;

/**
 * `GET /portal/audit`: every write made through the portal or by Stripe, the newest first, a page at a time. The fields'
 * names are kept, their values are not.
 * @throws {ApiError} invalid_request, and as `readForOrg`
 */
export async function getAudit(db: D1Database, target: OrgTarget, params: URLSearchParams): Promise<Response> {
	const faults: FieldError[] = [];
	const limit = pageLimit(params, DEFAULT_LIMIT, faults);
	const before = parseBefore(params, faults);
	if (faults.length > 0) throw invalidFields(faults);
	const { row } = await readForOrg(db, target, [entriesStatement(db, target.ref, before, limit)]);
	const { items, next_cursor } = pageOf(packedRows(row, "entries"), limit, entryOf, (last) => [
		String(numberColumn(last, "id")),
	]);
	return json({ entries: items, next_cursor });
}

/** The id that the page's entries come before. */
function parseBefore(params: URLSearchParams, faults: FieldError[]): number {
	const text = queryText(params, "cursor", 100, faults);
	if (text === undefined) return Number.MAX_SAFE_INTEGER;
	const [id = ""] = decodeCursor(text, 1) ?? [];
	if (/^[1-9]\d{0,14}$/.test(id)) return Number(id);
	faults.push(CURSOR_FAULT);
	return 0;
}

const ENTRIES_SQL = `
	SELECT ${ORG_COLUMNS},
		(SELECT ${packedColumn("id", "at", "user_id", "acting_as", "action", "target", "fields")}
			FROM (
				SELECT a.id, a.at, a.user_id, a.acting_as, a.action, a.target, a.fields
				FROM audit_log a INDEXED BY audit_log_by_org
				WHERE a.org_id = o.id AND a.id < ?2
				ORDER BY a.id DESC
				LIMIT ?3) listed) AS entries
	FROM orgs o
	WHERE ${IS_ORG}
`;

function entriesStatement(db: D1Database, ref: string, before: number, limit: number): D1PreparedStatement {
	return db.prepare(ENTRIES_SQL).bind(ref, before, limit + 1);
}

function entryOf(row: Row) {
	return {
		id: numberColumn(row, "id"),
		at: textColumn(row, "at"),
		user_id: textColumn(row, "user_id"),
		acting_as: textColumn(row, "acting_as"),
		action: textColumn(row, "action"),
		target: textColumnOrNull(row, "target"),
		fields: textListColumn(row, "fields") ?? [],
	};
}
