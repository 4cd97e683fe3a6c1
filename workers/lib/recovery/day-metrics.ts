import { numberColumn, textColumn } from "../d1/row.ts";
import type { Row } from "../d1/row.ts";
import { LATENCY_BOUNDS_MS, LATENCY_COLUMNS } from "../metrics/latency.ts";
import type { MetricsCounter } from "../metrics/metrics.ts";
import type { ComparedDay, Difference, RowsThere } from "./difference.ts";

// The counters of a site's day against the rows that it left. An answer by rule and a clip leave none, so where they count as well a
// counter may say more than its rows, and never less.

/** A counter, what it must be held against, and what of it leaves rows. */
interface Compared {
	column: MetricsCounter;
	/** SQL over the turns of a site's day. */
	rows: string;
	/** SQL of what of the counter leaves rows; absent = the counter itself. */
	counted?: string;
	/** True: whatever counts leaves a row. */
	isExact: boolean;
	/** Counts what this one counts as well. */
	also?: MetricsCounter;
}

const exact = (column: MetricsCounter, rows: string): Compared => ({ column, rows, isExact: true });
const atLeast = (column: MetricsCounter, rows: string): Compared => ({ column, rows, isExact: false });
const IS_ANSWERED = "answer_id IS NOT NULL";

const OF_TURNS: readonly Compared[] = [
	// An answer by rule counts as curated, and is no row.
	{ column: "messages", rows: "SUM(finish <> 'curated')", counted: "m.messages - m.curated", isExact: true },
	exact("visitors", "COUNT(DISTINCT visitor_id)"),
	atLeast("errors", `SUM(NOT (${IS_ANSWERED}))`),
	exact("blocked", "SUM(finish IN ('blocked', 'safety'))"),
	atLeast("cache_hits", "SUM(finish = 'cached')"),
	{ ...atLeast("curated", "SUM(finish = 'curated')"), also: "messages" },
	exact("unanswered", "SUM(is_unanswered)"),
	exact("feedback_up", "SUM(rating = 'up')"),
	exact("feedback_down", "SUM(rating = 'down')"),
	exact("input_tokens", "SUM(input_tokens)"),
	exact("output_tokens", "SUM(output_tokens)"),
	atLeast("cost_usd_micros", "SUM(cost_usd_micros)"),
	atLeast("latency_sum_ms", "SUM(latency_ms)"),
	...LATENCY_COLUMNS.map((column, index) => {
		const above = index === 0 ? "" : ` AND latency_ms > ${LATENCY_BOUNDS_MS[index - 1]}`;
		const bound = LATENCY_BOUNDS_MS[index];
		return atLeast(column, `SUM(${IS_ANSWERED}${above}${bound === undefined ? "" : ` AND latency_ms <= ${bound}`})`);
	}),
];

const IN_DAY = (column: string) => `${column} >= ?2 AND ${column} < ?3`;
/** Counted by the day on which the row itself was made. */
const OF_ROWS: readonly Compared[] = [
	exact(
		"sessions",
		`SELECT COUNT(*) FROM chat_sessions c INDEXED BY chat_sessions_by_site WHERE c.org_id = ?1 AND c.site_id = s.id AND ${IN_DAY("c.started_at")}`,
	),
	exact(
		"leads",
		`SELECT COUNT(*) FROM leads l INDEXED BY leads_by_org WHERE l.org_id = ?1 AND l.site_id = s.id AND ${IN_DAY("l.created_at")}`,
	),
	exact(
		"voice_sessions",
		`SELECT COUNT(*) FROM voice_sessions v INDEXED BY voice_sessions_by_org
			WHERE v.org_id = ?1 AND v.site_id = s.id AND v.conversation_id IS NOT NULL AND ${IN_DAY("v.opened_at")}`,
	),
];

const ALL = [...OF_TURNS, ...OF_ROWS];
/** What of a counter leaves rows. */
const countedSql = ({ column, counted = `m.${column}` }: Compared) => `COALESCE(${counted}, 0)`;

