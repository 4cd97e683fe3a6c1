import { batch } from "../../lib/d1/batch.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { isoInstant } from "../../lib/time.ts";
import { actorOf, auditStatement } from "../audit/statement.ts";
import { orgStatement, readForOrg } from "../auth/access.ts";
import type { OrgRead, OrgTarget } from "../auth/access.ts";
import { parseDayRange } from "./day-range.ts";
import type { DayRange } from "./day-range.ts";
import { exportPageStatement, exportStream, firstExportPage } from "./export-pages.ts";

export interface ExportRequest {
	params: URLSearchParams;
	/** HEAD: the headers alone. Nothing is read, so nothing is recorded. */
	headOnly: boolean;
}

/**
 * `GET /portal/export`: every message of the conversations that began in a range of days, as CSV. All that can be refused is
 * refused before the first byte; a fault after it breaks the answer off, so that what ended well is whole.
 * @throws {ApiError} invalid_request, unavailable, and as `readForOrg`
 */
export async function getExport(
	db: D1Database,
	target: OrgTarget,
	{ params, headOnly }: ExportRequest,
	now: number,
): Promise<Response> {
	const range = parseRange(params, now);
	const read = await readForOrg(db, target, [orgStatement(db, target.ref)]);
	const headers = {
		"Content-Type": "text/csv; charset=utf-8",
		"Content-Disposition": `attachment; filename="${read.org.slug}-conversations-${range.from}-to-${range.to}.csv"`,
	};
	if (headOnly) return new Response(null, { headers });
	const page = firstExportPage(read.org.id, range);
	const [, rows = []] = await batch(db, [recordStatement(db, read, range, now), exportPageStatement(db, page)]);
	return new Response(exportStream(db, page, rows), { headers });
}

function parseRange(params: URLSearchParams, now: number): DayRange {
	const faults: FieldError[] = [];
	const range = parseDayRange(params, now, faults);
	if (range === undefined) throw invalidFields(faults);
	return range;
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
