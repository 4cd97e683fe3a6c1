import { numberColumn } from "../d1/row.ts";
import type { Row } from "../d1/row.ts";
import type { ComparedDay, Difference, RowsThere } from "./difference.ts";

/** ?1 org, ?2 day, ?3 the day after: what plans limit, and what else says how much of it was used. */
const USAGE_SQL = `
	SELECT o.id AS org_id,
		COALESCE(u.messages, 0) AS messages,
		COALESCE(u.voice_characters, 0) AS characters,
		COALESCE((SELECT SUM(m.voice_characters) FROM metrics_daily m WHERE m.org_id = o.id AND m.date = ?2), 0) AS metrics_characters,
		COALESCE(u.conversation_seconds, 0) AS seconds,
		COALESCE((SELECT SUM(IIF(v.status = 'open', v.reserved_seconds, COALESCE(v.duration_seconds, 0)))
			FROM voice_sessions v INDEXED BY voice_sessions_by_org
			WHERE v.org_id = o.id AND v.opened_at >= ?2 AND v.opened_at < ?3), 0) AS conversation_seconds,
		EXISTS (SELECT 1 FROM erasures e INDEXED BY erasures_by_age WHERE e.at >= ?2 AND e.org_id = o.id) AS is_erased,
		COALESCE(c.retention_days, ?4) AS retention_days
	FROM orgs o
	LEFT JOIN usage_daily u ON u.org_id = o.id AND u.date = ?2
	LEFT JOIN org_config c ON c.org_id = o.id
	WHERE o.id = ?1
`;

/**
 * The statement that gives an org's usage of a day beside what else tells of it, and what tells whether the day's rows are all there.
 * @param defaultDays how long an org keeps its conversations that does not say it, days
 */
export function dayUsageStatement(
	db: D1Database,
	{ orgId, date, nextDate }: ComparedDay,
	defaultDays: number,
): D1PreparedStatement {
	return db.prepare(USAGE_SQL).bind(orgId, date, nextDate, defaultDays);
}

/** @param answers rows of answers of the day @param there what of the day's rows is there */
export function usageDifferences(
	db: D1Database,
	day: ComparedDay,
	row: Row,
	{ answers, there }: { answers: number; there: RowsThere },
): Difference[] {
	const of = (column: "messages" | "voice_characters" | "conversation_seconds", names: [string, number]) => {
		const [counted, rows] = [numberColumn(row, names[0]), names[1]];
		if (counted === rows || (counted > rows && !there.isKept)) return [];
		// Of two counters nobody knows which is right.
		const isCertain = column !== "voice_characters" && (counted < rows || there.isWhole);
		const mend = mendStatement(db, day, column, { counted, rows });
		return [{ counter: `usage_daily.${column}`, id: "", date: day.date, counted, rows, isCertain, mend }];
	};
	return [
		...of("messages", ["messages", answers]),
		...of("voice_characters", ["characters", numberColumn(row, "metrics_characters")]),
		...of("conversation_seconds", ["seconds", numberColumn(row, "conversation_seconds")]),
	];
}

function mendStatement(
	db: D1Database,
	{ orgId, date }: ComparedDay,
	column: string,
	{ counted, rows }: Pick<Difference, "counted" | "rows">,
): D1PreparedStatement {
	const sql = `
		INSERT INTO usage_daily (org_id, date, ${column}) VALUES (?1, ?2, ?3)
		ON CONFLICT (org_id, date) DO UPDATE SET ${column} = ${column} + ?3 WHERE ${column} = ?4
		RETURNING 1 AS is_mended`;
	return db.prepare(sql).bind(orgId, date, rows - counted, counted);
}
