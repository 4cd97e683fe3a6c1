import { batch, repeatableBatch } from "../../lib/d1/batch.ts";
import { numberColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { parseJsonObject } from "../../lib/http/body.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { json } from "../../lib/http/json.ts";
import { isoInstant } from "../../lib/time.ts";
import { recordRead } from "../audit/reads.ts";
import { actorOf, auditStatement } from "../audit/statement.ts";
import { orgNotFound } from "../auth/access.ts";
import type { Caller } from "../auth/clerk-claims.ts";
import type { StoredValue } from "../request/patch-rules.ts";
import { clientBody, clientStatement } from "./client.ts";
import type { ClientField } from "./client-fields.ts";
import { parseClientPatch } from "./client-patch-fields.ts";
import { HAS_LIVE_SUBSCRIPTION } from "./live-subscription.ts";
import { requireFree, takenStatement } from "./taken.ts";

export interface ClientPatch {
	id: string;
	changes: [ClientField, StoredValue][];
	caller: Caller;
	/** ISO instant */
	at: string;
}

/**
 * `PATCH /portal/clients/{id}`, for staff: a JSON Merge Patch of what is set of a client; null takes a field back to its default. The
 * status `churned` ends its service: its active engines are paused in the same write, and are resumed by hand. What stands in the way is
 * asked again by the write itself, so that nothing comes between; `{}` reads.
 * @param chatUrl address of the chat, with a slash at its end
 * @throws {ApiError} invalid_json, invalid_request, org_not_found, conflict (slug or clerk_org_id is taken), subscription_live (Stripe
 * decides plan and status, or would go on charging), unavailable
 */
export async function patchClient(
	db: D1Database,
	caller: Caller,
	request: { id: string; body: Uint8Array; chatUrl: string },
	now: number,
): Promise<Response> {
	const { id, chatUrl } = request;
	const patch = { id, changes: parseClientPatch(parseJsonObject(request.body)), caller, at: isoInstant(now) };
	const row = answered(patch, await repeatableBatch(db, lookStatements(db, patch, now)));
	if (patch.changes.length > 0)
		return json(clientBody(answered(patch, await batch(db, patchStatements(db, patch, now))), chatUrl));
	await recordRead(db, { caller, ref: id, named: null }, { action: "client.read", now });
	return json(clientBody(row, chatUrl));
}

/** What the first two statements and the last tell: the client as it is, where nothing stands in the way. */
function answered(patch: ClientPatch, results: Row[][]): Row {
	const row = results.at(-1)?.[0];
	if (row === undefined) throw orgNotFound();
	requireFree(results[0]?.[0], namesOf(patch));
	requireOwn(results[1]?.[0] ?? {});
	return row;
}

function lookStatements(db: D1Database, patch: ClientPatch, now: number): D1PreparedStatement[] {
	const { id } = patch;
	return [
		takenStatement(db, { ...namesOf(patch), butOf: id }),
		subscriptionStatement(db, patch),
		clientStatement(db, id, now),
	];
}

/** The statements that change a client, between those that say what stands in the way and the one that reads it then. */
export function patchStatements(db: D1Database, patch: ClientPatch, now: number): D1PreparedStatement[] {
	const [taken, subscription, client] = lookStatements(db, patch, now);
	return [taken, subscription, ...writeStatements(db, patch), client].filter((statement) => statement !== undefined);
}

function namesOf(patch: ClientPatch) {
	return { slug: textChange(patch, "slug"), clerkOrgId: textChange(patch, "clerk_org_id") };
}

function textChange({ changes }: ClientPatch, field: ClientField): string | null {
	const value = changes.find(([name]) => name === field)?.[1];
	return typeof value === "string" ? value : null;
}

/** ?1 id, ?2 plan, ?3 status, ?4 status_locked as the patch has them; null = it does not. */
function decidedBy(patch: ClientPatch): (string | number | null)[] {
	const locked = patch.changes.find(([name]) => name === "status_locked")?.[1];
	return [patch.id, textChange(patch, "plan"), textChange(patch, "status"), locked ?? null];
}

/** Over `orgs o`: Stripe decides plan or status, and the patch would have another. On a plan that is not sold, and where staff have locked both, it decides neither. */
const IS_STRIPES = `(${HAS_LIVE_SUBSCRIPTION} AND COALESCE(?4, o.status_locked) = 0
	AND (SELECT p.stripe_lookup_key FROM plans p WHERE p.id = o.plan) IS NOT NULL
	AND (o.plan <> COALESCE(?2, o.plan) OR o.status <> COALESCE(?3, o.status)))`;
/** Over `orgs o`: the patch would end the service of a client whom Stripe goes on charging. */
const IS_CHARGED = `(${HAS_LIVE_SUBSCRIPTION} AND o.status <> 'churned' AND COALESCE(?3, '') = 'churned')`;

/** The statement that says why Stripe stands in the way. */
function subscriptionStatement(db: D1Database, patch: ClientPatch): D1PreparedStatement {
	return db
		.prepare(`SELECT ${IS_STRIPES} AS is_stripes, ${IS_CHARGED} AS is_charged FROM orgs o WHERE o.id = ?1`)
		.bind(...decidedBy(patch));
}

/** @throws {ApiError} subscription_live */
function requireOwn(row: Row): void {
	if (numberColumn(row, "is_charged") === 1)
		throw new ApiError(
			"subscription_live",
			"Cancel the client's subscription at Stripe first, and wait until it has ended: it would go on paying.",
		);
	if (numberColumn(row, "is_stripes") === 1)
		throw new ApiError(
			"subscription_live",
			"Plan and status follow the client's subscription: change that at Stripe, or send status_locked true as well, and Stripe decides neither.",
		);
}

/**
 * The condition of each statement of a write, as the first two statements tell it, and that something does change. The update of the
 * org comes last, so that none before it sees what it changes. Its parameters are ?1 to ?6, then the values from ?7 on.
 */
function condition(patch: ClientPatch, orChurned: boolean): string {
	const differs = patch.changes.map(([field], index) => `o.${field} IS NOT ?${index + 7}`).join(" OR ");
	return `FROM orgs o
		WHERE o.id = ?1 AND o.erasure_id IS NULL AND NOT ${IS_STRIPES} AND NOT ${IS_CHARGED}
			AND NOT EXISTS (SELECT 1 FROM orgs t WHERE t.slug = ?5 AND t.id <> ?1)
			AND NOT EXISTS (SELECT 1 FROM orgs t WHERE (t.clerk_org_id = ?6 OR t.id = ?6) AND t.id <> ?1)
			AND (${differs}${orChurned ? " OR ?3 = 'churned'" : ""})`;
}

function writeStatements(db: D1Database, patch: ClientPatch): D1PreparedStatement[] {
	const { id, changes, caller, at } = patch;
	const names = [textChange(patch, "slug"), textChange(patch, "clerk_org_id")];
	const parameters = [...decidedBy(patch), ...names, ...changes.map(([, value]) => value)];
	const atNumber = `?${parameters.length + 1}`;
	const fields = changes.map(([field]) => field);
	const entry = { orgId: id, at, by: actorOf(caller), action: "client.update", target: id, fields } as const;
	const pause = db
		.prepare(`
			UPDATE portal_sites SET status = 'paused', version = version + 1, updated_at = ${atNumber}
			WHERE org_id = ?1 AND status = 'active' AND ?3 = 'churned' AND EXISTS (SELECT 1 ${condition(patch, true)})
		`)
		.bind(...parameters, at);
	const update = db
		.prepare(`
			UPDATE orgs SET updated_at = ${atNumber}${changes.map(([field], index) => `, ${field} = ?${index + 7}`).join("")}
			WHERE id IN (SELECT o.id ${condition(patch, false)})
		`)
		.bind(...parameters, at);
	return [
		auditStatement(db, entry, { sql: condition(patch, false), parameters }),
		...(textChange(patch, "status") === "churned" ? [pause] : []),
		update,
	];
}
