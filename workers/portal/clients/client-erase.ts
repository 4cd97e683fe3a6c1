import { batch, repeatableBatch } from "../../lib/d1/batch.ts";
import { numberColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { parseJsonObject } from "../../lib/http/body.ts";
import { ApiError } from "../../lib/http/errors.ts";
import type { FieldError } from "../../lib/http/errors.ts";
import { invalidFields, textField, unknownFields } from "../../lib/http/fields.ts";
import { json } from "../../lib/http/json.ts";
import { sha256Hex } from "../../lib/text/digest.ts";
import { isoInstant } from "../../lib/time.ts";
import { actorOf, auditStatement } from "../audit/statement.ts";
import { orgNotFound } from "../auth/access.ts";
import type { Caller } from "../auth/clerk-claims.ts";
import { traceStatements } from "../conversations/erase/erasure-trace.ts";
import { HAS_LIVE_SUBSCRIPTION } from "./live-subscription.ts";

/** How long a token is good, ms. */
const TOKEN_LIFE_MS = 900_000;
const TOKEN_BYTES = 32;
const TOKEN_MAX_CHARS = 100;

/**
 * `POST /portal/clients/{id}/erasure`: gives one of staff the token with which that same person may erase the customer within 15
 * minutes. Only its digest is kept, and a new one takes the place of the last.
 * @throws {ApiError} org_not_found, subscription_live
 */
export async function postErasure(db: D1Database, caller: Caller, orgId: string, now: number): Promise<Response> {
	const [rows = []] = await repeatableBatch(db, [clientStatement(db, orgId, caller, "", now)]);
	if (rows[0]?.["is_begun"] === 1) throw orgNotFound();
	requireErasable(rows[0]);
	const token = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)).toHex();
	const written = await batch(db, tokenStatements(db, caller, orgId, await sha256Hex(token), now));
	if (written[1]?.length !== 1) throw orgNotFound();
	return json({ token, expires_at: isoInstant(now + TOKEN_LIFE_MS) }, 201);
}

/** The statements that let one person erase a client. @param digest SHA-256 of the token, hexadecimal */
export function tokenStatements(
	db: D1Database,
	caller: Caller,
	orgId: string,
	digest: string,
	now: number,
): D1PreparedStatement[] {
	const stands = { sql: "FROM orgs WHERE id = ?1 AND erasure_id IS NULL", parameters: [orgId] };
	const entry = { orgId, at: isoInstant(now), by: actorOf(caller), action: "client.erasure", target: orgId } as const;
	return [
		auditStatement(db, entry, stands),
		db
			.prepare(`
				INSERT INTO erasure_tokens (org_id, user_id, token_digest, expires_at)
				SELECT ?1, ?2, ?3, ?4 ${stands.sql}
				ON CONFLICT (org_id, user_id) DO UPDATE SET token_digest = excluded.token_digest, expires_at = excluded.expires_at
				RETURNING org_id
			`)
			.bind(orgId, caller.userId, digest, isoInstant(now + TOKEN_LIFE_MS)),
	];
}

/**
 * `DELETE /portal/clients/{id}` `{token}`: erases a customer with everything. From now on its keys are refused, its people find no
 * org, and its name is gone; its rows go step by step, by the runs of every five minutes. Clerk's organization and Stripe's customer
 * are left as they are. The trace is its row in `erasures`: the audit log of the org goes with it. Repeated by the same person while
 * the rows go, it answers as it did.
 * @throws {ApiError} invalid_json, invalid_request, org_not_found, subscription_live, forbidden: the token is none of this person's
 */
export async function deleteClient(
	db: D1Database,
	caller: Caller,
	orgId: string,
	body: Uint8Array,
	now: number,
): Promise<Response> {
	const digest = await sha256Hex(parseToken(body));
	const [rows = []] = await repeatableBatch(db, [clientStatement(db, orgId, caller, digest, now)]);
	if (rows[0]?.["is_begun"] === 1) return new Response(null, { status: 204 });
	if (numberColumn(requireErasable(rows[0]), "has_token") === 0) throw badToken();
	const written = await batch(db, erasureStatements(db, caller, orgId, digest, now));
	if (written.at(-2)?.length !== 1) throw orgNotFound();
	return new Response(null, { status: 204 });
}

