import type Stripe from "stripe";
import { customer, price, webhookEndpoint } from "./stripe-objects.ts";
import type { Moment } from "./stripe-objects.ts";
import { subscription } from "./stripe-subscription.ts";
import { isRecord } from "../wire.ts";
import type { Answer } from "../wire.ts";

/** The objects that one secret key sees. */
export interface Account {
	customers: Map<string, Stripe.Customer | Stripe.DeletedCustomer>;
	prices: Map<string, Stripe.Price>;
	subscriptions: Map<string, Stripe.Subscription>;
	checkouts: Map<string, { id: string } & Record<string, unknown>>;
	/** What each checkout sells, by its id. */
	purchases: Map<string, Purchase>;
	/** Whom each page of the customer portal is for, by the end of its address. */
	portals: Map<string, PortalVisit>;
	/** Products that are archived: their prices cannot be bought. */
	archivedProducts: Set<string>;
	/** Where events are delivered, by id. */
	webhookEndpoints: Map<string, { id: string } & Record<string, unknown>>;
	/** Whether the customer portal has a configuration. */
	hasPortal: boolean;
	/** By idempotency key: what was asked first and what was answered. */
	replays: Map<string, { asked: string; answer: Answer }>;
}

interface Purchase {
	priceIds: string[];
	/** Of the subscription that it begins. */
	metadata: Record<string, string>;
}

interface PortalVisit {
	customerId: string;
	/** "" = none */
	returnUrl: string;
}

type Body = Record<string, unknown>;

/** The prices that every account starts with, by lookup key, in cents a month. */
const STARTING_PRICES = { chatbot_monthly: 9_900, voice_monthly: 19_900 };

export function momentOf(secretKey: string): Moment {
	return { livemode: /^[sr]k_live_/.test(secretKey), now: Math.floor(Date.now() / 1000) };
}

export function newAccount(moment: Moment): Account {
	const account: Account = {
		customers: new Map(),
		prices: new Map(),
		subscriptions: new Map(),
		checkouts: new Map(),
		purchases: new Map(),
		portals: new Map(),
		archivedProducts: new Set(),
		webhookEndpoints: new Map(),
		hasPortal: true,
		replays: new Map(),
	};
	for (const [lookup_key, unit_amount] of Object.entries(STARTING_PRICES)) {
		const made = price({ id: `price_${lookup_key}`, lookup_key, unit_amount, nickname: lookup_key }, moment);
		account.prices.set(made.id, made);
	}
	return account;
}

/**
 * Adds or replaces objects: each seed is laid over a whole object of its kind. `deleted: true` deletes a customer. A checkout
 * must have been opened before; its page is gone (`url` null) once its status is no longer open. Of `products` and
 * `portal_configurations` only `active` counts.
 */
export function seedAccount(account: Account, body: Body, moment: Moment): void {
	for (const seed of seedsOf(body, "prices")) {
		const made = price(seed, moment);
		account.prices.set(made.id, made);
	}
	for (const seed of seedsOf(body, "customers")) {
		const made = customer(seed, moment);
		const gone = { id: made.id, object: "customer" as const, deleted: true as const };
		account.customers.set(made.id, seed.deleted === true ? gone : made);
	}
	for (const seed of seedsOf(body, "subscriptions")) {
		const made = subscription(seed, pricesOf(account, seed), moment);
		account.subscriptions.set(made.id, made);
		const customerId = String(made.customer);
		if (!account.customers.has(customerId)) account.customers.set(customerId, customer({ id: customerId }, moment));
	}
	for (const seed of seedsOf(body, "checkouts")) seedCheckout(account, seed);
	for (const seed of seedsOf(body, "webhook_endpoints")) {
		const made = webhookEndpoint(seed, moment);
		account.webhookEndpoints.set(made.id, made);
	}
	for (const { id, active } of seedsOf(body, "products")) {
		if (active === false) account.archivedProducts.add(String(id));
		else account.archivedProducts.delete(String(id));
	}
	for (const { active } of seedsOf(body, "portal_configurations")) account.hasPortal = active !== false;
}

function seedCheckout(account: Account, seed: Body): void {
	const opened = account.checkouts.get(String(seed.id));
	if (opened === undefined) throw new Error(`No checkout has the id ${String(seed.id)}.`);
	const changed = { ...opened, ...seed, id: opened.id };
	account.checkouts.set(
		opened.id,
		opened.status === "open" && seed.status !== "open" ? { ...changed, url: null } : changed,
	);
}

/** The prices that a subscription's seed names by `lookup_keys` or `lookup_key`, else the first. */
function pricesOf(account: Account, seed: Body): Stripe.Price[] {
	const keys = Array.isArray(seed.lookup_keys) ? seed.lookup_keys : [seed.lookup_key];
	return keys.map((key) => priceOf(account, key));
}

function priceOf(account: Account, lookupKey: unknown): Stripe.Price {
	const prices = [...account.prices.values()];
	const found = lookupKey === undefined ? prices[0] : prices.find((one) => one.lookup_key === lookupKey);
	if (found === undefined) throw new Error(`No price has the lookup key ${String(lookupKey)}.`);
	return found;
}

function seedsOf(body: Body, name: string): Body[] {
	const seeds = body[name] ?? [];
	if (!Array.isArray(seeds) || !seeds.every(isRecord)) throw new Error(`"${name}" must be a list of objects.`);
	return seeds;
}
