import type Stripe from "stripe";
import { repeatableBatch } from "../../lib/d1/batch.ts";
import { textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import { isoInstant } from "../../lib/time.ts";
import { isDeleted } from "../billing/stripe-billing.ts";
import { listSubscriptions } from "../billing/stripe-client.ts";
import { BillingRefused } from "../billing/stripe-fault.ts";
import { soldPlans, soldPlansStatement } from "./sold-plans.ts";
import type { SoldPlan } from "./sold-plans.ts";
import type { StripeEvent } from "./stripe-event.ts";
import { CUSTOMER_DELETED, DELETED_CUSTOMER_STATE, billingState } from "./stripe-state.ts";
import type { BillingState } from "./stripe-state.ts";
import type { BillingSubject } from "./stripe-subject.ts";
import { writeReading } from "./stripe-write.ts";
import type { Written } from "./stripe-write.ts";
import type { Row } from "../../lib/d1/row.ts";

/** What became of an event, for the log. */
export interface SyncOutcome {
	/**
	 * synced: written · held: written, but plan and status are staff's to decide · older: a newer reading stands · duplicate: done before
	 * · unknown_customer: no org is theirs · other_customer: the org they name is another customer's
	 */
	outcome: Written["outcome"] | "unknown_customer" | "other_customer";
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
	const { outcome, isPaidBeside } = await writeReading(db, event, {
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
