import { repeatableBatch } from "../../lib/d1/batch.ts";
import { numberColumn, textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { taggedJson } from "../../lib/http/conditional.ts";
import { codePoints } from "../../lib/text/text.ts";
import { DEFAULT_DAYS, lastDays } from "../numbers/day-range.ts";
import type { DayRange } from "../numbers/day-range.ts";
import { pageCursor, pageLimit, pageOf } from "../request/page.ts";
import { queryChoice, queryText } from "../request/query.ts";
import type { Row } from "../../lib/d1/row.ts";

const STATUSES = ["trialing", "active", "past_due", "inactive", "churned"];
const PLANS = ["chatbot", "voice", "enterprise"];
const DEFAULT_LIMIT = 50;
const MAX_PREFIX_CHARS = 40;
/** Follows every text that begins with a prefix, when put behind it. A range, not LIKE: it takes no pattern from a request and uses an index. */
const LAST_CODE_POINT = "\u{10FFFF}";

interface ClientsQuery {
	limit: number;
	/** Name and id of the last client of the page before; two empty texts on the first. */
	after: [name: string, id: string];
	prefix: string | undefined;
	status: string | undefined;
	plan: string | undefined;
}

/**
 * `GET /portal/clients`, for staff: all orgs by name, a page at a time. Their numbers count live engines.
 * @throws {ApiError} invalid_request, unavailable
 */
export async function getClients(db: D1Database, params: URLSearchParams, now: number): Promise<Response> {
	const query = parseClientsQuery(params);
	const [rows = []] = await repeatableBatch(db, [clientsStatement(db, query, lastDays(now, DEFAULT_DAYS))]);
	const { items, next_cursor } = pageOf(rows, query.limit, clientOf, (last) => [
		textColumn(last, "name"),
		textColumn(last, "id"),
	]);
	return taggedJson({ clients: items, next_cursor });
}

function parseClientsQuery(params: URLSearchParams): ClientsQuery {
	const faults: FieldError[] = [];
	const query = {
		limit: pageLimit(params, DEFAULT_LIMIT, faults),
		after: pageCursor(params, faults) ?? (["", ""] satisfies [string, string]),
		prefix: parsePrefix(params, faults),
		status: queryChoice(params, "status", STATUSES, faults),
		plan: queryChoice(params, "plan", PLANS, faults),
	};
	if (faults.length > 0) throw invalidFields(faults);
	return query;
}

function parsePrefix(params: URLSearchParams, faults: FieldError[]): string | undefined {
	const prefix = queryText(params, "q", 2 * MAX_PREFIX_CHARS, faults);
	if (codePoints(prefix ?? "") > MAX_PREFIX_CHARS)
		faults.push({ field: "q", message: `must be at most ${MAX_PREFIX_CHARS} characters` });
	return prefix;
}

// ?1 and ?2 name and id of the last client before, ?3 status, ?4 plan, ?5 limit, ?6 and ?7 days, ?8 prefix, ?9 what follows every text.
const COLUMNS = "o.id, o.name, o.slug, o.plan, o.status, o.created_at";
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
		SELECT * FROM (${byName(query, "MAX(?1, ?8 COLLATE NOCASE)", "AND o.name COLLATE NOCASE < ?8 || ?9")}) listed
		UNION
		SELECT * FROM (
			SELECT ${COLUMNS} FROM orgs o
			WHERE o.erasure_id IS NULL AND o.slug >= lower(?8) AND o.slug < lower(?8) || ?9 AND ${IS_AFTER} ${filterOf(query).replaceAll("AND o.", "AND +o.")}
			ORDER BY o.name COLLATE NOCASE, o.id
			LIMIT ?5) listed
		ORDER BY name COLLATE NOCASE, id
		LIMIT ?5`;
}

function clientsStatement(db: D1Database, query: ClientsQuery, range: DayRange): D1PreparedStatement {
	const bound = [...query.after, query.status ?? null, query.plan ?? null, query.limit + 1, range.from, range.to];
	const prefix = query.prefix === undefined ? [] : [query.prefix, LAST_CODE_POINT];
	return db
		.prepare(`
			WITH page AS (${pageSql(query)})
			SELECT page.id, page.name, page.slug, page.plan, page.status, page.created_at,
				COUNT(DISTINCT s.id) AS engines, COALESCE(SUM(m.sessions), 0) AS sessions_30d, COALESCE(SUM(m.messages), 0) AS messages_30d,
				(SELECT MAX(a.last_at) FROM portal_sites l JOIN metrics_daily a ON a.org_id = l.org_id AND a.date = l.last_active_date AND a.site_id = l.id
					WHERE l.org_id = page.id AND l.environment = 'live') AS last_active_at
			FROM page
			LEFT JOIN portal_sites s ON s.org_id = page.id AND s.environment = 'live'
			LEFT JOIN metrics_daily m INDEXED BY metrics_daily_by_site ON m.site_id = s.id AND m.date BETWEEN ?6 AND ?7 AND m.org_id = s.org_id
			WHERE ?3 IS ?3 AND ?4 IS ?4
			GROUP BY page.name COLLATE NOCASE, page.id
			ORDER BY page.name COLLATE NOCASE, page.id
		`)
		.bind(...bound, ...prefix);
}

function clientOf(row: Row) {
	return {
		id: textColumn(row, "id"),
		name: textColumn(row, "name"),
		slug: textColumn(row, "slug"),
		plan: textColumn(row, "plan"),
		status: textColumn(row, "status"),
		created_at: textColumn(row, "created_at"),
		engines: numberColumn(row, "engines"),
		sessions_30d: numberColumn(row, "sessions_30d"),
		messages_30d: numberColumn(row, "messages_30d"),
		last_active_at: textColumnOrNull(row, "last_active_at"),
	};
}
