import { env } from "cloudflare:workers";
import { serve } from "../../../lib/http/serve.ts";
import type { ServeRules } from "../../../lib/http/serve.ts";
import { setStripeState } from "../../../local/stand-ins/control.ts";
import { handleStripeWebhook } from "../stripe-webhook.ts";
import type { StripeWebhookSettings } from "../stripe-webhook.ts";
import { expectDescribed } from "../../test/portal.ts";

export const NOW = Date.parse("2026-11-20T12:00:00.000Z");
export const NOW_SECONDS = NOW / 1000;
export const SECRET = `whsec_${crypto.randomUUID()}`;
export const RECEIVED = { status: 200, body: { received: true } };
export const UNAVAILABLE = {
	status: 503,
	retryAfter: "2",
	body: {
		error: {
			code: "unavailable",
			message: "The database is not answering; please try again in a moment.",
			request_id: "req_1",
		},
	},
};
export const CUSTOMER = "cus_pannu";
export const ORG = "org_pannu_dental";

/** The settings of a test deployment, with a Stripe account of its own. */
export function testSettings(overrides: Partial<StripeWebhookSettings> = {}): StripeWebhookSettings {
	return {
		db: env.DB,
		environment: "development",
		secretKey: `sk_test_${crypto.randomUUID()}`,
		webhookSecret: SECRET,
		apiBase: undefined,
		maxBodyBytes: 524_288,
		...overrides,
	};
}

