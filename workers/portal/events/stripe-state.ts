import { SECOND_MS, isoInstant } from "../../lib/time.ts";
import { byPlanSize } from "./sold-plans.ts";
import type { SoldPlan } from "./sold-plans.ts";
import { parseSubscription } from "./stripe-subscription.ts";
import type { Subscription, SubscriptionItem } from "./stripe-subscription.ts";

/**
 * Stripe's statuses, the best first (SDK 23.1.0, Subscription.Status). One that is new to us stands behind those that live: it
 * neither grants nor revokes. A first payment that is pending is no subscription yet: one that ended counts for more.
 */
const RANK = ["active", "trialing", "past_due", "unpaid", "paused", "canceled", "incomplete", "incomplete_expired"];
const UNKNOWN_RANK = RANK.indexOf("canceled") - 0.5;

/** Our word for the status of an org's subscription whose customer was deleted, which is for good. */
export const CUSTOMER_DELETED = "deleted";

/** The statuses of a subscription that never began or is over. */
export const NOT_LIVE = ["incomplete", "incomplete_expired", "canceled", CUSTOMER_DELETED];

/** The org status of each Stripe status; a status that is not here leaves the org's as it is. */
const ORG_STATUS: ReadonlyMap<string, string> = new Map([
	["active", "active"],
	["trialing", "trialing"],
	["past_due", "past_due"],
	["unpaid", "inactive"],
	["paused", "inactive"],
	["canceled", "churned"],
]);

/** What a reading of Stripe makes of an org. NULL in `status` and `plan` leaves the org's; so does a null `subscription` for its columns. */
export interface BillingState {
	status: string | null;
	plan: string | null;
	/** Stripe's, of the subscription that decided, or CUSTOMER_DELETED; NULL leaves the one before. */
	stripeStatus: string | null;
	/** The subscription that decided, with the instants of the item that did, as ISO text. */
	subscription: { id: string; periodEnd: string | null; cancelAt: string | null } | null;
	/** For the log: what staff should look at. */
	note: "unknown_price" | "unknown_status" | "several_items" | undefined;
	/** For the log: ids of the items that pay for a plan of ours at this moment, in the order in which they decide. */
	paidItems: string[];
}

const UNCHANGED: BillingState = {
	status: null,
	plan: null,
	stripeStatus: null,
	subscription: null,
	note: undefined,
	paidItems: [],
};

/** The state of an org whose customer was deleted: Stripe has ended all its subscriptions. */
export const DELETED_CUSTOMER_STATE: BillingState = { ...UNCHANGED, status: "churned", stripeStatus: CUSTOMER_DELETED };

/** An item with the subscription it is of. */
interface Candidate {
	subscription: Subscription;
	item: SubscriptionItem;
	/** The plan that it pays for; undefined = the price is not ours, or the subscription does not live. */
	plan: SoldPlan | undefined;
}

/**
 * The state that a customer's subscriptions amount to: one item decides all of it, whatever the order in which Stripe lists them.
 * Of the subscriptions that live and are not stopped it is the item with the largest plan of ours. Without any subscription, or with
 * only first payments pending, nothing changes: an org may be invoiced by hand.
 * @param subscriptions as Stripe lists them, unchecked
 * @param plans plan by lookup key of its price
 * @param now ms
 * @throws {ApiError} billing_unavailable when one is not what Stripe documents
 */
export function billingState(
	subscriptions: unknown[],
	plans: ReadonlyMap<string, SoldPlan>,
	now: number,
): BillingState {
	const nowSeconds = Math.floor(now / SECOND_MS);
	const candidates = subscriptions
		.map((value) => parseSubscription(value, plans, nowSeconds))
		.flatMap((subscription) => subscription.items.map((item) => candidateOf(subscription, item)))
		.sort(byMerit);
	const [best] = candidates;
	if (best === undefined) return UNCHANGED;
	const { id, status: stripeStatus } = best.subscription;
	const status = ORG_STATUS.get(stripeStatus) ?? null;
	if (status === null) return { ...UNCHANGED, note: RANK.includes(stripeStatus) ? undefined : "unknown_status" };
	const { periodEnd, cancelAt } = best.item;
	const subscription = { id, periodEnd: instant(periodEnd), cancelAt: instant(cancelAt) };
	const paidItems = paidItemsOf(candidates);
	const note = noteOf(best, paidItems);
	return { status, plan: best.plan?.id ?? null, stripeStatus, subscription, note, paidItems };
}

function candidateOf(subscription: Subscription, item: SubscriptionItem): Candidate {
	return { subscription, item, plan: isLive(subscription) ? item.plan : undefined };
}

function noteOf({ subscription, plan }: Candidate, paidItems: string[]): BillingState["note"] {
	if (!isLive(subscription)) return undefined;
	if (plan === undefined) return "unknown_price";
	return paidItems.length > 1 ? "several_items" : undefined;
}

/** Each once, however often Stripe lists it. */
function paidItemsOf(candidates: Candidate[]): string[] {
	const paid = candidates.filter(({ subscription, plan }) => plan !== undefined && isPaidFor(subscription));
	return [...new Set(paid.map(({ subscription, item }) => (item.id === "" ? subscription.id : item.id)))];
}

/**
 * Whether a customer has a subscription that a second one would be charged beside: also one that is behind with its payments
 * or paused, which the customer portal brings back, and one of a status that is new to us.
 * @param subscriptions as for `billingState`
 * @throws {ApiError} billing_unavailable when one is not what Stripe documents
 */
export function hasLiveSubscription(subscriptions: unknown[]): boolean {
	return subscriptions.some((value) => !NOT_LIVE.includes(parseSubscription(value, new Map(), 0).status));
}

/** Known to us, begun and not over. */
function isLive(subscription: Subscription): boolean {
	return rank(subscription) < UNKNOWN_RANK;
}

/** Live and not stopped for want of money or by its owner. */
function isPaidFor(subscription: Subscription): boolean {
	return rank(subscription) <= RANK.indexOf("past_due");
}

function rank({ status }: Subscription): number {
	const index = RANK.indexOf(status);
	return index === -1 ? UNKNOWN_RANK : index;
}

/**
 * A total order, so that no order of arrival shows through. What lives before what does not; of what lives what is paid for before
 * what is stopped (a price that we do not know may be an old one of ours), ours before others', the larger plan before the smaller;
 * then the better status, what goes on before what ends, the later end of the period, the newer subscription, and at last the ids.
 */
function byMerit(one: Candidate, other: Candidate): number {
	return (
		flag(isLive(one.subscription), isLive(other.subscription)) ||
		flag(isPaidFor(one.subscription), isPaidFor(other.subscription)) ||
		flag(one.plan !== undefined, other.plan !== undefined) ||
		(one.plan !== undefined && other.plan !== undefined ? byPlanSize(one.plan, other.plan) : 0) ||
		rank(one.subscription) - rank(other.subscription) ||
		flag(one.item.cancelAt === null, other.item.cancelAt === null) ||
		(other.item.periodEnd ?? 0) - (one.item.periodEnd ?? 0) ||
		other.subscription.created - one.subscription.created ||
		text(one.subscription.id, other.subscription.id) ||
		text(one.item.id, other.item.id)
	);
}

/** Sorts true first. */
function flag(one: boolean, other: boolean): number {
	return Number(other) - Number(one);
}

function text(one: string, other: string): number {
	return one < other ? -1 : Number(one > other);
}

function instant(seconds: number | null): string | null {
	return seconds === null ? null : isoInstant(seconds * SECOND_MS);
}
