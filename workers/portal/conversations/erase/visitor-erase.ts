import { batch, repeatableBatch } from "../../../lib/d1/batch.ts";
import { textColumn, textColumnOrNull } from "../../../lib/d1/row.ts";
import { notFound } from "../../../lib/http/serve.ts";
import { isoInstant } from "../../../lib/time.ts";
import { IS_ORG, ORG_COLUMNS, readForOrg } from "../../auth/access.ts";
import type { OrgTarget } from "../../auth/access.ts";
import type { Caller } from "../../auth/clerk-claims.ts";
import { eraseInSteps, visitorSessions } from "./erase-steps.ts";
import { leadsCountedStatement, traceStatements } from "./erasure-trace.ts";

/** Sessions that one statement marks: with the index row of each they are under 1,000 rows. */
const MARKED_SESSIONS = 150;
/** Steps of a request after each marking, and markings: with their statements under the 1,000 that D1 takes of it. */
const MAX_STEPS = 30;
const MAX_MARKINGS = 5;

/** A visitor whose erasure has begun. */
export interface ErasedVisitor {
	orgId: string;
	/** As in `visitors`. */
	visitorId: string;
	erasureId: string;
}

/**
 * `DELETE /portal/visitors/{visitor}`: erases a person: all conversations of the org that readers are shown with this `visitor`, and
 * the leads left in them. They are out of everybody's sight at once and go step by step as one conversation does; the runs of every
 * five minutes go on with what a request leaves, and so does the call when it is repeated. Who comes back meanwhile begins a
 * conversation that is none of these.
 * @throws {ApiError} not_found (another org's as well)
 */
export async function deleteVisitor(
	db: D1Database,
	target: OrgTarget,
	visitor: string,
	now: number,
): Promise<Response> {
	const { caller, org, row } = await readForOrg(db, target, [visitorStatement(db, target.ref, visitor)]);
	const visitorId = textColumnOrNull(row, "visitor_id");
	if (visitorId === null) throw notFound();
	const begunId = textColumnOrNull(row, "erasure_id");
	const erasureId = begunId ?? (await beginErasure(db, { caller, orgId: org.id, visitor, visitorId, now }));
	await eraseVisitor(db, { orgId: org.id, visitorId, erasureId }, MAX_MARKINGS, MAX_STEPS);
	return new Response(null, { status: 204 });
}

interface VisitorErasure {
	caller: Caller;
	orgId: string;
	/** What readers are shown. */
	visitor: string;
	/** As in `visitors`. */
	visitorId: string;
	/** Epoch ms. */
	now: number;
}

/**
 * The first step.
 * @returns the id of the erasure
 * @throws {ApiError} not_found: someone else was faster
 */
export async function beginErasure(
	db: D1Database,
	{ caller, orgId, visitor, visitorId, now }: VisitorErasure,
): Promise<string> {
	const erasure = { id: crypto.randomUUID(), kind: "visitor", orgId, target: visitor, caller, now } as const;
	const stands = {
		sql: "FROM visitors WHERE org_id = ?1 AND visitor_id = ?2 AND erased_at IS NULL",
		parameters: [orgId, visitorId],
	};
	const trace = traceStatements(db, erasure, stands);
	const written = await batch(db, [
		...trace,
		db
			.prepare(`
				UPDATE visitors SET erased_at = ?3, erasure_id = ?4
				WHERE org_id = ?1 AND visitor_id = ?2 AND erased_at IS NULL RETURNING visitor
			`)
			.bind(orgId, visitorId, isoInstant(now), erasure.id),
		...markStatements(db, { orgId, visitorId, erasureId: erasure.id }),
	]);
	if (written[trace.length]?.length !== 1) throw notFound();
	return erasure.id;
}

const VISITOR_SQL = `
	SELECT ${ORG_COLUMNS}, v.visitor_id, v.erasure_id
	FROM orgs o
	LEFT JOIN visitors v INDEXED BY visitors_by_name ON v.org_id = o.id AND v.visitor = ?2
	WHERE ${IS_ORG}
`;

/** `visitor_id` is NULL when the org has no such visitor. One whose erasure has begun is there, unlike for readers. */
function visitorStatement(db: D1Database, ref: string, visitor: string): D1PreparedStatement {
	return db.prepare(VISITOR_SQL).bind(ref, visitor);
}

/**
 * Goes on with a visitor's erasure: erases the sessions that are marked, marks further ones, and forgets the visitor after the last.
 * @returns how many steps it took
 * @throws {ApiError} unavailable
 */
