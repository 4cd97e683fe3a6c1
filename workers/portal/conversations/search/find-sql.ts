import { IS_ORG, ORG_COLUMNS } from "../../auth/access.ts";
import { packedColumn } from "../../request/packed.ts";
import { CONVERSATION_COLUMNS, LIST_NAMES } from "../conversations.ts";
import { IS_KEPT, VISITOR_JOIN } from "../visitor.ts";
import type { ConversationsQuery, Filters, Search } from "./find-query.ts";

/** How many conversations are looked at for each that a page may show: with these it ends, also where it is not full. */
const LOOKED_AT_PER_ROW = 20;
/** Of the message that is shown, code points. */
const MATCH_CHARS = 8000;

const IS_ENGINE_KNOWN =
	"?2 IS NULL OR EXISTS (SELECT 1 FROM portal_sites e WHERE e.id = ?2 AND e.org_id = o.id) AS is_engine_known";

/** Over `chat_sessions c`. */
const PASSES = `(?2 IS NULL OR c.site_id = ?2)
	AND CASE ?7 WHEN 'up' THEN c.rating_up > 0 WHEN 'down' THEN c.rating_down > 0 ELSE TRUE END
	AND (?8 IS NULL OR (c.unanswered > 0) = ?8) AND (?9 IS NULL OR (c.leads > 0) = ?9)`;

/** The most conversations that are looked at for a page. */
export function lookedAt(limit: number): number {
	return limit * LOOKED_AT_PER_ROW;
}

/** ?7 to ?9. */
function filterParameters({ rating, unanswered, hasLead }: Filters): (string | number | null)[] {
	return [rating, flag(unanswered), flag(hasLead)];
}

function flag(value: boolean | null): number | null {
	return value === null ? null : Number(value);
}

/**
 * Candidates come by an index, the newest first. Only one upper bound: an index can use no second. Several indexes fit, and which
 * one SQLite takes changes with its version, so it is told.
 */
function listSql(index: string, isCandidate: string): string {
	const candidates = (columns: string, org: string): string => `
		SELECT ${columns} FROM chat_sessions c INDEXED BY ${index}
		WHERE c.org_id = ${org} AND ${isCandidate} AND c.started_at >= ?3 AND (c.started_at, c.id) < (?4, ?5)
		ORDER BY c.started_at DESC, c.id DESC`;
	return `
		WITH page AS MATERIALIZED (
			SELECT ${ORG_COLUMNS}, ${IS_ENGINE_KNOWN},
				(SELECT ${packedColumn(...LIST_NAMES)}
					FROM (
						SELECT ${CONVERSATION_COLUMNS}
						FROM (${candidates("c.rowid AS place", "o.id")} LIMIT ?10) found
						CROSS JOIN chat_sessions c ON c.rowid = found.place
						CROSS JOIN portal_sites s ON s.id = c.site_id AND s.org_id = c.org_id
						${VISITOR_JOIN}
						WHERE ${IS_KEPT} AND ${PASSES}
						LIMIT ?6) listed) AS conversations
			FROM orgs o
			WHERE ${IS_ORG})
		SELECT page.*,
			CASE WHEN json_array_length(page.conversations) < ?6
				THEN (${candidates("json_array(c.started_at, c.id)", "page.org_id")} LIMIT 1 OFFSET ?10 - 1) END AS looked_to
		FROM page
	`;
}

/** By which index candidates come: by that of what is rarest. */
const LISTS: readonly [is: (filters: Filters) => boolean, sql: string][] = [
	[({ hasLead }) => hasLead === true, listSql("chat_sessions_with_lead", "c.leads > 0")],
	[({ rating }) => rating === "down", listSql("chat_sessions_with_down", "c.rating_down > 0")],
	[({ unanswered }) => unanswered === true, listSql("chat_sessions_with_unanswered", "c.unanswered > 0")],
	[({ rating }) => rating === "up", listSql("chat_sessions_with_up", "c.rating_up > 0")],
	[({ engineId }) => engineId !== null, listSql("chat_sessions_by_site", "c.site_id = ?2")],
];
const LIST_OF_ALL = listSql("chat_sessions_by_org", "TRUE");

/**
 * The statement that lists the newest conversations of those that pass the filters. `looked_to` is NULL where the page is full or
 * nothing is left, else the instant and id of the last conversation that was looked at.
 */
