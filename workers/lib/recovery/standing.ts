import { numberColumn, textColumn } from "../d1/row.ts";
import type { Row } from "../d1/row.ts";
import { CONFIG_DEFAULTS } from "../site/config-defaults.ts";
import type { Difference } from "./difference.ts";

// Counters that are of no day: their rows are there as long as they are, so each can be put right at any time.

/** A counter whose every row is there. */
interface Standing {
	counter: string;
	/** Gives id, counted and rows where these differ. ?1 is the org, ?2 an instant for those of sessions. */
	sql: string;
	/** Puts one right. ?1 is the org, ?2 the id, ?3 what was counted when it was read. */
	mend: string;
	/** False: somebody may have set it so on purpose. */
	isCertain: boolean;
}

/** Differences of one counter that one run tells and mends; the next one goes on. */
const LIMIT = 200;

/** A counter of `orgs` that triggers keep. @param rows SQL over `orgs o` */
function ofOrg(column: string, rows: string): Standing {
	return {
		counter: `orgs.${column}`,
		sql: `SELECT '' AS id, o.${column} AS counted, (${rows}) AS rows FROM orgs o WHERE o.id = ?1 AND o.${column} <> (${rows})`,
		mend: `UPDATE orgs AS o SET ${column} = (${rows}) WHERE o.id = ?1 AND ?2 = '' AND o.${column} = ?3 RETURNING 1 AS is_mended`,
		isCertain: true,
	};
}

/** Over `chat_sessions c`: nothing of it is being erased, by somebody or by its age. */
const IS_KEPT = `c.erased_at IS NULL AND COALESCE(
	(SELECT c.last_message_at >= strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-' || g.retention_days || ' days')
		FROM org_config g WHERE g.org_id = c.org_id AND g.retention_days > 0),
	(SELECT g.retention_days = 0 FROM org_config g WHERE g.org_id = c.org_id),
	c.last_message_at >= strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-${CONFIG_DEFAULTS.retention_days} days'))`;

/** A counter of sessions. Those that are being erased lose their messages first. @param rows SQL over `chat_sessions c` */
function ofSession(column: string, rows: string): Standing {
	return {
		counter: `chat_sessions.${column}`,
		sql: `
			SELECT c.id, c.${column} AS counted, (${rows}) AS rows
			FROM chat_sessions c INDEXED BY chat_sessions_by_org
			WHERE c.org_id = ?1 AND c.started_at >= ?2 AND ${IS_KEPT} AND c.${column} <> (${rows})
			LIMIT ${LIMIT}`,
		mend: `
			UPDATE chat_sessions AS c SET ${column} = (${rows})
			WHERE c.id = ?2 AND c.org_id = ?1 AND ${IS_KEPT} AND c.${column} = ?3 RETURNING 1 AS is_mended`,
		isCertain: true,
	};
}

const OF_SESSION = "FROM chat_messages m INDEXED BY chat_messages_by_session WHERE m.session_id = c.id";
const PASSAGES_OF_ENTRY = "SELECT COUNT(*) FROM knowledge_passages p WHERE p.knowledge_id = k.id";
const OF_TERM = "SELECT COUNT(*) FROM knowledge_terms t WHERE t.org_id = n.org_id AND t.term = n.term";
const RUNS_OF_DAY = (status: string) => `
	SELECT COUNT(*) FROM workflow_runs r INDEXED BY workflow_runs_by_workflow
	WHERE r.workflow_id = d.workflow_id AND r.started_at >= d.date AND r.started_at < date(d.date, '+1 day') ${status}`;

function ofWorkflow(column: string, status: string): Standing {
	const rows = RUNS_OF_DAY(status);
	return {
		counter: `workflow_daily.${column}`,
		sql: `
			SELECT d.date || ' ' || d.workflow_id AS id, d.${column} AS counted, (${rows}) AS rows
			FROM workflow_daily d WHERE d.org_id = ?1 AND d.date >= substr(?2, 1, 10) AND d.${column} <> (${rows}) LIMIT ${LIMIT}`,
		mend: `
			UPDATE workflow_daily AS d SET ${column} = (${rows})
			WHERE d.org_id = ?1 AND d.date = substr(?2, 1, 10) AND d.workflow_id = substr(?2, 12) AND d.${column} = ?3 RETURNING 1 AS is_mended`,
		isCertain: true,
	};
}

