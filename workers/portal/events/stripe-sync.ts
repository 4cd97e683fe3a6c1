import type Stripe from "stripe";
import { repeatableBatch } from "../../lib/d1/batch.ts";
import { numberColumn, textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import { SECOND_MS, isoInstant } from "../../lib/time.ts";
import { STRIPE, auditStatement } from "../audit/statement.ts";
import { isDeleted } from "../billing/stripe-billing.ts";
import { listSubscriptions } from "../billing/stripe-client.ts";
import { BillingRefused } from "../billing/stripe-fault.ts";
import { soldPlans, soldPlansStatement } from "./sold-plans.ts";
import type { SoldPlan } from "./sold-plans.ts";
import type { StripeEvent } from "./stripe-event.ts";
import { CUSTOMER_DELETED, DELETED_CUSTOMER_STATE, billingState } from "./stripe-state.ts";
import type { BillingState } from "./stripe-state.ts";
import type { BillingSubject } from "./stripe-subject.ts";
import type { Row } from "../../lib/d1/row.ts";

/** What became of an event, for the log. */
export interface SyncOutcome {
	/**
	 * synced: written · held: written, but plan and status are staff's to decide · older: a newer reading stands · duplicate: done before
	 * · unknown_customer: no org is theirs · other_customer: the org they name is another customer's
	 */
	outcome: "synced" | "held" | "older" | "duplicate" | "unknown_customer" | "other_customer";
	orgId?: string;
	/** What staff should look at. */
	note?: BillingState["note"] | "names_other_org" | "pays_beside_unsold_plan";
	/** What pays for a plan of ours. */
	paidItems?: string[];
}

/**
 * Brings one org to the state that Stripe holds at this moment, whatever the event says: one read, one call of Stripe, one write.
 * @param now ms, the arrival of the delivery. A state that Stripe changed at some instant is told by a delivery that arrives
 * after it, so the reading with the latest arrival holds the last change, however long the calls take.
 * @throws {ApiError} unavailable, billing_unavailable, billing_refused, not_configured; nothing is written then, and the same event
 * may come again
 */
export async function syncOrg(
	db: D1Database,
	client: Stripe,
	event: StripeEvent,
	subject: BillingSubject,
	now: number,
): Promise<SyncOutcome> {
	const { isDone, owner, named, plans } = await readKnown(db, event.id, subject);
	if (isDone) return { outcome: "duplicate" };
	const org = owner ?? named;
	if (org === undefined) return { outcome: "unknown_customer" };
	if (org.customerId !== null && org !== owner) return { outcome: "other_customer", orgId: org.id };
	const isGone = subject.isDeleted || org.isDeleted;
	const state = isGone ? DELETED_CUSTOMER_STATE : await readState(client, subject.customerId, plans, now);
	const namesOther = subject.namedOrgId !== undefined && subject.namedOrgId !== org.id;
	const { outcome, isPaidBeside } = await write(db, event, {
		orgId: org.id,
		customerId: subject.customerId,
		mayLink: org !== owner,
		readAt: isoInstant(now),
		state,
	});
	const note = namesOther ? "names_other_org" : isPaidBeside ? "pays_beside_unsold_plan" : state.note;
	return { outcome, orgId: org.id, note, paidItems: note === undefined ? [] : state.paidItems };
}

/** A customer whom Stripe lists as unknown may be one that was deleted, of which it has not told us: then that is the state. */
async function readState(
	client: Stripe,
	customerId: string,
	plans: ReadonlyMap<string, SoldPlan>,
	now: number,
): Promise<BillingState> {
	try {
		return billingState(await listSubscriptions(client, customerId), plans, now);
	} catch (thrown) {
		const isUnknown = thrown instanceof BillingRefused && thrown.isMissing;
		if (isUnknown && (await isDeleted(client, customerId))) return DELETED_CUSTOMER_STATE;
		throw thrown;
	}
}

interface Org {
	id: string;
	customerId: string | null;
	/** Its customer was deleted at Stripe, which is for good: there is nothing left to read. */
	isDeleted: boolean;
}

interface Known {
	/** The event was handled before. */
	isDone: boolean;
	/** The org whose customer this is. */
	owner: Org | undefined;
	/** Another org, which the event names. */
	named: Org | undefined;
	/** Plan by lookup key of its price. */
	plans: Map<string, SoldPlan>;
}

async function readKnown(db: D1Database, eventId: string, { customerId, namedOrgId }: BillingSubject): Promise<Known> {
	const [events = [], orgRows = [], planRows = []] = await repeatableBatch(db, [
		db.prepare(`SELECT id FROM stripe_events WHERE id = ?1`).bind(eventId),
		db
			.prepare(
				`SELECT id, stripe_customer_id, stripe_status FROM orgs WHERE (stripe_customer_id = ?1 OR id = ?2) AND erasure_id IS NULL LIMIT 2`,
			)
			.bind(customerId, namedOrgId ?? null),
		soldPlansStatement(db),
	]);
	const orgs = orgRows.map(toOrg);
	return {
		isDone: events.length > 0,
		owner: orgs.find((org) => org.customerId === customerId),
		named: orgs.find((org) => org.customerId !== customerId),
		plans: soldPlans(planRows),
	};
}

function toOrg(row: Row): Org {
	const customerId = textColumnOrNull(row, "stripe_customer_id");
	const isDeleted = customerId !== null && row["stripe_status"] === CUSTOMER_DELETED;
	return { id: textColumn(row, "id"), customerId, isDeleted };
}

interface Reading {
	orgId: string;
	customerId: string;
	/** Whether the org may become this customer's, if it is still nobody's. */
	mayLink: boolean;
	/** ISO instant, not later than the reading. */
	readAt: string;
	state: BillingState;
}

/**
 * One transaction. It begins with a plain INSERT of the event's id, so of ten equal deliveries one writes and the others fail
 * as a whole on its UNIQUE: no later statement has to know what an earlier one changed.
 */
async function write(
	db: D1Database,
	event: StripeEvent,
	reading: Reading,
): Promise<{ outcome: SyncOutcome["outcome"]; isPaidBeside: boolean }> {
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