export function listStatement(db: D1Database, ref: string, query: ConversationsQuery): D1PreparedStatement {
	const { limit, engineId, from, before } = query;
	const [, sql] = LISTS.find(([is]) => is(query)) ?? [undefined, LIST_OF_ALL];
	const filters = filterParameters(query);
	return db.prepare(sql).bind(ref, engineId, from, ...before, limit + 1, ...filters, lookedAt(limit));
}

/**
 * Goes down the numbers of each term at once. A step has of each term the largest number below where the step before ended: where
 * all are the same, a conversation has all of the terms; else none above the least of them has, and there the next step begins. So
 * what one term leaves out is leapt over in the others, and the rarest sets the pace. Each step makes one row, in this order.
 */
function searchSql(count: number): string {
	const numbers = Array.from({ length: count }, (_, index) => `walk.n${index}`);
	const first = "walk.n0";
	const least = count === 1 ? first : `MIN(${numbers.join(", ")})`;
	const hasAll = numbers.map((number) => `${number} = ${first}`).join(" AND ");
	const end = `${least} + NOT (${hasAll})`;
	const seeks = (org: string, before: string): string =>
		numbers
			.map(
				(_, index) =>
					`(SELECT MAX(t.number) FROM session_terms t WHERE t.org_id = ${org} AND t.term = ?${index + 11} AND t.number >= ?3 AND t.number < ${before})`,
			)
			.join(", ");
	const place = `(SELECT MAX(t.place) FROM session_terms t
		WHERE t.org_id = c.org_id AND t.number = i.number AND t.term IN (${numbers.map((_, index) => `?${index + 11}`).join(", ")}))`;
	const isShown = `s.id IS NOT NULL AND v.visitor IS NOT NULL AND ${IS_KEPT} AND ${PASSES}`;
	return `
		WITH RECURSIVE walk (org_id, step, ${numbers.map((_, index) => `n${index}`).join(", ")}) AS (
			SELECT o.id, 1, ${seeks("o.id", "?4")} FROM orgs o WHERE ${IS_ORG}
			UNION ALL
			SELECT walk.org_id, walk.step + 1, ${seeks("walk.org_id", end)} FROM walk WHERE walk.step < ?10 AND ${least} IS NOT NULL)
		SELECT ${ORG_COLUMNS}, ${IS_ENGINE_KNOWN}, (SELECT searchable_until FROM session_index_state WHERE id = 1) AS searchable_until,
			(SELECT ${packedColumn(...LIST_NAMES, "matched", "looked_to", "step", "is_shown")}
				FROM (
					SELECT ${CONVERSATION_COLUMNS}, ${end} AS looked_to, walk.step, ${isShown} AS is_shown,
						(SELECT json_array(m.id, m.role, substr(m.content, 1, ${MATCH_CHARS})) FROM chat_messages m
							WHERE m.rowid = ${place} AND m.session_id = c.id AND m.org_id = c.org_id) AS matched
					FROM walk
					LEFT JOIN session_index i ON ${hasAll} AND i.number = ${first} AND i.org_id = walk.org_id
					LEFT JOIN chat_sessions c ON c.id = i.session_id AND c.org_id = i.org_id
					LEFT JOIN portal_sites s ON s.id = c.site_id AND s.org_id = c.org_id
					LEFT JOIN visitors v ON v.org_id = c.org_id AND v.visitor_id = c.visitor_id
					WHERE ${least} IS NOT NULL AND ((${isShown}) OR walk.step = ?10)
					LIMIT ?6) listed) AS conversations
		FROM orgs o
		WHERE ${IS_ORG}
	`;
}

/** By how many terms are searched for. */
const SEARCHES = Array.from({ length: 8 }, (_, index) => searchSql(index + 1));

/**
 * The statement that finds the newest conversations that have all of the terms and pass the filters. Beside those that are shown the
 * last that was looked at may be among the rows: by its `step` it tells that the page ends there.
 */
export function searchStatement(
	db: D1Database,
	ref: string,
	query: ConversationsQuery,
	{ terms, numbers }: Search,
): D1PreparedStatement {
	const { limit, engineId } = query;
	const [from, before] = numbers;
	return db
		.prepare(SEARCHES[terms.length - 1] ?? "")
		.bind(ref, engineId, from, before, null, limit + 1, ...filterParameters(query), lookedAt(limit), ...terms);
}