function ofMonth(column: string): Standing {
	const days = `SELECT COALESCE(SUM(d.${column}), 0) FROM usage_daily d WHERE d.org_id = m.org_id AND d.date >= m.month AND d.date < m.month || '-99'`;
	return {
		counter: `usage_monthly.${column}`,
		sql: `
			SELECT m.month AS id, m.${column} AS counted, (${days}) AS rows
			FROM usage_monthly m WHERE m.org_id = ?1 AND m.month >= substr(?2, 1, 7) AND m.${column} <> (${days}) LIMIT ${LIMIT}`,
		mend: `
			UPDATE usage_monthly AS m SET ${column} = (${days})
			WHERE m.org_id = ?1 AND m.month = ?2 AND m.${column} = ?3 RETURNING 1 AS is_mended`,
		// Staff give an org a fresh month by deleting its row.
		isCertain: false,
	};
}

/** All of them, in an order in which one that others rest on comes first. */
export const STANDING: readonly Standing[] = [
	{
		counter: "knowledge.passages",
		sql: `
			SELECT k.id, k.passages AS counted, (${PASSAGES_OF_ENTRY}) AS rows
			FROM knowledge k INDEXED BY knowledge_by_org WHERE k.org_id = ?1 AND k.passages <> (${PASSAGES_OF_ENTRY}) LIMIT ${LIMIT}`,
		mend: `UPDATE knowledge AS k SET passages = (${PASSAGES_OF_ENTRY}) WHERE k.id = ?2 AND k.org_id = ?1 AND k.passages = ?3 RETURNING 1 AS is_mended`,
		isCertain: true,
	},
	ofOrg(
		"knowledge_passages",
		`SELECT COUNT(*) FROM knowledge k INDEXED BY knowledge_by_org CROSS JOIN knowledge_passages p ON p.knowledge_id = k.id WHERE k.org_id = o.id`,
	),
	ofOrg(
		"knowledge_bytes",
		`SELECT COALESCE(SUM(octet_length(k.title) + octet_length(k.body) + 16), 0) FROM knowledge k INDEXED BY knowledge_by_org WHERE k.org_id = o.id`,
	),
	ofOrg("knowledge_vectors", "SELECT COUNT(*) FROM knowledge_vectors v WHERE v.org_id = o.id"),
	{
		counter: "knowledge_term_counts.passages",
		sql: `
			SELECT n.term AS id, n.passages AS counted, (${OF_TERM}) AS rows
			FROM knowledge_term_counts n WHERE n.org_id = ?1 AND n.passages <> (${OF_TERM}) LIMIT ${LIMIT}`,
		mend: `UPDATE knowledge_term_counts AS n SET passages = (${OF_TERM}) WHERE n.org_id = ?1 AND n.term = ?2 AND n.passages = ?3 RETURNING 1 AS is_mended`,
		isCertain: true,
	},
	ofSession("message_count", `SELECT COUNT(*) ${OF_SESSION}`),
	ofSession("rating_up", `SELECT COUNT(*) ${OF_SESSION} AND m.rating = 'up'`),
	ofSession("rating_down", `SELECT COUNT(*) ${OF_SESSION} AND m.rating = 'down'`),
	{
		counter: "visitors",
		sql: `
			SELECT c.id, 0 AS counted, 1 AS rows
			FROM chat_sessions c INDEXED BY chat_sessions_by_org
			WHERE c.org_id = ?1 AND c.started_at >= ?2
				AND NOT EXISTS (SELECT 1 FROM visitors v WHERE v.org_id = c.org_id AND v.visitor_id = c.visitor_id)
			LIMIT ${LIMIT}`,
		mend: `
			INSERT INTO visitors (org_id, visitor_id)
			SELECT c.org_id, c.visitor_id FROM chat_sessions c WHERE c.id = ?2 AND c.org_id = ?1 AND ?3 = 0
			ON CONFLICT (org_id, visitor_id) DO NOTHING RETURNING 1 AS is_mended`,
		isCertain: true,
	},
	ofWorkflow("runs", ""),
	ofWorkflow("successes", "AND r.status = 'success'"),
	ofWorkflow("failures", "AND r.status = 'failure'"),
	ofMonth("messages"),
	ofMonth("voice_characters"),
	ofMonth("conversation_seconds"),
];

/** The statement that gives where a counter differs. @param since of sessions, days and months: instant before which none is looked at */
export function standingStatement(
	db: D1Database,
	{ sql }: Standing,
	orgId: string,
	since: string,
): D1PreparedStatement {
	return db.prepare(`SELECT * FROM (${sql}) WHERE ?2 IS NOT NULL`).bind(orgId, since);
}

/** @param rows of the statement of this counter */
export function standingDifferences(
	db: D1Database,
	standing: Standing,
	orgId: string,
	rows: readonly Row[],
): Difference[] {
	const { counter, mend, isCertain } = standing;
	return rows.map((row) => {
		const [id, counted] = [textColumn(row, "id"), numberColumn(row, "counted")];
		return {
			...{ counter, id, date: "", counted, rows: numberColumn(row, "rows"), isCertain },
			mend: db.prepare(mend).bind(orgId, id, counted),
		};
	});
}
