import { repeatableBatch } from "../../lib/d1/batch.ts";
import { numberColumn } from "../../lib/d1/row.ts";
import { SECOND_MS, isoInstant } from "../../lib/time.ts";
import { STRIPE, auditStatement } from "../audit/statement.ts";
import type { StripeEvent } from "./stripe-event.ts";
import { CUSTOMER_DELETED } from "./stripe-state.ts";
import type { BillingState } from "./stripe-state.ts";

/** What Stripe holds of an org's customer, as it was read. */
export interface Reading {
	orgId: string;
	customerId: string;
	/** Whether the org may become this customer's, if it is still nobody's. */
	mayLink: boolean;
	/** ISO instant, not later than the reading. */
	readAt: string;
	state: BillingState;
}

/** What became of a reading, and whether the org pays for a plan beside the unsold one that it is on. */
export interface Written {
	outcome: "synced" | "held" | "older" | "duplicate";
	isPaidBeside: boolean;
}

/**
 * Writes a reading, with the event that led to it: one transaction. It begins with a plain INSERT of the event's id, so of ten equal deliveries one writes and the others fail
 * as a whole on its UNIQUE: no later statement has to know what an earlier one changed.
 * @throws {ApiError} unavailable
 */
export async function writeReading(db: D1Database, event: StripeEvent, reading: Reading): Promise<Written> {
	const statements = [recordStatement(db, event, reading), changeStatement(db, reading), updateStatement(db, reading)];
	const [inserted, , updated = []] = await repeatableBatch(db, statements, "stripe_events.id");
	if (inserted === undefined) return { outcome: "duplicate", isPaidBeside: false };
	const [row] = updated;
	if (row === undefined) return { outcome: "older", isPaidBeside: false };
	const isUnsold = numberColumn(row, "is_unsold") === 1;
	const isHeld = isUnsold || numberColumn(row, "status_locked") === 1;
	return { outcome: isHeld ? "held" : "synced", isPaidBeside: isUnsold && reading.state.paidItems.length > 0 };
}

function recordStatement(db: D1Database, event: StripeEvent, reading: Reading): D1PreparedStatement {
	return db
		.prepare(`INSERT INTO stripe_events (id, type, org_id, created_at, processed_at) VALUES (?1, ?2, ?3, ?4, ?5)`)
		.bind(event.id, event.type, reading.orgId, isoInstant(event.created * SECOND_MS), reading.readAt);
}

/** The condition of both writes: the org is this customer's or may become so, is not erased since it was read, and no newer reading stands. */
const IS_TO_WRITE = `id = ?1 AND erasure_id IS NULL AND (stripe_customer_id = ?2 OR (?3 = 1 AND stripe_customer_id IS NULL))
	AND (stripe_synced_at IS NULL OR stripe_synced_at <= ?4)`;

/** The org is on a plan that Stripe does not sell. */
const IS_UNSOLD = "(SELECT p.stripe_lookup_key IS NULL FROM plans p WHERE p.id = orgs.plan)";
/** Plan and status are staff's to decide: they said so, or gave the org a plan that Stripe does not sell. */
const IS_HELD = `(status_locked = 1 OR ${IS_UNSOLD})`;

const CHANGED_FIELDS = `CASE WHEN plan = COALESCE(?5, plan) THEN '["status"]'
	WHEN status = COALESCE(?6, status) THEN '["plan"]' ELSE '["plan","status"]' END`;

/** A line in the audit log where the update after it will change plan or status. */
function changeStatement(db: D1Database, { orgId, customerId, mayLink, readAt, state }: Reading): D1PreparedStatement {
	const changes = `NOT ${IS_HELD} AND (plan <> COALESCE(?5, plan) OR status <> COALESCE(?6, status))`;
	return auditStatement(
		db,
		{ orgId, at: readAt, by: STRIPE, action: "billing.sync", target: orgId, fields: { sql: CHANGED_FIELDS } },
		{
			sql: `FROM orgs WHERE ${IS_TO_WRITE} AND ${changes}`,
			parameters: [orgId, customerId, mayLink ? 1 : 0, readAt, state.plan, state.status],
		},
	);
}

/** A reading that began before its customer's deletion was told must not bring the customer back. */
const IS_DELETED = `(stripe_status = '${CUSTOMER_DELETED}' AND stripe_customer_id = ?2)`;

function updateStatement(db: D1Database, { orgId, customerId, mayLink, readAt, state }: Reading): D1PreparedStatement {
	const { subscription } = state;
	return db
		.prepare(`
			UPDATE orgs
			SET stripe_customer_id = ?2,
				plan = CASE WHEN ${IS_HELD} THEN plan ELSE COALESCE(?5, plan) END,
				status = CASE WHEN ${IS_HELD} THEN status ELSE COALESCE(?6, status) END,
				stripe_subscription_id = COALESCE(?7, stripe_subscription_id),
				current_period_end = CASE WHEN ?7 IS NULL THEN current_period_end ELSE ?8 END,
				cancel_at = CASE WHEN ?7 IS NULL THEN cancel_at ELSE ?9 END,
				stripe_status = CASE WHEN ${IS_DELETED} THEN stripe_status ELSE COALESCE(?10, stripe_status) END,
				stripe_synced_at = ?4, updated_at = ?4
			WHERE ${IS_TO_WRITE}
			RETURNING status_locked, ${IS_UNSOLD} AS is_unsold
		`)
		.bind(
			orgId,
			customerId,
			mayLink ? 1 : 0,
			readAt,
			state.plan,
			state.status,
			subscription?.id ?? null,
			subscription?.periodEnd ?? null,
			subscription?.cancelAt ?? null,
			state.stripeStatus,
		);
}
