import { numberColumn, packedCells, packedRows } from "../../lib/d1/row.ts";
import { taggedJson } from "../../lib/http/conditional.ts";
import type { MetricsCounter } from "../../lib/metrics/metrics.ts";
import { readRecorded } from "../audit/reads.ts";
import { IS_ORG, ORG_COLUMNS } from "../auth/access.ts";
import type { OrgRead, OrgTarget } from "../auth/access.ts";
import { addCells, addDays, averageMs, daysSql, emptyActivity, sumsSql, zeros } from "./activity.ts";
import { DEFAULT_DAYS, lastDays, rangeBefore } from "./day-range.ts";
import type { DayRange } from "./day-range.ts";
import { SAFETY_COLUMN, safetyOf } from "./safety.ts";
import { usageOf } from "./plan-usage.ts";
import { SESSION_NAMES, sessionOf } from "../conversations/conversations.ts";
import { IS_KEPT, VISITOR_JOIN } from "../conversations/visitor.ts";
import { packedColumn } from "../request/packed.ts";

/** The counters that are read, with their places in every list of sums. */
const AT = {
	sessions: 0,
	messages: 1,
	visitors: 2,
	errors: 3,
	voice_characters: 4,
	latency_sum_ms: 5,
} as const satisfies Partial<Record<MetricsCounter, number>>;
const COUNTERS = Object.keys(AT);

/** `GET /portal/overview`: the last 30 days of an org's live engines. */
export async function getOverview(db: D1Database, target: OrgTarget, now: number): Promise<Response> {
	const range = lastDays(now, DEFAULT_DAYS);
	const statements = [overviewStatement(db, target.ref, range)];
	const read = await readRecorded(db, target, statements, { action: "overview.read", now });
	return taggedJson(overviewBody(read, range, now));
}

/** All in one row. The five newest sessions come from the five newest of each engine, so that no session beyond them is read. */
const OVERVIEW_SQL = `
	SELECT ${ORG_COLUMNS}, p.monthly_messages, p.monthly_voice_characters,
		COALESCE(u.messages, 0) AS used_messages, COALESCE(u.voice_characters, 0) AS used_voice_characters,
		(SELECT COUNT(*) FROM portal_sites s WHERE s.org_id = o.id AND s.environment = 'live') AS engines,
		(SELECT COUNT(*) FROM portal_sites s WHERE s.org_id = o.id AND s.environment = 'live' AND s.status = 'active') AS active_engines,
		(SELECT ${daysSql(COUNTERS)}
			FROM portal_sites s
			CROSS JOIN metrics_daily m INDEXED BY metrics_daily_by_site ON m.site_id = s.id AND m.date BETWEEN ?3 AND ?4 AND m.org_id = s.org_id
			WHERE s.org_id = o.id AND s.environment = 'live') AS days,
		(SELECT json_array(${sumsSql(COUNTERS)})
			FROM portal_sites s
			CROSS JOIN metrics_daily m INDEXED BY metrics_daily_by_site ON m.site_id = s.id AND m.date >= ?2 AND m.date < ?3 AND m.org_id = s.org_id
			WHERE s.org_id = o.id AND s.environment = 'live') AS previous,
		(SELECT ${packedColumn(...SESSION_NAMES)}
			FROM (
				SELECT c.id, c.site_id AS engine_id, s.name AS engine_name, v.visitor, c.started_at, c.last_message_at, c.message_count
				FROM portal_sites s
				CROSS JOIN chat_sessions c ON c.id IN (
					SELECT c.id FROM chat_sessions c INDEXED BY chat_sessions_by_site ${VISITOR_JOIN}
					WHERE c.org_id = s.org_id AND c.site_id = s.id AND ${IS_KEPT}
					ORDER BY c.started_at DESC, c.id DESC
					LIMIT 5)
				${VISITOR_JOIN}
				WHERE s.org_id = o.id AND s.environment = 'live'
				ORDER BY c.started_at DESC, c.id DESC
				LIMIT 5) listed) AS recent_sessions,
		${SAFETY_COLUMN}
	FROM orgs o
	JOIN plans p ON p.id = o.plan
	LEFT JOIN usage_monthly u ON u.org_id = o.id AND u.month = substr(?4, 1, 7)
	WHERE ${IS_ORG}
`;

function overviewStatement(db: D1Database, ref: string, range: DayRange): D1PreparedStatement {
	return db.prepare(OVERVIEW_SQL).bind(ref, rangeBefore(range).from, range.from, range.to);
}

function overviewBody({ caller, role, org, row }: OrgRead, range: DayRange, now: number) {
	const activity = emptyActivity(range, COUNTERS.length);
	addDays(packedCells(row, "days"), activity.totals, activity.days);
	for (const sums of packedCells(row, "previous")) addCells(activity.previous, sums);
	return {
		viewer: { user_id: caller.userId, role, staff: caller.staff, impersonated: caller.impersonated },
		org: { id: org.id, name: org.name, slug: org.slug, plan: org.plan, status: org.status },
		range,
		totals: totalsOf(activity.totals),
		previous: totalsOf(activity.previous),
		today: countsOf(activity.days.get(range.to) ?? zeros(COUNTERS.length)),
		engines: { active: numberColumn(row, "active_engines"), total: numberColumn(row, "engines") },
		usage: usageOf(row, now),
		daily: Array.from(activity.days, ([date, sums]) => countsOf(sums, date)),
		recent_sessions: packedRows(row, "recent_sessions").map(sessionOf),
		safety: safetyOf(row),
	};
}

function totalsOf(sums: readonly number[]) {
	return {
		sessions: sums[AT.sessions],
		messages: sums[AT.messages],
		visitors: sums[AT.visitors],
		errors: sums[AT.errors],
		avg_latency_ms: averageMs(sums[AT.latency_sum_ms] ?? 0, sums[AT.messages] ?? 0),
		voice_characters: sums[AT.voice_characters],
	};
}

/** What is shown of a day. Today's are shown without their date: JSON leaves out what is undefined. */
function countsOf(sums: readonly number[], date?: string) {
	return { date, sessions: sums[AT.sessions], messages: sums[AT.messages] };
}
