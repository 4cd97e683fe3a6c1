import { numberColumn, packedRows, textColumn, textColumnOrNull, textListColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { taggedJson } from "../../lib/http/conditional.ts";
import { readRecorded } from "../audit/reads.ts";
import { IS_ORG, ORG_COLUMNS } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { DEFAULT_DAYS, lastDays } from "../numbers/day-range.ts";
import type { DayRange } from "../numbers/day-range.ts";
import { packedColumn } from "../request/packed.ts";
import { MAX_LIST_ROWS } from "../request/page.ts";

/** `GET /portal/engines`: every engine of an org, the oldest first, of every environment and status. */
export async function getEngines(db: D1Database, target: OrgTarget, now: number): Promise<Response> {
	const statements = [enginesStatement(db, target.ref, lastDays(now, DEFAULT_DAYS))];
	const { row } = await readRecorded(db, target, statements, { action: "engine.list", now });
	return taggedJson({ engines: packedRows(row, "engines").map(engineOf) });
}

/** What is shown of an engine, FROM portal_sites s and its days m, GROUP BY engine. */
export const ENGINE_COLUMNS = `s.id, s.name, s.type, s.status, s.environment, s.site_key, s.allowed_origins,
	(SELECT a.last_at FROM metrics_daily a WHERE a.org_id = s.org_id AND a.date = s.last_active_date AND a.site_id = s.id) AS last_active_at,
	COALESCE(SUM(m.sessions), 0) AS sessions_30d, COALESCE(SUM(m.messages), 0) AS messages_30d`;

const ENGINE_NAMES = [
	...["id", "name", "type", "status", "environment", "site_key", "allowed_origins"],
	...["last_active_at", "sessions_30d", "messages_30d"],
];

/** The engines of `orgs o` as one JSON text, the oldest first; ?2 and ?3 are the first and the last day that is counted. */
export const ENGINES_PACKED = `(
	SELECT ${packedColumn(...ENGINE_NAMES)}
	FROM (
		SELECT ${ENGINE_COLUMNS}
		FROM portal_sites s
		LEFT JOIN metrics_daily m INDEXED BY metrics_daily_by_site ON m.site_id = s.id AND m.date BETWEEN ?2 AND ?3 AND m.org_id = s.org_id
		WHERE s.org_id = o.id
		GROUP BY s.created_at, s.id
		ORDER BY s.created_at, s.id
		LIMIT ${MAX_LIST_ROWS}) listed)`;

const ENGINES_SQL = `
	SELECT ${ORG_COLUMNS}, ${ENGINES_PACKED} AS engines
	FROM orgs o
	WHERE ${IS_ORG}
`;

function enginesStatement(db: D1Database, ref: string, range: DayRange): D1PreparedStatement {
	return db.prepare(ENGINES_SQL).bind(ref, range.from, range.to);
}

/** An engine as every answer shows it. */
export function engineOf(row: Row) {
	const allowedOrigins = textListColumn(row, "allowed_origins");
	return {
		id: textColumn(row, "id"),
		name: textColumn(row, "name"),
		type: textColumn(row, "type"),
		status: textColumn(row, "status"),
		environment: textColumn(row, "environment"),
		site_key: textColumn(row, "site_key"),
		allowed_origins: allowedOrigins,
		origins_open: allowedOrigins === null,
		last_active_at: textColumnOrNull(row, "last_active_at"),
		sessions_30d: numberColumn(row, "sessions_30d"),
		messages_30d: numberColumn(row, "messages_30d"),
	};
}
