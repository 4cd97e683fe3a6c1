import type Stripe from "stripe";
import { randomId } from "../wire.ts";

export const STRIPE_API_VERSION = "2026-10-28.endive";

/** What an object is made beside: whose mode, and when (Unix seconds). */
export interface Moment {
	livemode: boolean;
	now: number;
	/** Where the pages for people are; undefined = on hosts of Stripe's own, where nothing answers. */
	pageOrigin?: string;
}

export type CustomerSeed = Partial<Stripe.Customer>;
export type PriceSeed = Partial<Stripe.Price>;

export function customer(seed: CustomerSeed, { livemode, now }: Moment): Stripe.Customer {
	return {
		id: randomId("cus_", 14),
		object: "customer",
		address: null,
		balance: 0,
		created: now,
		currency: null,
		customer_account: null,
		default_source: null,
		delinquent: false,
		description: null,
		discount: null,
		email: null,
		invoice_prefix: randomId("", 8).toUpperCase(),
		invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
		livemode,
		metadata: {},
		name: null,
		next_invoice_sequence: 1,
		phone: null,
		preferred_locales: [],
		shipping: null,
		tax_exempt: "none",
		test_clock: null,
		...seed,
	};
}

/** An endpoint as Stripe lists it: its signing secret is told only once, when it is made. */
export function webhookEndpoint(
	seed: Record<string, unknown>,
	{ livemode, now }: Moment,
): { id: string } & Record<string, unknown> {
	const id = typeof seed.id === "string" ? seed.id : randomId("we_1", 23);
	return {
		object: "webhook_endpoint",
		api_version: STRIPE_API_VERSION,
		application: null,
		created: now,
		description: null,
		enabled_events: ["*"],
		livemode,
		metadata: {},
		status: "enabled",
		url: "https://example.com/webhooks/stripe",
		...seed,
		id,
	};
}

export function price(seed: PriceSeed, { livemode, now }: Moment): Stripe.Price {
	return {
		id: randomId("price_1", 23),
		object: "price",
		active: true,
		billing_scheme: "per_unit",
		created: now,
		currency: "usd",
		custom_unit_amount: null,
		livemode,
		lookup_key: null,
		metadata: {},
		nickname: null,
		product: randomId("prod_", 14),
		recurring: { interval: "month", interval_count: 1, meter: null, trial_period_days: null, usage_type: "licensed" },
		tax_behavior: "unspecified",
		tiers_mode: null,
		transform_quantity: null,
		type: "recurring",
		unit_amount: 9_900,
		unit_amount_decimal: null,
		...seed,
	};
}
