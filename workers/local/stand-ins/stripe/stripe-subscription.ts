import type Stripe from "stripe";
import type { Moment } from "./stripe-objects.ts";
import { randomId } from "../wire.ts";

const MONTH_SECONDS = 2_592_000;
const DAY_SECONDS = 86_400;

/** `lookup_key` picks the price of the only item, `lookup_keys` those of several; further fields are Stripe's own and laid over. */
export type SubscriptionSeed = Partial<Stripe.Subscription> & { lookup_key?: string; lookup_keys?: string[] };

/** What a plain monthly subscription has no use for. */
const NOT_USED = {
	application: null,
	application_fee_percent: null,
	billing_cycle_anchor_config: null,
	billing_thresholds: null,
	customer_account: null,
	days_until_due: null,
	default_payment_method: null,
	default_source: null,
	description: null,
	managed_payments: null,
	next_pending_invoice_item_invoice: null,
	on_behalf_of: null,
	payment_settings: null,
	pending_invoice_item_interval: null,
	pending_setup_intent: null,
	pending_update: null,
	schedule: null,
	test_clock: null,
	transfer_data: null,
} satisfies Partial<Stripe.Subscription>;

/** A subscription of these prices; its periods are on the items, as API versions since 2025-03-31 have them. */
export function subscription(seed: SubscriptionSeed, prices: Stripe.Price[], moment: Moment): Stripe.Subscription {
	const { lookup_key: _lookupKey, lookup_keys: _lookupKeys, ...fields } = seed;
	const id = seed.id ?? randomId("sub_1", 23);
	const created = seed.created ?? moment.now;
	const ended = seed.status === "canceled" ? moment.now : null;
	const items = {
		object: "list" as const,
		data: prices.map((itemPrice, index) => item(id, itemPrice, created, index)),
		has_more: false,
		url: `/v1/subscription_items?subscription=${id}`,
	};
	return {
		id,
		object: "subscription",
		...NOT_USED,
		automatic_tax: { disabled_reason: null, enabled: false, liability: null },
		billing_cycle_anchor: created,
		billing_mode: { flexible: { proration_discounts: "included" }, type: "flexible" },
		billing_schedules: [],
		cancel_at: null,
		cancel_at_period_end: false,
		canceled_at: ended,
		cancellation_details: {
			comment: null,
			feedback: null,
			feedback_option: null,
			reason: ended === null ? null : "cancellation_requested",
		},
		collection_method: "charge_automatically",
		created,
		currency: "usd",
		customer: randomId("cus_", 14),
		default_tax_rates: [],
		discounts: [],
		ended_at: ended,
		invoice_settings: {
			account_tax_ids: null,
			custom_fields: null,
			description: null,
			footer: null,
			issuer: { type: "self" },
		},
		items,
		latest_invoice: randomId("in_1", 23),
		livemode: moment.livemode,
		metadata: {},
		pause_collection: null,
		start_date: created,
		status: "active",
		...trial(seed.status === "trialing", created),
		trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method: "create_invoice" } },
		...fields,
	};
}

function trial(isTrial: boolean, created: number): { trial_start: number | null; trial_end: number | null } {
	return isTrial
		? { trial_start: created, trial_end: created + 14 * DAY_SECONDS }
		: { trial_start: null, trial_end: null };
}

/** Its id follows from the subscription and its place, so that a list says the same each time. */
function item(
	subscriptionId: string,
	itemPrice: Stripe.Price,
	created: number,
	index: number,
): Stripe.SubscriptionItem {
	return {
		id: `si_${subscriptionId.replace(/^sub_/, "")}_${index + 1}`,
		object: "subscription_item",
		billing_thresholds: null,
		created,
		current_period_end: created + MONTH_SECONDS,
		current_period_start: created,
		current_trial: null,
		discounts: [],
		metadata: {},
		plan: plan(itemPrice),
		price: itemPrice,
		quantity: 1,
		subscription: subscriptionId,
		tax_rates: [],
	};
}

/** The legacy plan that still stands beside each price. */
function plan(itemPrice: Stripe.Price): Stripe.Plan {
	return {
		id: itemPrice.id,
		object: "plan",
		active: itemPrice.active,
		amount: itemPrice.unit_amount,
		amount_decimal: itemPrice.unit_amount_decimal,
		billing_scheme: itemPrice.billing_scheme,
		created: itemPrice.created,
		currency: itemPrice.currency,
		interval: itemPrice.recurring?.interval ?? "month",
		interval_count: 1,
		livemode: itemPrice.livemode,
		metadata: {},
		meter: null,
		nickname: null,
		product: itemPrice.product,
		tiers_mode: null,
		transform_usage: null,
		trial_period_days: null,
		usage_type: "licensed",
	};
}