/** The statements that put a client out of service for good, where the caller's token is good: its trace, then the org, then the tokens. */
export function erasureStatements(
	db: D1Database,
	caller: Caller,
	orgId: string,
	digest: string,
	now: number,
): D1PreparedStatement[] {
	const erasure = { id: crypto.randomUUID(), kind: "client", orgId, target: orgId, caller, now } as const;
	const stands = {
		sql: `FROM orgs o WHERE o.id = ?1 AND o.erasure_id IS NULL AND NOT ${HAS_LIVE_SUBSCRIPTION} AND ${HAS_TOKEN}`,
		parameters: [orgId, caller.userId, digest, isoInstant(now)],
	};
	return [
		...traceStatements(db, erasure, stands),
		db
			.prepare(`
				UPDATE orgs AS o
				SET erasure_id = ?5, status = 'churned', status_locked = 1, name = 'Erased', slug = 'erased-' || lower(hex(randomblob(16))),
					clerk_org_id = NULL, stripe_customer_id = NULL, stripe_subscription_id = NULL
				WHERE o.id IN (SELECT o.id ${stands.sql})
				RETURNING id
			`)
			.bind(...stands.parameters, erasure.id),
		db
			.prepare(
				"DELETE FROM erasure_tokens WHERE org_id = ?1 AND EXISTS (SELECT 1 FROM orgs WHERE id = ?1 AND erasure_id IS NOT NULL)",
			)
			.bind(orgId),
	];
}

/** Over `orgs o`: ?2 is who asks, ?3 the digest of the token, ?4 now. */
const HAS_TOKEN =
	"EXISTS (SELECT 1 FROM erasure_tokens t WHERE t.org_id = o.id AND t.user_id = ?2 AND t.token_digest = ?3 AND t.expires_at > ?4)";

/** Over `orgs o`: the customer is being erased since ?2 asked for it. */
const IS_BEGUN = "EXISTS (SELECT 1 FROM erasures e WHERE e.id = o.erasure_id AND e.user_id = ?2)";

/** A customer that is being erased is found by nobody but who began it. */
function clientStatement(
	db: D1Database,
	orgId: string,
	{ userId }: Caller,
	digest: string,
	now: number,
): D1PreparedStatement {
	return db
		.prepare(`
			SELECT ${HAS_LIVE_SUBSCRIPTION} AS is_live, ${HAS_TOKEN} AS has_token, o.erasure_id IS NOT NULL AS is_begun
			FROM orgs o
			WHERE o.id = ?1 AND (o.erasure_id IS NULL OR ${IS_BEGUN})
		`)
		.bind(orgId, userId, digest, isoInstant(now));
}

function requireErasable(row: Row | undefined): Row {
	if (row === undefined) throw orgNotFound();
	if (numberColumn(row, "is_live") === 1)
		throw new ApiError(
			"subscription_live",
			"Cancel the customer's subscription at Stripe first, and wait until it has ended.",
		);
	return row;
}

function badToken(): ApiError {
	const message =
		"This token does not erase this customer, or no longer; ask POST /portal/clients/{id}/erasure for a new one.";
	return new ApiError("forbidden", message, { reason: "bad_erasure_token" });
}

function parseToken(bytes: Uint8Array): string {
	const body = parseJsonObject(bytes);
	const faults: FieldError[] = unknownFields(body, ["token"], "this request");
	const token = textField(body, "token", { min: 1, max: TOKEN_MAX_CHARS }, faults);
	if (token === undefined && faults.length === 0) faults.push({ field: "token", message: "is required" });
	if (token === undefined || faults.length > 0) throw invalidFields(faults);
	return token;
}
