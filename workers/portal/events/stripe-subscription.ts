import { isObject } from "../../lib/http/json.ts";
import { billingUnavailable } from "../billing/stripe-fault.ts";
import { isUnixSeconds } from "./stripe-event.ts";
import type { SoldPlan } from "./sold-plans.ts";

/** 2010-01-01, Unix seconds: nothing of Stripe's is older. */
const FIRST_SECONDS = 1_262_304_000;
/** Instants this far ahead are no period's end and no cancellation, seconds: ten years, where Stripe's longest interval is three. */
const MAX_AHEAD_SECONDS = 315_576_000;

/** A subscription as far as it is read. */
export interface Subscription {
	id: string;
	/** Stripe's word. */
	status: string;
	/** Unix seconds; 0 = not told. */
	created: number;
	/** At least one: a subscription without items has one that says nothing. */
	items: SubscriptionItem[];
}

export interface SubscriptionItem {
	/** si_…; "" = not told */
	id: string;
	/** The plan whose price it has; undefined = not one of ours. */
	plan: SoldPlan | undefined;
	/** Unix seconds; null = not told. Stripe has it on the items since 2025-03-31, before that on the subscription. */
	periodEnd: number | null;
	/** Unix seconds, of the subscription; null = it goes on. */
	cancelAt: number | null;
}

/**
 * @param value as Stripe lists it
 * @param plans plan by lookup key of its price
 * @param nowSeconds Unix time, by which instants beyond belief are left out
 * @throws {ApiError} billing_unavailable when it is not what Stripe documents
 */
export function parseSubscription(
	value: unknown,
	plans: ReadonlyMap<string, SoldPlan>,
	nowSeconds: number,
): Subscription {
	if (!isObject(value)) throw billingUnavailable("malformed_subscription");
	const { id, status, created } = value;
	if (typeof id !== "string" || !/^sub_\w{1,250}$/.test(id) || typeof status !== "string")
		throw billingUnavailable("malformed_subscription");
	const listed = isObject(value.items) && Array.isArray(value.items.data) ? value.items.data.filter(isObject) : [];
	const items = (listed.length === 0 ? [{}] : listed).map((item) => parseItem(item, value, plans, nowSeconds));
	return { id, status, created: isUnixSeconds(created) ? created : 0, items };
}

function parseItem(
	item: Record<string, unknown>,
	subscription: Record<string, unknown>,
	plans: ReadonlyMap<string, SoldPlan>,
	nowSeconds: number,
): SubscriptionItem {
	const lookupKey = isObject(item.price) ? item.price.lookup_key : undefined;
	const instant = (value: unknown): number | null => (isBelievable(value, nowSeconds) ? value : null);
	const periodEnd = instant(item.current_period_end) ?? instant(subscription.current_period_end);
	return {
		id: typeof item.id === "string" && /^si_\w{1,250}$/.test(item.id) ? item.id : "",
		plan: typeof lookupKey === "string" ? plans.get(lookupKey) : undefined,
		periodEnd,
		cancelAt: instant(subscription.cancel_at) ?? (subscription.cancel_at_period_end === true ? periodEnd : null),
	};
}

function isBelievable(value: unknown, nowSeconds: number): value is number {
	return isUnixSeconds(value) && value >= FIRST_SECONDS && value <= nowSeconds + MAX_AHEAD_SECONDS;
}