const DAY_SQL = `
	WITH asked AS MATERIALIZED (
		SELECT c.site_id, c.visitor_id, IIF(a.finish = 'pending', NULL, a.id) AS answer_id, NULLIF(a.finish, 'pending') AS finish,
			a.finish IS 'pending' AS is_pending, a.is_unanswered, a.rating, a.input_tokens, a.output_tokens,
			a.cost_usd_micros, a.latency_ms
		FROM chat_sessions c INDEXED BY chat_sessions_by_org
		CROSS JOIN chat_messages q INDEXED BY chat_messages_by_session ON q.session_id = c.id
		LEFT JOIN chat_messages a ON a.role = 'assistant' AND a.rowid = (
			SELECT x.rowid FROM chat_messages x INDEXED BY chat_messages_by_session
			WHERE x.session_id = q.session_id AND x.rowid > q.rowid ORDER BY x.rowid LIMIT 1)
		WHERE c.org_id = ?1 AND c.started_at >= ?4 AND c.started_at < ?3 AND c.last_message_at >= ?2
			AND q.role = 'user' AND ${IN_DAY("q.created_at")}),
	listed AS MATERIALIZED (
		SELECT site_id, ${OF_TURNS.map(({ column, rows }) => `COALESCE(${rows}, 0) AS ${column}`).join(", ")}
		FROM asked GROUP BY site_id)
	SELECT s.id AS site_id,
		${OF_TURNS.map(({ column }) => `COALESCE(listed.${column}, 0) AS rows_${column}`).join(", ")},
		${OF_ROWS.map(({ column, rows }) => `(${rows}) AS rows_${column}`).join(", ")},
		${ALL.map((compared) => `${countedSql(compared)} AS counted_${compared.column}`).join(", ")},
		COALESCE((SELECT COUNT(answer_id) FROM asked WHERE asked.site_id = s.id), 0) AS answers,
		COALESCE((SELECT SUM(is_pending) FROM asked WHERE asked.site_id = s.id), 0) AS pending
	FROM portal_sites s INDEXED BY portal_sites_by_org
	LEFT JOIN listed ON listed.site_id = s.id
	LEFT JOIN metrics_daily m ON m.org_id = ?1 AND m.date = ?2 AND m.site_id = s.id
	WHERE s.org_id = ?1
`;

/** The statement that gives each site's counters of a day beside what its rows say, how many answers they are, and how many are pending. */
export function dayMetricsStatement(
	db: D1Database,
	{ orgId, date, nextDate, since }: ComparedDay,
): D1PreparedStatement {
	return db.prepare(DAY_SQL).bind(orgId, date, nextDate, since);
}

/**
 * Where a site's counters differ from its rows.
 * @param there what of the day's rows is there
 */
export function metricsDifferences(db: D1Database, day: ComparedDay, row: Row, there: RowsThere): Difference[] {
	const siteId = textColumn(row, "site_id");
	return ALL.flatMap((compared) => {
		const { column, isExact } = compared;
		const [counted, rows] = [numberColumn(row, `counted_${column}`), numberColumn(row, `rows_${column}`)];
		if (counted === rows || (counted > rows && !(isExact && there.isKept))) return [];
		const mend = mendStatement(db, day, siteId, compared, { counted, rows });
		const isCertain = counted < rows || there.isWhole;
		return [{ counter: `metrics_daily.${column}`, id: siteId, date: day.date, counted, rows, isCertain, mend }];
	});
}

function mendStatement(
	db: D1Database,
	{ orgId, date }: ComparedDay,
	siteId: string,
	compared: Compared,
	{ counted, rows }: Pick<Difference, "counted" | "rows">,
): D1PreparedStatement {
	const { column, also } = compared;
	const columns = also === undefined ? [column] : [column, also];
	const sql = `
		INSERT INTO metrics_daily AS m (org_id, date, site_id, last_at, ${columns.join(", ")})
		VALUES (?1, ?2, ?3, ?2 || 'T00:00:00.000Z', ${columns.map(() => "?4").join(", ")})
		ON CONFLICT (org_id, date, site_id) DO UPDATE SET ${columns.map((name) => `${name} = ${name} + ?4`).join(", ")}
		WHERE ${countedSql(compared)} = ?5
		RETURNING 1 AS is_mended`;
	return db.prepare(sql).bind(orgId, date, siteId, rows - counted, counted);
}