export async function eraseVisitor(
	db: D1Database,
	erased: ErasedVisitor,
	maxMarkings: number,
	maxSteps: number,
): Promise<number> {
	let steps = 0;
	for (let marking = 1; marking <= maxMarkings; marking++) {
		const taken = await eraseInSteps(db, visitorSessions(erased.orgId, erased.visitorId), undefined, maxSteps);
		steps += taken;
		if (taken === maxSteps) break;
		const results = await batch(db, [...markStatements(db, erased), ...forgottenStatements(db, erased)]);
		if (results[0]?.length === 0) break;
	}
	return steps;
}

/**
 * Marks sessions of the visitor as erased, which gives a row for each, with the instant and the erasure that the visitor has; their
 * leads go at once. The newest come first: one of them may be under way.
 */
function markStatements(db: D1Database, { orgId, visitorId, erasureId }: ErasedVisitor): D1PreparedStatement[] {
	const parameters = [orgId, visitorId];
	return [
		db
			.prepare(`
				UPDATE chat_sessions
				SET (erased_at, erasure_id, ended_at) = (
					SELECT v.erased_at, v.erasure_id, COALESCE(chat_sessions.ended_at, v.erased_at) FROM visitors v WHERE v.org_id = ?1 AND v.visitor_id = ?2)
				WHERE rowid IN (
					SELECT c.rowid
					FROM visitors v
					CROSS JOIN chat_sessions c INDEXED BY chat_sessions_by_org_visitor ON c.org_id = v.org_id AND c.visitor_id = v.visitor_id
					WHERE v.org_id = ?1 AND v.visitor_id = ?2 AND c.erased_at IS NULL AND c.started_at <= v.erased_at
					ORDER BY c.rowid DESC
					LIMIT ${MARKED_SESSIONS})
				RETURNING id
			`)
			.bind(...parameters),
		db
			.prepare(`
				DELETE FROM leads
				WHERE rowid IN (
					SELECT l.rowid
					FROM chat_sessions c INDEXED BY chat_sessions_by_org_visitor
					CROSS JOIN leads l ON l.session_id = c.id AND l.org_id = c.org_id
					WHERE c.org_id = ?1 AND c.visitor_id = ?2 AND c.erased_at IS NOT NULL)
			`)
			.bind(...parameters),
		leadsCountedStatement(db, erasureId),
	];
}

const HAS_SESSION =
	"EXISTS (SELECT 1 FROM chat_sessions c INDEXED BY chat_sessions_by_org_visitor WHERE c.org_id = ?1 AND c.visitor_id = ?2";

/** The row of a visitor goes with the last session. One who has come back meanwhile gets another name. */
function forgottenStatements(db: D1Database, { orgId, visitorId }: ErasedVisitor): D1PreparedStatement[] {
	const isErased = "org_id = ?1 AND visitor_id = ?2 AND erased_at IS NOT NULL";
	return [
		`DELETE FROM visitors WHERE ${isErased} AND NOT ${HAS_SESSION})`,
		`UPDATE visitors SET visitor = lower(hex(randomblob(8))), erased_at = NULL, erasure_id = NULL
			WHERE ${isErased} AND NOT ${HAS_SESSION} AND c.started_at <= visitors.erased_at)`,
	].map((sql) => db.prepare(sql).bind(orgId, visitorId));
}

/** Visitors of a run, and those that it chooses from. */
const MAX_VISITORS = 6;
const CHOSEN_FROM = 500;

/**
 * Visitors whose erasure began by then and has not ended, chosen by chance, so that none whose erasure fails stands before the others.
 * @param by ISO instant
 * @throws {ApiError} unavailable
 */
export async function begunVisitors(db: D1Database, by: string): Promise<ErasedVisitor[]> {
	const [rows = []] = await repeatableBatch(db, [
		db
			.prepare(`
				SELECT org_id, visitor_id, erasure_id
				FROM (
					SELECT org_id, visitor_id, erasure_id FROM visitors INDEXED BY visitors_with_erasure
					WHERE erased_at IS NOT NULL AND erased_at <= ?1
					ORDER BY erased_at
					LIMIT ${CHOSEN_FROM}) listed
				ORDER BY random()
				LIMIT ${MAX_VISITORS}
			`)
			.bind(by),
	]);
	return rows.map((row) => ({
		orgId: textColumn(row, "org_id"),
		visitorId: textColumn(row, "visitor_id"),
		erasureId: textColumn(row, "erasure_id"),
	}));
}
