import { numberColumn, packedRows, textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { taggedJson } from "../../lib/http/conditional.ts";
import { readRecorded } from "../audit/reads.ts";
import { IS_ORG, ORG_COLUMNS } from "../auth/access.ts";
import type { OrgTarget } from "../auth/access.ts";
import { DEFAULT_DAYS, lastDays } from "./day-range.ts";
import type { DayRange } from "./day-range.ts";
import { packedColumn } from "../request/packed.ts";
import { MAX_LIST_ROWS } from "../request/page.ts";

/** `GET /portal/workflows`: an org's workflows by name, with how their runs of the last 30 days went. */
export async function getWorkflows(db: D1Database, target: OrgTarget, now: number): Promise<Response> {
	const statements = [workflowsStatement(db, target.ref, lastDays(now, DEFAULT_DAYS))];
	const { row } = await readRecorded(db, target, statements, { action: "workflow.list", now });
	return taggedJson({ workflows: packedRows(row, "workflows").map(workflowOf) });
}

const WORKFLOW_NAMES = [
	...["id", "name", "description", "status", "started_by", "last_run_at", "last_run_status"],
	...["runs", "successes", "failures"],
];

const WORKFLOWS_SQL = `
	SELECT ${ORG_COLUMNS},
		(SELECT ${packedColumn(...WORKFLOW_NAMES)}
			FROM (
				SELECT w.id, w.name, w.description, w.status, w."trigger" AS started_by, w.last_run_at, w.last_run_status,
					COALESCE(SUM(d.runs), 0) AS runs, COALESCE(SUM(d.successes), 0) AS successes, COALESCE(SUM(d.failures), 0) AS failures
				FROM workflows w
				LEFT JOIN workflow_daily d INDEXED BY workflow_daily_by_workflow ON d.workflow_id = w.id AND d.org_id = w.org_id AND d.date BETWEEN ?2 AND ?3
				WHERE w.org_id = o.id
				GROUP BY w.name, w.id
				ORDER BY w.name, w.id
				LIMIT ${MAX_LIST_ROWS}) listed) AS workflows
	FROM orgs o
	WHERE ${IS_ORG}
`;

function workflowsStatement(db: D1Database, ref: string, range: DayRange): D1PreparedStatement {
	return db.prepare(WORKFLOWS_SQL).bind(ref, range.from, range.to);
}

function workflowOf(row: Row) {
	return {
		id: textColumn(row, "id"),
		name: textColumn(row, "name"),
		description: textColumn(row, "description"),
		status: textColumn(row, "status"),
		trigger: textColumn(row, "started_by"),
		last_run_at: textColumnOrNull(row, "last_run_at"),
		last_run_status: textColumnOrNull(row, "last_run_status"),
		runs_30d: numberColumn(row, "runs"),
		success_rate_30d: successRate(numberColumn(row, "successes"), numberColumn(row, "failures")),
	};
}

/** From 0 to 1, in ten-thousandths, of the runs that have ended; null when none has. */
function successRate(successes: number, failures: number): number | null {
	const ended = successes + failures;
	return ended === 0 ? null : Math.round((successes / ended) * 10_000) / 10_000;
}
