import { isObject } from "../../lib/http/json.ts";
import { SECOND_MS, isoInstant } from "../../lib/time.ts";
import { billingUnavailable } from "../billing/stripe-client.ts";
import { isUnixSeconds } from "./stripe-event.ts";

/**
 * Stripe's statuses, the best first (SDK 23.1.0, Subscription.Status). One that is new to us stands behind those that live: it
 * neither grants nor revokes. A first payment that is pending is no subscription yet: one that ended counts for more.
 */
const RANK = ["active", "trialing", "past_due", "unpaid", "paused", "canceled", "incomplete", "incomplete_expired"];
const UNKNOWN_RANK = RANK.indexOf("canceled") - 0.5;

/** Stripe's statuses of a subscription that never began or is over. */
export const NOT_LIVE = ["incomplete", "incomplete_expired", "canceled"];

/** The org status of each Stripe status; a status that is not here leaves the org's as it is. */
const ORG_STATUS: ReadonlyMap<string, string> = new Map([
	["active", "active"],
	["trialing", "trialing"],
	["past_due", "past_due"],
	["unpaid", "inactive"],
	["paused", "inactive"],
	["canceled", "churned"],
]);

interface Subscription {
	id: string;
	status: string;
	/** The plan of the first item whose price we sell; undefined = an unknown price. */
	plan: string | undefined;
	/** Unix seconds; null = not told. Since 2025-03-31 Stripe has it on the items only. */
	periodEnd: number | null;
	/** Unix seconds; null = it goes on */
	cancelAt: number | null;
}

/** What a reading of Stripe makes of an org. NULL in `status` and `plan` leaves the org's; so does a null `subscription` for its columns. */
export interface BillingState {
	status: string | null;
	plan: string | null;
	/** Stripe's, of the subscription that decided or ended with its customer; NULL leaves the one before. */
	stripeStatus: string | null;
	/** The subscription that decided, with its instants as ISO text. */
	subscription: { id: string; periodEnd: string | null; cancelAt: string | null } | null;
	/** For the log: what staff should look at. */
	note: "unknown_price" | "unknown_status" | undefined;
}

/** The state of an org whose customer was deleted: Stripe has ended all its subscriptions. */
export const DELETED_CUSTOMER_STATE: BillingState = {
	status: "churned",
	plan: null,
	stripeStatus: "canceled",
	subscription: null,
	note: undefined,
};

/**
 * The state that a customer's subscriptions amount to: the best one decides, by status, then one that we sell, then the first listed.
 * Without any, or with only first payments pending, nothing changes: an org may be invoiced by hand.
 * @param subscriptions as Stripe lists them: the newest first, unchecked
 * @param plans plan by lookup key of its price
 * @throws {ApiError} billing_unavailable when one is not what Stripe documents
 */
export function billingState(subscriptions: unknown[], plans: ReadonlyMap<string, string>): BillingState {
	const [best] = subscriptions.map((value) => parseSubscription(value, plans)).sort(byMerit);
	if (best === undefined) return { status: null, plan: null, stripeStatus: null, subscription: null, note: undefined };
	const status = ORG_STATUS.get(best.status) ?? null;
	if (status === null)
		return {
			status,
			plan: null,
			stripeStatus: null,
			subscription: null,
			note: RANK.includes(best.status) ? undefined : "unknown_status",
		};
	const subscription = { id: best.id, periodEnd: instant(best.periodEnd), cancelAt: instant(best.cancelAt) };
	if (status === "churned") return { status, plan: null, stripeStatus: best.status, subscription, note: undefined };
	return {
		status,
		plan: best.plan ?? null,
		stripeStatus: best.status,
		subscription,
		note: best.plan === undefined ? "unknown_price" : undefined,
	};
}

/**
 * Whether a customer has a subscription that a second one would be charged beside: also one that is behind with its payments
 * or paused, which the customer portal brings back, and one of a status that is new to us.
 * @param subscriptions as for `billingState`
 * @throws {ApiError} billing_unavailable when one is not what Stripe documents
 */
export function hasLiveSubscription(subscriptions: unknown[]): boolean {
	return subscriptions.some((value) => !NOT_LIVE.includes(parseSubscription(value, new Map()).status));
}

function byMerit(one: Subscription, other: Subscription): number {
	return rank(one) - rank(other) || Number(other.plan !== undefined) - Number(one.plan !== undefined);
}

function rank({ status }: Subscription): number {
	const index = RANK.indexOf(status);
	return index === -1 ? UNKNOWN_RANK : index;
}

function instant(seconds: number | null): string | null {
	return seconds === null ? null : isoInstant(seconds * SECOND_MS);
}

function parseSubscription(value: unknown, plans: ReadonlyMap<string, string>): Subscription {
	if (!isObject(value)) throw billingUnavailable("malformed_subscription");
	const { id, status } = value;
	if (typeof id !== "string" || !/^sub_\w{1,250}$/.test(id) || typeof status !== "string")
		throw billingUnavailable("malformed_subscription");
	const items = isObject(value.items) && Array.isArray(value.items.data) ? value.items.data.filter(isObject) : [];
	const periodEnd = unixSeconds(items[0]?.current_period_end);
	const cancelAt = unixSeconds(value.cancel_at) ?? (value.cancel_at_period_end === true ? periodEnd : null);
	return { id, status, plan: planOf(items, plans), periodEnd, cancelAt };
}

function unixSeconds(value: unknown): number | null {
	return isUnixSeconds(value) ? value : null;
}

function planOf(items: Record<string, unknown>[], plans: ReadonlyMap<string, string>): string | undefined {
	const keys = items
		.map(({ price }) => (isObject(price) ? price.lookup_key : undefined))
		.filter((key) => typeof key === "string");
	return keys.map((key) => plans.get(key)).find((plan) => plan !== undefined);
}
