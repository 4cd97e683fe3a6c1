import Stripe from "stripe";
import { noJson } from "../../lib/http/body.ts";
import { notConfigured } from "../../lib/http/errors.ts";
import { secret } from "../../lib/env.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { isObject } from "../../lib/http/json.ts";
import { vendorBaseUrl } from "../../lib/vendor/base-url.ts";
import { timeVendor } from "../../lib/vendor/call.ts";
import { billingUnavailable, stripeFault } from "./stripe-fault.ts";

/** One try, ms. The SDK waits half a second before its one retry, so a delivery is answered within 17 s, before Stripe gives up on it. */
const TIME_LIMIT_MS = 8000;
/** Stripe's largest page. */
const PAGE_SIZE = 100;
/** Pages read of one list: what stands behind them is not seen (Stripe lists the newest first). */
const MAX_PAGES = 3;

export interface StripeApiSettings {
	/** development, staging or production */
	environment: string;
	secretKey: string | undefined;
	/** STRIPE_API_BASE; undefined = Stripe's own host */
	apiBase: string | undefined;
}

/**
 * Whether the key is of this environment's mode: live in production, test everywhere else; undefined when none is set.
 * Restricted keys (rk_) are as good.
 * @throws {ApiError} not_configured when the key is of no form that Stripe gives out
 */
export function suitsEnvironment({ secretKey, environment }: StripeApiSettings): boolean | undefined {
	const key = secret(secretKey);
	if (key === undefined) return undefined;
	const mode = /^(?:sk|rk)_(live|test)_[\w-]{1,250}$/.exec(key)?.[1];
	if (mode === undefined) throw notConfigured("STRIPE_SECRET_KEY");
	return (mode === "live") === (environment === "production");
}

/**
 * Stripe's SDK for one request: about 0.1 ms to build, so never at module scope, where a missing key would stop the worker.
 * @throws {ApiError} not_configured, also when the key is of the other mode: no test ever moves real money
 */
export function stripeClient(settings: StripeApiSettings): Stripe {
	const key = secret(settings.secretKey);
	if (key === undefined || suitsEnvironment(settings) !== true) throw notConfigured("STRIPE_SECRET_KEY");
	return new Stripe(key, {
		...host(settings),
		timeout: TIME_LIMIT_MS,
		maxNetworkRetries: 1,
		telemetry: false,
		// A followed redirect would carry the key to wherever it points.
		httpClient: Stripe.createFetchHttpClient((url: RequestInfo | URL, init?: RequestInit) => {
			const stopTiming = timeVendor();
			return fetch(url, { ...init, redirect: "manual" }).finally(stopTiming);
		}),
	});
}

function host(settings: StripeApiSettings): { host: string; port: string; protocol: "http" | "https" } {
	const rules = {
		variable: "STRIPE_API_BASE",
		fallback: "https://api.stripe.com",
		domain: "stripe.com",
		environment: settings.environment,
	};
	const url = new URL(vendorBaseUrl(settings.apiBase, rules));
	// The SDK takes a host and no path.
	if (url.pathname !== "/") throw notConfigured("STRIPE_API_BASE");
	const protocol = url.protocol === "http:" ? "http" : "https";
	return { host: url.hostname, port: url.port || (protocol === "http" ? "80" : "443"), protocol };
}

/** What Stripe answered, its fields unchecked. */
export interface StripeResponse {
	body: Record<string, unknown>;
	/** The first answer of the idempotency key, given again: what it says may be out of date. */
	isReplayed: boolean;
}

interface StripeCall {
	method: "GET" | "POST";
	/** Below the API's base, such as /v1/prices. */
	path: string;
	/** The query of a GET; a list is name[0], name[1] …. */
	query?: [string, string][];
	/** What a POST says; the SDK writes it as a form. */
	params?: Record<string, unknown>;
	options?: { idempotencyKey: string; maxNetworkRetries: number };
	/** For the log: which call it was. */
	step: string;
}

/**
 * One call, with the SDK's authentication, retries and idempotency. Not by its typed resources: those read every answer
 * by schemas that weigh more than all of our code, and what comes over the wire is checked here in any case.
 * @throws {ApiError} billing_unavailable: Stripe failed, and a later try may succeed
 * @throws {ApiError} billing_refused, not_configured: Stripe refused, and would again
 */
