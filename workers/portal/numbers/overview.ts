import { numberColumn, packedCells, packedRows } from "../../lib/d1/row.ts";
import { json } from "../../lib/http/json.ts";
import { utcDate } from "../../lib/time.ts";
import { IS_ORG, ORG_COLUMNS, readForOrg } from "../auth/access.ts";
import type { OrgRead, OrgTarget } from "../auth/access.ts";
import { addDay, averageMs, emptyActivity } from "./activity.ts";
import type { Activity } from "./activity.ts";
import { DEFAULT_DAYS, lastDays, rangeBefore } from "./day-range.ts";
import type { DayRange } from "./day-range.ts";
import { usageOf } from "./plan-usage.ts";
import { SESSION_NAMES, sessionOf } from "../conversations/conversations.ts";
import { nameVisitors } from "../conversations/visitor.ts";
import { packedColumn } from "../request/packed.ts";

const COUNTERS = ["sessions", "messages", "visitors", "errors", "voice_characters", "latency_sum_ms"] as const;
type Counter = (typeof COUNTERS)[number];

/** `GET /portal/overview`: the last 30 days of an org's live engines. */
export async function getOverview(db: D1Database, target: OrgTarget, now: number): Promise<Response> {
	const range = lastDays(now, DEFAULT_DAYS);
	const read = await readForOrg(db, target, [overviewStatement(db, target.ref, range)]);
	return json(await overviewBody(read, range, now));
}

/** All in one row. The five newest sessions come from the five newest of each engine, so that no session beyond them is read. */
const OVERVIEW_SQL = `
	SELECT ${ORG_COLUMNS}, p.monthly_messages, p.monthly_voice_characters,
		COALESCE(u.messages, 0) AS used_messages, COALESCE(u.voice_characters, 0) AS used_voice_characters,
		(SELECT COUNT(*) FROM portal_sites s WHERE s.org_id = o.id AND s.environment = 'live') AS engines,
		(SELECT COUNT(*) FROM portal_sites s WHERE s.org_id = o.id AND s.environment = 'live' AND s.status = 'active') AS active_engines,
		(SELECT json_group_array(json_array(m.date, ${COUNTERS.map((counter) => `m.${counter}`).join(", ")}))
			FROM portal_sites s
			CROSS JOIN metrics_daily m ON m.site_id = s.id AND m.date BETWEEN ?2 AND ?3 AND +m.org_id = s.org_id
			WHERE s.org_id = o.id AND s.environment = 'live') AS days,
		(SELECT ${packedColumn(...SESSION_NAMES)}
			FROM (
				SELECT c.id, c.site_id AS engine_id, s.name AS engine_name, c.visitor_id, c.started_at, c.last_message_at, c.message_count
				FROM portal_sites s
				CROSS JOIN chat_sessions c ON c.id IN (
					SELECT n.id FROM chat_sessions n
					WHERE n.org_id = s.org_id AND n.site_id = s.id
					ORDER BY n.started_at DESC, n.id DESC
					LIMIT 5)
				WHERE s.org_id = o.id AND s.environment = 'live'
				ORDER BY c.started_at DESC, c.id DESC
				LIMIT 5) listed) AS recent_sessions
	FROM orgs o
	JOIN plans p ON p.id = o.plan
	LEFT JOIN usage_monthly u ON u.org_id = o.id AND u.month = substr(?3, 1, 7)
	WHERE ${IS_ORG}
`;

function overviewStatement(db: D1Database, ref: string, range: DayRange): D1PreparedStatement {
	return db.prepare(OVERVIEW_SQL).bind(ref, rangeBefore(range).from, range.to);
}

async function overviewBody({ caller, role, org, row }: OrgRead, range: DayRange, now: number) {
	const activity = emptyActivity(range, COUNTERS.length);
	for (const cells of packedCells(row, "days")) addDay(activity, cells);
	return {
		viewer: { user_id: caller.userId, role, staff: caller.staff, impersonated: caller.impersonated },
		org: { id: org.id, name: org.name, slug: org.slug, plan: org.plan, status: org.status },
		range,
		totals: totalsOf(activity.totals),
		previous: totalsOf(activity.previous),
		today: countsOf(activity.days.get(utcDate(now)) ?? []),
		engines: { active: numberColumn(row, "active_engines"), total: numberColumn(row, "engines") },
		usage: usageOf(row, now),
		daily: dailyOf(activity),
		recent_sessions: (await nameVisitors(org.id, packedRows(row, "recent_sessions"))).map(sessionOf),
	};
}

function counterOf(sum: readonly number[], counter: Counter): number {
	return sum[COUNTERS.indexOf(counter)] ?? 0;
}

function totalsOf(sum: readonly number[]) {
	return {
		sessions: counterOf(sum, "sessions"),
		messages: counterOf(sum, "messages"),
		visitors: counterOf(sum, "visitors"),
		errors: counterOf(sum, "errors"),
		avg_latency_ms: averageMs(counterOf(sum, "latency_sum_ms"), counterOf(sum, "messages")),
		voice_characters: counterOf(sum, "voice_characters"),
	};
}

function countsOf(sum: readonly number[]) {
	return { sessions: counterOf(sum, "sessions"), messages: counterOf(sum, "messages") };
}

function dailyOf(activity: Activity) {
	return Array.from(activity.days, ([date, sum]) => ({ date, ...countsOf(sum) }));
}
