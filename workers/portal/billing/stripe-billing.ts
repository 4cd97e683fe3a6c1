import type Stripe from "stripe";
import { sha256Hex } from "../../lib/text/digest.ts";
import { isObject } from "../../lib/http/json.ts";
import { isLoopback } from "../../lib/http/loopback.ts";
import { callStripe, listSubscriptions } from "./stripe-client.ts";
import { BillingRefused, billingUnavailable, refusalText } from "./stripe-fault.ts";
import { hasLiveSubscription } from "../events/stripe-state.ts";
import { isCustomerId } from "../events/stripe-subject.ts";

/**
 * Clicks within this time open one checkout, ms. Short, because a key means its first answer for a day: an old one would
 * stand in the way of a later try.
 */
const CLICK_BUCKET_MS = 600_000;
const CHECKOUT_SESSIONS = "/v1/checkout/sessions";
/** How often a checkout or customer may turn out to be a used one before we give up. */
const MAX_SUCCESSORS = 3;
/** How often a POST is repeated: while its twin is under way, Stripe answers 409, and the SDK waits half a second, then a whole one. */
const RETRIES = 2;

/** A customer of Stripe's and whether it already pays for something. */
export interface Customer {
	id: string;
	isSubscribed: boolean;
}

/**
 * The customer to sell to: the org's own, or a new one when it has none or the one it had was deleted. A new one's
 * idempotency key follows from the org and the one it succeeds, so that requests at the same time make one together.
 * @param knownId as the database has it
 * @throws {ApiError} as `callStripe`; billing_refused also when Stripe has never heard of the known one: that is another account's
 * or mode's key, and a new customer would cut the org off from what it pays
 */
export async function currentCustomer(client: Stripe, orgId: string, knownId: string | null): Promise<Customer> {
	let id = knownId;
	for (let made = 0; made < MAX_SUCCESSORS; made++) {
		if (id !== null && !(await isDeleted(client, id))) return readCustomer(client, id);
		const next = await createCustomer(client, orgId, id);
		if (next.isNew) return { id: next.id, isSubscribed: false };
		id = next.id;
	}
	throw billingUnavailable("customers.create: deleted");
}

/** A customer that exists. @throws {ApiError} as `callStripe` */
export async function readCustomer(client: Stripe, id: string): Promise<Customer> {
	return { id, isSubscribed: hasLiveSubscription(await listSubscriptions(client, id)) };
}

/** Whether a customer was deleted, which is for good. @throws {ApiError} as `callStripe`; billing_refused also for one that never was */
export async function isDeleted(client: Stripe, customerId: string): Promise<boolean> {
	const { body } = await callStripe(client, {
		method: "GET",
		path: `/v1/customers/${encodeURIComponent(customerId)}`,
		step: "customers.retrieve",
	});
	if (body.id !== customerId) throw billingUnavailable("customers.retrieve: malformed");
	return body.deleted === true;
}

/** Its parameters never change, or the key would be refused with others. */
async function createCustomer(
	client: Stripe,
	orgId: string,
	predecessor: string | null,
): Promise<{ id: string; isNew: boolean }> {
	const idempotencyKey = predecessor === null ? `cust:${orgId}` : `cust:${orgId}:${predecessor}`;
	const options = { idempotencyKey, maxNetworkRetries: RETRIES };
	const params = { metadata: { org_id: orgId } };
	const { body, isReplayed } = await callStripe(client, {
		method: "POST",
		path: "/v1/customers",
		params,
		options,
		step: "customers.create",
	});
	if (!isCustomerId(body.id)) throw billingUnavailable("customers.create: malformed");
	return { id: body.id, isNew: !isReplayed };
}

/**
 * The price that the lookup key names. Active prices never share one.
 * @throws {ApiError} as `callStripe`; billing_refused also when there is none, or it is archived
 */