export async function callStripe(
	client: Stripe,
	{ method, path, query = [], params, options, step }: StripeCall,
): Promise<StripeResponse> {
	const search = query.length === 0 ? "" : `?${new URLSearchParams(query)}`;
	try {
		const answer: unknown = await client.rawRequest(method, path + search, params, options);
		if (isObject(answer)) return { body: answer, isReplayed: isReplayed(answer.lastResponse) };
	} catch (error) {
		throw stripeFault(step, error);
	}
	throw billingUnavailable(`${step}: malformed`);
}

/** Over fetch the SDK leaves Headers where its types promise a plain object (seen with 23.1.0). */
function isReplayed(lastResponse: unknown): boolean {
	const headers = isObject(lastResponse) ? lastResponse.headers : undefined;
	return headers instanceof Headers && headers.get("idempotent-replayed") === "true";
}

/**
 * All subscriptions of a customer with all their items, ended ones included, newest first, their fields unchecked. Stripe puts
 * the first items into the subscription and says by `has_more` that there are others.
 * @throws {ApiError} as `callStripe`
 */
export async function listSubscriptions(client: Stripe, customerId: string): Promise<unknown[]> {
	const query: [string, string][] = [
		["customer", customerId],
		["status", "all"],
	];
	const expand: [string, string] = ["expand[0]", "data.items.data.price"];
	const subscriptions = await listAll(client, "/v1/subscriptions", query, [expand], "subscriptions.list");
	return Promise.all(subscriptions.map((subscription) => withAllItems(client, subscription)));
}

async function withAllItems(client: Stripe, subscription: unknown): Promise<unknown> {
	if (!isObject(subscription) || typeof subscription.id !== "string") return subscription;
	const { items } = subscription;
	if (!isObject(items) || items.has_more !== true) return subscription;
	const query: [string, string][] = [["subscription", subscription.id]];
	const data = await listAll(client, "/v1/subscription_items", query, [], "subscription_items.list");
	return { ...subscription, items: { ...items, data, has_more: false } };
}

/** @throws {ApiError} as `callStripe` */
async function listAll(
	client: Stripe,
	path: string,
	filter: [string, string][],
	expand: [string, string][],
	step: string,
): Promise<unknown[]> {
	const found: unknown[] = [];
	let page: [string, string][] = [];
	for (let read = 0; read < MAX_PAGES; read++) {
		const query: [string, string][] = [...filter, ["limit", String(PAGE_SIZE)], ...page, ...expand];
		const { body } = await callStripe(client, { method: "GET", path, query, step });
		if (!Array.isArray(body.data)) throw billingUnavailable(`${step}: malformed_list`);
		const data: unknown[] = body.data;
		found.push(...data);
		const last = data.at(-1);
		if (body.has_more !== true || !isObject(last) || typeof last.id !== "string") break;
		page = [["starting_after", last.id]];
	}
	return found;
}

/** Stripe's own tolerance for the age of a signature. */
export const MAX_AGE_SECONDS = 300;

/**
 * The parsed payload when its signature was made with this secret, else undefined.
 * @param now ms; a signature over 300 s older is refused (one of the future is not: the SDK does not look)
 * @throws {ApiError} invalid_json, invalid_request: rightly signed, but not JSON or a thin event
 */
export async function signedPayload(
	payload: string,
	header: string,
	webhookSecret: string,
	now: number,
): Promise<{ value: unknown } | undefined> {
	try {
		const value: unknown = await Stripe.webhooks.constructEventAsync(
			payload,
			header,
			webhookSecret,
			MAX_AGE_SECONDS,
			undefined,
			now,
		);
		return { value };
	} catch (error) {
		if (error instanceof Stripe.errors.StripeSignatureVerificationError) return undefined;
		if (error instanceof SyntaxError) throw noJson();
		// The SDK's one other complaint about a payload that it has verified.
		throw invalidFields([
			{ field: "object", message: 'must be "event": the endpoint takes snapshot events, not thin ones' },
		]);
	}
}
