import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { callsOf, setStripeState } from "../../../local/stand-ins/control.ts";
import worker from "../../index.ts";
import { expectDescribed } from "../../test/portal.ts";
import {
	CUSTOMER,
	NOW,
	ORG,
	RECEIVED,
	SECRET,
	UNAVAILABLE,
	billingOf,
	deliver,
	everything,
	eventsAndAudit,
	failing,
	hmac,
	linkCustomer,
	stripeEvent,
	stripeHolds,
	subscribed,
	subscriptionEvent,
	withBatch,
} from "./stripe-fixture.ts";
import type { Replacement } from "./stripe-fixture.ts";

beforeEach(async () => {
	await resetDatabase(env.DB);
	await linkCustomer();
});

async function send(init: RequestInit, overrides: Record<string, string> = {}): Promise<Response> {
	const request = new Request<unknown, IncomingRequestCfProperties>(
		new Request("https://portal-worker.koby.ai/webhooks/stripe", init),
	);
	const bindings = { ...env, STRIPE_WEBHOOK_SECRET: SECRET, ...overrides };
	return expectDescribed(request, await worker.fetch(request, bindings, createExecutionContext()));
}

async function signed(event: Record<string, unknown>): Promise<RequestInit> {
	const body = JSON.stringify(event);
	const seconds = Math.floor(Date.now() / 1000);
	const headers = {
		"Stripe-Signature": `t=${seconds},v1=${await hmac(body, SECRET, seconds)}`,
		"CF-Connecting-IP": "203.0.113.77",
	};
	return { method: "POST", body, headers };
}

describe("POST /webhooks/stripe", () => {
	it("needs no session token, sets plan and status and answers as every route does", async () => {
		const { key } = await subscribed();
		const answer = await send(await signed(subscriptionEvent()), { STRIPE_SECRET_KEY: key });
		expect(answer.status).toBe(200);
		expect(await answer.json()).toEqual({ received: true });
		expect(answer.headers.get("X-Request-Id")).toMatch(/^[0-9a-f-]{36}$/);
		expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
		expect(answer.headers.get("Cache-Control")).toBe("no-store");
		expect(await billingOf(ORG)).toMatchObject({ plan: "voice", status: "past_due" });
	});

	it("refuses what is not signed, with the request's id", async () => {
		const answer = await send({ method: "POST", body: "{}" });
		expect(answer.status).toBe(400);
		const message =
			"The Stripe-Signature header does not fit this body; check that STRIPE_WEBHOOK_SECRET is the signing secret of this endpoint.";
		expect(await answer.json()).toEqual({
			error: { code: "invalid_signature", message, request_id: answer.headers.get("X-Request-Id") },
		});
	});

	it("takes a burst from one address: Stripe sends the events of all customers from a few", async () => {
		const bursts = Array.from(
			{ length: 80 },
			async () => (await send(await signed(stripeEvent("product.updated", { id: "prod_1" })))).status,
		);
		expect(new Set(await Promise.all(bursts))).toEqual(new Set([200]));
	});

	it("refuses a body over the configured cap", async () => {
		const answer = await send(await signed(subscriptionEvent()), { MAX_WEBHOOK_BYTES: "100" });
		expect(answer.status).toBe(413);
		expect(await answer.json()).toMatchObject({ error: { code: "payload_too_large" } });
	});

	it.each(["GET", "HEAD", "PUT", "PATCH", "DELETE"])("refuses %s", async (method) => {
		const answer = await send({ method });
		expect(answer.status).toBe(405);
		expect(answer.headers.get("Allow")).toBe("POST, OPTIONS");
	});
});

describe("deliveries that repeat", () => {
	it("have one effect when ten come at once", async () => {
		const { settings } = await subscribed();
		const event = subscriptionEvent();
		const answers = await Promise.all(Array.from({ length: 10 }, () => deliver(settings, event)));
		expect(answers).toEqual(Array.from({ length: 10 }, () => RECEIVED));
		expect(await eventsAndAudit()).toMatchObject({
			events: [{ id: event.id }],
			audit: [{ org_id: ORG, fields: '["plan","status"]' }],
		});
		expect(await billingOf()).toMatchObject({ plan: "voice", status: "past_due" });
	});

	it("cost one read and no call of Stripe later", async () => {
		const db = withBatch(0, failing(""));
		const { settings, key } = await subscribed({ db });
		const event = subscriptionEvent();
		await deliver(settings, event);
		expect(db.batches()).toBe(2);
		const after = await everything();
		await setStripeState(key, { subscriptions: [{ id: "sub_1", customer: CUSTOMER, status: "active" }] });
		expect(await deliver(settings, event, NOW + 60_000)).toEqual(RECEIVED);
		expect(db.batches()).toBe(3);
		expect(await everything()).toEqual(after);
		expect(await callsOf(key)).toHaveLength(1);
	});
});