/** HMAC-SHA256 over `<seconds>.<payload>`, in hex. Written here, so that the SDK does not judge itself. */
export async function hmac(payload: string | Uint8Array, secret: string, seconds: number | string): Promise<string> {
	const encoder = new TextEncoder();
	const key = await crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [
		"sign",
	]);
	const bytes = typeof payload === "string" ? encoder.encode(payload) : payload;
	const signed = await new Blob([`${seconds}.`, bytes]).arrayBuffer();
	const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, signed));
	return Array.from(signature, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const SHELL: ServeRules = {
	worker: "koby-portal",
	routeOf: () => "/webhooks/stripe",
	cors: { methods: "POST", headers: "", expose: "" },
	reader: () => null,
};

export interface Answered {
	status: number;
	body: unknown;
	retryAfter?: string;
}

/** What the worker answers, errors shaped as index.ts shapes them; `Retry-After` only where there is one. */
export async function post(
	settings: StripeWebhookSettings,
	body: BodyInit,
	headers: HeadersInit,
	now = NOW,
): Promise<Answered> {
	const request = new Request("https://portal-worker.koby.ai/webhooks/stripe", { method: "POST", body, headers });
	const answer = await serve(request, SHELL, { waitUntil: () => undefined }, undefined, () =>
		handleStripeWebhook(request, settings, now),
	);
	const retryAfter = answer.headers.get("Retry-After");
	await expectDescribed(request, answer.clone());
	const text = (await answer.text()).replace(answer.headers.get("X-Request-Id") ?? "", "req_1");
	return { status: answer.status, body: JSON.parse(text), ...(retryAfter === null ? {} : { retryAfter }) };
}

/** Delivers a payload as Stripe does, signed at `now`. */
export async function deliver(settings: StripeWebhookSettings, event: unknown, now = NOW): Promise<Answered> {
	const payload = typeof event === "string" ? event : JSON.stringify(event, null, 2);
	const seconds = Math.floor(now / 1000);
	const signature = `t=${seconds},v1=${await hmac(payload, SECRET, seconds)}`;
	return post(
		settings,
		payload,
		{ "Stripe-Signature": signature, "Content-Type": "application/json; charset=utf-8" },
		now,
	);
}

/** An event as Stripe sends it, of an id of its own. */
export function stripeEvent(
	type: string,
	object: Record<string, unknown>,
	overrides: Record<string, unknown> = {},
): Record<string, unknown> {
	return {
		id: `evt_${crypto.randomUUID().replaceAll("-", "")}`,
		object: "event",
		api_version: "2026-10-28.endive",
		created: NOW_SECONDS - 2,
		data: { object },
		livemode: false,
		pending_webhooks: 1,
		request: { id: null, idempotency_key: null },
		type,
		...overrides,
	};
}

export function subscriptionEvent(type = "updated", object: Record<string, unknown> = {}): Record<string, unknown> {
	return stripeEvent(`customer.subscription.${type}`, {
		id: "sub_1",
		object: "subscription",
		customer: CUSTOMER,
		metadata: {},
		...object,
	});
}

/** Makes Stripe hold these subscriptions of a customer; each may say more than its status. */
export async function stripeHolds(
	settings: StripeWebhookSettings,
	...subscriptions: Record<string, unknown>[]
): Promise<void> {
	const seeds = subscriptions.map((seed, index) => ({
		id: `sub_${index + 1}`,
		customer: CUSTOMER,
		created: NOW_SECONDS - 1000,
		...seed,
	}));
	await setStripeState(settings.secretKey ?? "", {
		customers: [{ id: CUSTOMER, email: "owner@pannu.example" }],
		subscriptions: seeds,
	});
}

/** A deployment whose Stripe account holds one past-due voice subscription of the org's customer. */
export async function subscribed(
	overrides: Partial<StripeWebhookSettings> = {},
): Promise<{ settings: StripeWebhookSettings; key: string }> {
	const settings = testSettings(overrides);
	await stripeHolds(settings, { status: "past_due", lookup_key: "voice_monthly" });
	return { settings, key: settings.secretKey ?? "" };
}

export async function linkCustomer(orgId = ORG, customerId: string | null = CUSTOMER): Promise<void> {
	await env.DB.prepare("UPDATE orgs SET stripe_customer_id = ?2 WHERE id = ?1").bind(orgId, customerId).run();
}

/** What Stripe may decide about an org. */
export async function billingOf(orgId = ORG): Promise<unknown> {
	return env.DB.prepare(`
		SELECT plan, status, stripe_customer_id AS customer, stripe_subscription_id AS subscription,
			current_period_end AS period_end, cancel_at, stripe_synced_at AS synced_at
		FROM orgs WHERE id = ?1
	`)
		.bind(orgId)
		.first();
}

/** All that a delivery may write, to tell that nothing was. */
export async function everything(): Promise<unknown> {
	const [orgs, events, audit] = await env.DB.batch([
		env.DB.prepare("SELECT * FROM orgs ORDER BY id"),
		env.DB.prepare("SELECT * FROM stripe_events ORDER BY id"),
		env.DB.prepare("SELECT * FROM audit_log ORDER BY id"),
	]);
	return [orgs?.results, events?.results, audit?.results];
}

export async function eventsAndAudit(): Promise<{ events: unknown; audit: unknown }> {
	const [events, audit] = await env.DB.batch([
		env.DB.prepare("SELECT id, type, org_id FROM stripe_events ORDER BY processed_at, id"),
		env.DB.prepare("SELECT org_id, user_id, acting_as, action, target, fields FROM audit_log ORDER BY id"),
	]);
	return { events: events?.results, audit: audit?.results };
}

type Run<T> = (statements: D1PreparedStatement[]) => Promise<D1Result<T>[]>;
/** What happens in a batch's place; `run` is the real thing. */
export type Replacement = <T>(run: Run<T>, statements: D1PreparedStatement[]) => Promise<D1Result<T>[]>;

/** The database, with its n-th batch (from 1; 0 = none) given to `replace`. */
export function withBatch(nth: number, replace: Replacement): D1Database & { batches: () => number } {
	let batches = 0;
	const run = <T>(statements: D1PreparedStatement[]) => env.DB.batch<T>(statements);
	const batch = <T>(statements: D1PreparedStatement[]) =>
		++batches === nth ? replace<T>(run, statements) : run<T>(statements);
	const prepare = (query: string) => env.DB.prepare(query);
	return Object.assign(Object.create(env.DB), { prepare, batch, batches: () => batches });
}

/** For `withBatch`: D1 fails with these words. */
export function failing(message: string): Replacement {
	return () => Promise.reject<never>(new Error(message));
}
