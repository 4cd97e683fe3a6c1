import { DAY_MS, isoInstant, utcDate } from "../../../lib/time.ts";
import { DEFAULT_DAYS, lastDays } from "../../numbers/day-range.ts";
import type { ClientsQuery } from "./clients-query.ts";

/** Follows every text that begins with a prefix, when put behind it. A range, not LIKE: it takes no pattern from a request and uses an index. */
const LAST_CODE_POINT = "\u{10FFFF}";
const WEEK_DAYS = 7;
/** Of leads that wait at most so many are counted, by client: each is a row that is read. */
const MAX_COUNTED_LEADS = 100;

// ?1 and ?2 name and id of the last client before, ?3 status, ?4 plan, ?5 how many, ?6 and ?7 the first and the last of thirty days, ?8
// the month, ?9 the first of seven days, ?10 the earliest instant of a lead, ?11 prefix, ?12 what follows every text.
const COLUMNS =
	"o.id, o.name, o.slug, o.plan, o.status, o.created_at, o.daily_budget_usd_micros, o.monthly_price_usd_micros";
const IS_AFTER = "(o.name COLLATE NOCASE, o.id) > (?1, ?2)";

/** An index for each set of filters, in the order of names, so that a page reads its own rows and no others. */
function indexOf({ status, plan }: ClientsQuery): string {
	if (status === undefined) return plan === undefined ? "orgs_by_name" : "orgs_by_plan";
	return plan === undefined ? "orgs_by_status" : "orgs_by_plan_and_status";
}

function filterOf({ status, plan }: ClientsQuery): string {
	return `${status === undefined ? "" : "AND o.status = ?3 "}${plan === undefined ? "" : "AND o.plan = ?4 "}`;
}

/** The page's orgs by name. Only one lower bound: an index can use no second. */
function byName(query: ClientsQuery, from: string, isWanted: string): string {
	return `
		SELECT ${COLUMNS}
		FROM orgs o INDEXED BY ${indexOf(query)}
		WHERE o.erasure_id IS NULL AND o.name COLLATE NOCASE >= ${from} AND ${IS_AFTER} ${filterOf(query)}${isWanted}
		ORDER BY o.name COLLATE NOCASE, o.id
		LIMIT ?5`;
}

/** Names that begin with the prefix are a range of the order that pages go by; slugs are not, so those that match are all read. */
function pageSql(query: ClientsQuery): string {
	if (query.prefix === undefined) return byName(query, "?1", "");
	return `
		SELECT * FROM (${byName(query, "MAX(?1, ?11 COLLATE NOCASE)", "AND o.name COLLATE NOCASE < ?11 || ?12")}) listed
		UNION
		SELECT * FROM (
			SELECT ${COLUMNS} FROM orgs o
			WHERE o.erasure_id IS NULL AND o.slug >= lower(?11) AND o.slug < lower(?11) || ?12 AND ${IS_AFTER} ${filterOf(query).replaceAll("AND o.", "AND +o.")}
			ORDER BY o.name COLLATE NOCASE, o.id
			LIMIT ?5) listed
		ORDER BY name COLLATE NOCASE, id
		LIMIT ?5`;
}

/** What thirty days of an org cost: what visitors cost, all of its engines, and what its golden questions do. */
const COST = ["usage_daily", "golden_usage"]
	.map(
		(table) =>
			`(SELECT COALESCE(SUM(u.cost_usd_micros), 0) FROM ${table} u WHERE u.org_id = page.id AND u.date BETWEEN ?6 AND ?7)`,
	)
	.join(" + ");

/** When the org's own people last looked at their leads, as their log says (audit/reads.ts); those that came since wait for them. */
const LAST_LOOK = `(
	SELECT COALESCE(a.last_at, a.at) FROM audit_log a INDEXED BY audit_log_by_action
	WHERE a.org_id = page.id AND a.action = 'lead.list' AND a.acting_as = 'admin'
	ORDER BY a.at DESC LIMIT 1)`;
const LEADS_WAITING = `(
	SELECT COUNT(*) FROM (
		SELECT 1 FROM leads l INDEXED BY leads_by_org
		WHERE l.org_id = page.id AND l.created_at > MAX(?10, COALESCE(${LAST_LOOK}, ''))
		LIMIT ${MAX_COUNTED_LEADS}) counted)`;

const USED = ["messages", "voice_characters"]
	.map((unit) => `COALESCE(d.${unit}, 0) AS day_${unit}, COALESCE(u.${unit}, 0) AS month_${unit}, p.monthly_${unit}`)
	.join(", ");

/**
 * The statement that reads clients by name, with their numbers: for each of them days and engines, never messages.
 * @param count how many, and one more, which tells whether there are others
 */
export function clientsStatement(db: D1Database, query: ClientsQuery, count: number, now: number): D1PreparedStatement {
	const { from, to } = lastDays(now, DEFAULT_DAYS);
	const after = query.after?.sort === "name" ? [query.after.name, query.after.id] : ["", ""];
	const days = [from, to, to.slice(0, 7), utcDate(now - (WEEK_DAYS - 1) * DAY_MS)];
	const prefix = query.prefix === undefined ? [] : [query.prefix, LAST_CODE_POINT];
	const firstLead = isoInstant(now - DEFAULT_DAYS * DAY_MS);
	return db
		.prepare(`
			WITH page AS (${pageSql(query)})
			SELECT page.id, page.name, page.slug, page.plan, page.status, page.created_at,
				COALESCE(page.daily_budget_usd_micros, p.daily_budget_usd_micros) AS daily_budget_usd_micros,
				COALESCE(page.monthly_price_usd_micros, p.monthly_price_usd_micros) AS monthly_price_usd_micros,
				${USED}, COALESCE(u.conversation_seconds, 0) AS month_conversation_seconds, p.monthly_conversation_seconds,
				COALESCE(d.cost_usd_micros, 0) AS cost_today, ${COST} AS cost_30d_usd_micros, ${LEADS_WAITING} AS leads_waiting,
				COUNT(DISTINCT s.id) AS engines, COALESCE(SUM(m.sessions), 0) AS sessions_30d, COALESCE(SUM(m.messages), 0) AS messages_30d,
				COALESCE(SUM(m.unanswered), 0) AS unanswered_30d,
				COALESCE(SUM(IIF(m.date >= ?9, m.errors, 0)), 0) AS errors_7d, COALESCE(SUM(IIF(m.date >= ?9, m.messages, 0)), 0) AS messages_7d,
				(SELECT MAX(a.last_at) FROM portal_sites l JOIN metrics_daily a ON a.org_id = l.org_id AND a.date = l.last_active_date AND a.site_id = l.id
					WHERE l.org_id = page.id AND l.environment = 'live') AS last_active_at
			FROM page
			JOIN plans p ON p.id = page.plan
			LEFT JOIN usage_daily d ON d.org_id = page.id AND d.date = ?7
			LEFT JOIN usage_monthly u ON u.org_id = page.id AND u.month = ?8
			LEFT JOIN portal_sites s ON s.org_id = page.id AND s.environment = 'live'
			LEFT JOIN metrics_daily m INDEXED BY metrics_daily_by_site ON m.site_id = s.id AND m.date BETWEEN ?6 AND ?7 AND m.org_id = s.org_id
			WHERE ?3 IS ?3 AND ?4 IS ?4
			GROUP BY page.name COLLATE NOCASE, page.id
			ORDER BY page.name COLLATE NOCASE, page.id
		`)
		.bind(...after, query.status ?? null, query.plan ?? null, count + 1, ...days, firstLead, ...prefix);
}