describe("deliveries that overlap", () => {
	it("change nothing once the same event was written between their read and their write", async () => {
		const { settings, key } = await subscribed();
		const event = subscriptionEvent();
		let written: unknown;
		const overtaken: Replacement = async (run, statements) => {
			const rows = await run(statements);
			await deliver(settings, event);
			written = await everything();
			await setStripeState(key, { subscriptions: [{ id: "sub_1", customer: CUSTOMER, status: "trialing" }] });
			return rows;
		};
		expect(await deliver({ ...settings, db: withBatch(1, overtaken) }, event, NOW + 1000)).toEqual(RECEIVED);
		expect(await everything()).toEqual(written);
	});

	it.each([
		["this customer's", CUSTOMER],
		["nobody's", null],
	])(
		"leave an org alone that was %s at their read and is another customer's at their write",
		async (_name, customer) => {
			const { settings } = await subscribed();
			await linkCustomer(ORG, customer);
			const retied: Replacement = async (run, statements) => {
				const rows = await run(statements);
				await linkCustomer(ORG, "cus_second");
				return rows;
			};
			const event = subscriptionEvent("updated", { metadata: { org_id: ORG } });
			expect(await deliver({ ...settings, db: withBatch(1, retied) }, event)).toEqual(RECEIVED);
			expect(await billingOf()).toMatchObject({
				plan: "chatbot",
				status: "active",
				customer: "cus_second",
				subscription: null,
			});
			expect((await eventsAndAudit()).audit).toEqual([]);
		},
	);
});

describe("deliveries out of order", () => {
	it("end in Stripe's latest state when a deletion is followed by a late update", async () => {
		const { settings } = await subscribed();
		await stripeHolds(settings, { status: "canceled" });
		expect(await deliver(settings, subscriptionEvent("deleted"))).toEqual(RECEIVED);
		expect(await deliver(settings, subscriptionEvent("updated", { status: "active" }), NOW + 1000)).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ status: "churned" });
		expect(await eventsAndAudit()).toMatchObject({ events: [{}, {}], audit: [{}] });
	});

	it("end in Stripe's latest state when a reading is overtaken by a newer one", async () => {
		const { settings, key } = await subscribed();
		expect(await deliver(settings, subscriptionEvent(), NOW + 1000)).toEqual(RECEIVED);
		const after = await billingOf();
		await setStripeState(key, {
			subscriptions: [{ id: "sub_1", customer: CUSTOMER, status: "trialing", lookup_key: "chatbot_monthly" }],
		});
		expect(await deliver(settings, subscriptionEvent(), NOW)).toEqual(RECEIVED);
		expect(await billingOf()).toEqual(after);
		expect(await eventsAndAudit()).toMatchObject({ events: [{}, {}], audit: [{}] });
	});

	it("leave one org to the first when two events tie one customer to two orgs at once", async () => {
		await linkCustomer(ORG, null);
		const { settings } = await subscribed();
		const claims = ["org_chadis", ORG].map((org_id) => subscriptionEvent("created", { metadata: { org_id } }));
		const answers = await Promise.all(claims.map((event) => deliver(settings, event)));
		for (const answer of answers) expect([RECEIVED, UNAVAILABLE]).toContainEqual(answer);
		const owners = await env.DB.prepare("SELECT COUNT(*) AS count FROM orgs WHERE stripe_customer_id = ?1")
			.bind(CUSTOMER)
			.first();
		expect(owners).toEqual({ count: 1 });
		for (const event of claims) expect(await deliver(settings, event, NOW + 1000)).toEqual(RECEIVED);
		expect((await eventsAndAudit()).events).toHaveLength(2);
	});
});
