import type { Caller } from "./clerk-claims.ts";
import { repeatableBatch } from "../../lib/d1/batch.ts";
import { textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import { ApiError } from "../../lib/http/errors.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { noteTenant } from "../../lib/request/facts.ts";
import { queryText } from "../request/query.ts";
import type { Row } from "../../lib/d1/row.ts";

/** How much may stand in `?orgId=`, UTF-16 units. */
const MAX_ORG_REFERENCE_CHARS = 100;

/** A caller and the organization the request is about, before the database has been asked. */
export interface OrgTarget {
	caller: Caller;
	/** What ?1 of every statement is bound to: an `orgs.id` or Clerk's id. For anyone but staff always the token's own. */
	ref: string;
	/** What `?orgId=` says; null = nothing. */
	named: string | null;
}

export interface Org {
	id: string;
	clerkOrgId: string | null;
	name: string;
	slug: string;
	plan: string;
	status: string;
}

/** An admitted request with what its statements read. */
export interface OrgRead {
	caller: Caller;
	/** The caller's role in this organization; null = none (staff looking in). */
	role: "admin" | "member" | null;
	org: Org;
	/** The first statement's only row. */
	row: Row;
	/** The rows of every statement, in order. */
	results: Row[][];
}

/** Columns that the first statement of every endpoint selects, FROM orgs o. */
export const ORG_COLUMNS =
	"o.id AS org_id, o.clerk_org_id, o.name AS org_name, o.slug AS org_slug, o.plan AS org_plan, o.status AS org_status";
/**
 * The condition by which every statement finds the org of the request; one that was erased is found no more. Triggers keep the two
 * columns' values apart, so one row at most.
 */
export const IS_ORG = "((o.id = ?1 OR o.clerk_org_id = ?1) AND o.erasure_id IS NULL)";

const ORG_SQL = `SELECT ${ORG_COLUMNS} FROM orgs o WHERE ${IS_ORG}`;

/** The first statement of an endpoint that reads nothing else of its org. */
export function orgStatement(db: D1Database, ref: string): D1PreparedStatement {
	return db.prepare(ORG_SQL).bind(ref);
}

/** Who may, in words, by the reason that the log has. */
const WHO_MAY = {
	not_admin: "This needs an admin of this organization; ask one of them.",
	impersonated: "This cannot be done in somebody else's name; they must sign in and do it themselves.",
	staff_only_look: "This needs an admin of the organization itself; ask one of them, as staff can only look.",
	not_staff: "This needs Koby's staff; please contact support.",
	foreign_org: "This needs a member of the organization that orgId names; leave orgId out to have your own.",
} as const;

/** The 403 of whatever a caller may not do. It follows from who they are alone: whether what they asked for exists it does not tell. */
function forbidden(reason: keyof typeof WHO_MAY): ApiError {
	return new ApiError("forbidden", WHO_MAY[reason], { reason });
}

/**
 * The organization that a member (any role), or staff, reads.
 * @throws {ApiError} invalid_request, no_active_org, org_required
 */
export function requireMember(caller: Caller, params: URLSearchParams): OrgTarget {
	const faults: FieldError[] = [];
	const named = queryText(params, "orgId", MAX_ORG_REFERENCE_CHARS, faults) ?? null;
	if (faults.length > 0) throw invalidFields(faults);
	const ref = caller.staff ? (named ?? caller.orgId) : caller.orgId;
	if (ref !== null) return { caller, ref, named };
	if (caller.staff)
		throw new ApiError("org_required", "Name the organization with ?orgId=; GET /portal/clients lists them.");
	throw new ApiError("no_active_org", "Choose an organization in the dashboard first.");
}

/**
 * The organization of which an admin of it, or staff, reads what members may not.
 * @throws {ApiError} as `requireMember`; forbidden
 */
export function requireAdminReader(caller: Caller, params: URLSearchParams): OrgTarget {
	const target = requireMember(caller, params);
	if (!caller.staff && caller.role !== "admin") throw forbidden("not_admin");
	return target;
}

/**
 * The organization that an admin of it, or staff, writes to. Who acts in another's name writes nothing.
 * @throws {ApiError} as `requireMember`; forbidden
 */
export function requireAdmin(caller: Caller, params: URLSearchParams): OrgTarget {
	if (caller.impersonated) throw forbidden("impersonated");
	return requireAdminReader(caller, params);
}

/**
 * The organization whose own admin answers for what it pays; staff only look.
 * @throws {ApiError} as `requireAdmin`
 */
export function requireOwnAdmin(caller: Caller, params: URLSearchParams): OrgTarget {
	if (caller.staff) throw forbidden("staff_only_look");
	return requireAdmin(caller, params);
}

/**
 * The organization that staff write to for Koby, where its own admins may not.
 * @throws {ApiError} as `requireAdmin`
 */
export function requireStaffWriter(caller: Caller, params: URLSearchParams): OrgTarget {
	requireStaff(caller);
	return requireAdmin(caller, params);
}

/**
 * For routes that are about no org of the caller's: a dashboard puts `orgId` everywhere; there it chooses nothing.
 * @throws {ApiError} invalid_request
 */
export function requireOrgReference(params: URLSearchParams): void {
	const faults: FieldError[] = [];
	queryText(params, "orgId", MAX_ORG_REFERENCE_CHARS, faults);
	if (faults.length > 0) throw invalidFields(faults);
}

/** @throws {ApiError} forbidden */
export function requireStaff(caller: Caller): void {
	if (!caller.staff) throw forbidden("not_staff");
}

/**
 * Runs the statements in one round trip and decides by the first one's row whether the caller may have them. That one is
 * `SELECT ${ORG_COLUMNS}, … FROM orgs o … WHERE ${IS_ORG}`, and every one finds its org by ?1 = `target.ref`.
 * @throws {ApiError} unknown_org, org_not_found (staff), forbidden, unavailable
 */
export async function readForOrg(
	db: D1Database,
	target: OrgTarget,
	statements: D1PreparedStatement[],
): Promise<OrgRead> {
	const results = await repeatableBatch(db, statements);
	const row = results[0]?.[0];
	const { caller, named } = target;
	if (row === undefined) throw caller.staff ? orgNotFound() : unknownOrg();
	const org = parseOrg(row);
	noteTenant(org.id);
	if (!caller.staff && named !== null && !isNamed(org, named)) throw forbidden("foreign_org");
	const isOwn = caller.orgId !== null && isNamed(org, caller.orgId);
	return { caller, role: isOwn ? caller.role : null, org, row, results };
}

/** The 404 that staff get. */
export function orgNotFound(): ApiError {
	return new ApiError("org_not_found", "There is no organization with this id; GET /portal/clients lists them.");
}

function unknownOrg(): ApiError {
	return new ApiError("unknown_org", "Your organization is not set up with Koby yet; please contact support.");
}

function isNamed(org: Org, ref: string): boolean {
	return org.id === ref || org.clerkOrgId === ref;
}

function parseOrg(row: Row): Org {
	return {
		id: textColumn(row, "org_id"),
		clerkOrgId: textColumnOrNull(row, "clerk_org_id"),
		name: textColumn(row, "org_name"),
		slug: textColumn(row, "org_slug"),
		plan: textColumn(row, "org_plan"),
		status: textColumn(row, "org_status"),
	};
}
