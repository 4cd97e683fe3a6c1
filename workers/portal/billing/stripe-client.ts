import Stripe from "stripe";
import { ApiError, notConfigured, retryLater } from "../../lib/http/errors.ts";
import { secret } from "../../lib/env.ts";
import { invalidFields } from "../../lib/http/fields.ts";
import { isObject } from "../../lib/http/json.ts";
import { vendorBaseUrl } from "../../lib/vendor/base-url.ts";

/** One try, ms. The SDK waits half a second before its one retry, so a delivery is answered within 17 s, before Stripe gives up on it. */
const TIME_LIMIT_MS = 8000;
const RETRY_AFTER_SECONDS = 30;
/** More subscriptions than this on one customer: the oldest are not seen (Stripe lists the newest first). */
const MAX_SUBSCRIPTIONS = 100;

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
		httpClient: Stripe.createFetchHttpClient((url: RequestInfo | URL, init?: RequestInit) =>
			fetch(url, { ...init, redirect: "manual" }),
		),
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
	/** For the log: which call it was, where a request makes several. */
	step?: string;
}

/**
 * One call, with the SDK's authentication, retries and idempotency. Not by its typed resources: those read every answer
 * by schemas that weigh more than all of our code, and what comes over the wire is checked here in any case.
 * @throws {ApiError} billing_unavailable: Stripe failed or refused. The SDK's own error holds headers, parameters and Stripe's text.
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
		throw failed(step, error instanceof Stripe.errors.StripeError ? error.type : "sdk_failed");
	}
	throw failed(step, "malformed");
}

function failed(step: string | undefined, fault: string): ApiError {
	return billingUnavailable(step === undefined ? fault : `${step}: ${fault}`);
}

/** Over fetch the SDK leaves Headers where its types promise a plain object (seen with 23.1.0). */
function isReplayed(lastResponse: unknown): boolean {
	const headers = isObject(lastResponse) ? lastResponse.headers : undefined;
	return headers instanceof Headers && headers.get("idempotent-replayed") === "true";
}

/**
 * All subscriptions of a customer, ended ones included, newest first, their fields unchecked.
 * @throws {ApiError} billing_unavailable: Stripe failed, refused the key or does not know the customer (which another
 * account's key would not), so a later try may still succeed
 */
export async function listSubscriptions(client: Stripe, customerId: string): Promise<unknown[]> {
	const query: [string, string][] = [
		["customer", customerId],
		["status", "all"],
		["limit", String(MAX_SUBSCRIPTIONS)],
		["expand[0]", "data.items.data.price"],
	];
	const { body } = await callStripe(client, { method: "GET", path: "/v1/subscriptions", query });
	if (!Array.isArray(body.data)) throw billingUnavailable("malformed_list");
	return body.data;
}

/** The 503 of Stripe not answering as it should. `reason` is a fixed word for the log. */
export function billingUnavailable(reason: string): ApiError {
	return retryLater(
		"billing_unavailable",
		"The billing provider is not answering; please try again in a moment.",
		RETRY_AFTER_SECONDS,
		reason,
	);
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
		if (error instanceof SyntaxError) throw new ApiError("invalid_json", "The body is not valid JSON.");
		// The SDK's one other complaint about a payload that it has verified.
		throw invalidFields([
			{ field: "object", message: 'must be "event": the endpoint takes snapshot events, not thin ones' },
		]);
	}
}