export async function findPrice(client: Stripe, lookupKey: string): Promise<string> {
	const query: [string, string][] = [
		["lookup_keys[0]", lookupKey],
		["active", "true"],
		["limit", "2"],
	];
	const { body } = await callStripe(client, { method: "GET", path: "/v1/prices", query, step: "prices.list" });
	if (!Array.isArray(body.data)) throw billingUnavailable("prices.list: malformed_list");
	const [price, ...others]: unknown[] = body.data;
	if (price === undefined || others.length > 0) {
		const message = refusalText("This plan has no price at the billing provider");
		throw new BillingRefused(message, `prices.list: not one active price has the lookup key ${lookupKey}`);
	}
	if (!isObject(price) || typeof price.id !== "string") throw billingUnavailable("prices.list: malformed");
	return price.id;
}

/** What an org is about to buy. */
export interface Purchase {
	orgId: string;
	planId: string;
	priceId: string;
	customerId: string;
	successUrl: string;
	cancelUrl: string;
	/** development, staging or production */
	environment: string;
}

/**
 * The address of the checkout page: the same for every click of the same org, plan and terms within ten minutes, unless
 * that page has been used up.
 * @param now epoch ms
 * @throws {ApiError} as `callStripe`
 */
export async function openCheckout(client: Stripe, purchase: Purchase, now: number): Promise<string> {
	const params = checkoutParams(purchase);
	const digest = await sha256Hex(JSON.stringify(params));
	const key = `checkout:${purchase.orgId}:${purchase.planId}:${digest}:${Math.floor(now / CLICK_BUCKET_MS)}`;
	let suffix = "";
	for (let made = 0; made < MAX_SUCCESSORS; made++) {
		const options = { idempotencyKey: key + suffix, maxNetworkRetries: RETRIES };
		const created = await callStripe(client, {
			method: "POST",
			path: CHECKOUT_SESSIONS,
			params,
			options,
			step: "checkout.sessions.create",
		});
		const id = String(created.body.id);
		const session = created.isReplayed ? await readCheckout(client, id) : created.body;
		if (session.status === "open") return pageUrl(session.url, purchase.environment);
		if (session.status !== "complete" && session.status !== "expired")
			throw billingUnavailable("checkout.sessions: malformed");
		suffix = `:${id}`;
	}
	throw billingUnavailable("checkout.sessions.create: used up");
}

async function readCheckout(client: Stripe, id: string): Promise<Record<string, unknown>> {
	const path = `${CHECKOUT_SESSIONS}/${encodeURIComponent(id)}`;
	return (await callStripe(client, { method: "GET", path, step: "checkout.sessions.retrieve" })).body;
}

/** The org stands in three places: our webhook believes the session's two when they agree, and the subscription's mends a lost link. */
function checkoutParams({
	orgId,
	priceId,
	customerId,
	successUrl,
	cancelUrl,
}: Purchase): Stripe.Checkout.SessionCreateParams & Record<string, unknown> {
	return {
		mode: "subscription",
		customer: customerId,
		client_reference_id: orgId,
		line_items: [{ price: priceId, quantity: 1 }],
		metadata: { org_id: orgId },
		subscription_data: { metadata: { org_id: orgId } },
		success_url: successUrl,
		cancel_url: cancelUrl,
	};
}

/** Whose customer portal is opened. */
interface PortalVisit {
	customerId: string;
	returnUrl: string;
	/** development, staging or production */
	environment: string;
}

/** The address of the customer portal, good for one visit. @throws {ApiError} as `callStripe` */
export async function openCustomerPortal(client: Stripe, visit: PortalVisit): Promise<string> {
	const params = { customer: visit.customerId, return_url: visit.returnUrl };
	const path = "/v1/billing_portal/sessions";
	const { body } = await callStripe(client, { method: "POST", path, params, step: "billing_portal.sessions.create" });
	return pageUrl(body.url, visit.environment);
}

/** Whoever has it acts as the customer, so it is never logged. */
function pageUrl(value: unknown, environment: string): string {
	const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
	// In development a stand-in may have pages on this machine, where there is no https.
	const isLocal = environment === "development" && url?.protocol === "http:" && isLoopback(url.hostname);
	if (typeof value !== "string" || (url?.protocol !== "https:" && !isLocal)) throw billingUnavailable("malformed_page");
	return value;
}
