import { batch } from "../../lib/d1/batch.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { isoInstant } from "../../lib/time.ts";
import { actorOf, auditStatement } from "../audit/statement.ts";
import { orgStatement, readForOrg } from "../auth/access.ts";
import type { OrgRead, OrgTarget } from "../auth/access.ts";
import { queryText } from "../request/query.ts";
import { parseDayRange } from "./day-range.ts";
import type { DayRange } from "./day-range.ts";
import { exportCursorStatement, exportPageStatement, firstExportPage, pageBehind } from "./export-pages.ts";
import type { ExportPage } from "./export-pages.ts";
import { exportStream } from "./export-stream.ts";

const MAX_CURSOR_CHARS = 200;

export interface ExportRequest {
	params: URLSearchParams;
	/** HEAD: the headers alone. Nothing is read, so nothing is recorded. */
	headOnly: boolean;
}

/** What is asked for. */
interface Wanted {
	range: DayRange;
	/** `message_id` of the last message that the client has; undefined = none. */
	cursor: string | undefined;
}

/**
 * `GET /portal/export`: every message of the conversations that began in a range of days, as CSV, or with `?cursor=` those behind
 * one that the client has. All that can be refused is refused before the first byte. The last record is an end mark (see
 * `exportStream`), and an export without one has broken off: the `message_id` of the last whole row is a cursor as well.
 * @throws {ApiError} invalid_request, unavailable, and as `readForOrg`
 */
export async function getExport(
	db: D1Database,
	target: OrgTarget,
	{ params, headOnly }: ExportRequest,
	now: number,
): Promise<Response> {
	const wanted = parseWanted(params, now);
	const { range } = wanted;
	const read = await readForOrg(db, target, readStatements(db, target.ref, wanted));
	const page = firstPage(read, wanted);
	const headers = {
		"Content-Type": "text/csv; charset=utf-8",
		"Content-Disposition": `attachment; filename="${read.org.slug}-conversations-${range.from}-to-${range.to}.csv"`,
	};
	if (headOnly) return new Response(null, { headers });
	const [, rows = []] = await batch(db, [recordStatement(db, read, range, now), exportPageStatement(db, page)]);
	return new Response(exportStream(db, { page, rows }), { headers });
}

function parseWanted(params: URLSearchParams, now: number): Wanted {
	const faults: FieldError[] = [];
	const range = parseDayRange(params, now, faults);
	const cursor = queryText(params, "cursor", MAX_CURSOR_CHARS, faults);
	if (range === undefined || faults.length > 0) throw invalidFields(faults);
	return { range, cursor };
}

function readStatements(db: D1Database, ref: string, { range, cursor }: Wanted): D1PreparedStatement[] {
	const org = orgStatement(db, ref);
	return cursor === undefined ? [org] : [org, exportCursorStatement(db, ref, range, cursor)];
}

function firstPage({ org, results }: OrgRead, { range, cursor }: Wanted): ExportPage {
	const first = firstExportPage(org.id, range);
	if (cursor === undefined) return first;
	const row = results[1]?.[0];
	if (row !== undefined) return pageBehind(first, row);
	const message =
		"must be the message_id of a row of these days that is still stored: begin anew or give an earlier row's";
	throw invalidFields([{ field: "cursor", message }]);
}

/** Who took the texts of which days out of the portal. */
function recordStatement(
	db: D1Database,
	{ caller, org }: OrgRead,
	{ from, to }: DayRange,
	now: number,
): D1PreparedStatement {
	return auditStatement(db, {
		orgId: org.id,
		at: isoInstant(now),
		by: actorOf(caller),
		action: "export.create",
		target: `${from}/${to}`,
	});
}
