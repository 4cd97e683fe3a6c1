import { createServer } from "node:http";
import type { Server } from "node:http";
import Stripe from "stripe";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { harness } from "./harness.ts";
import type { Harness } from "./harness.ts";
import { sdk } from "./stripe-sdk.ts";

const ORIGIN = "http://localhost:8787";
const SECRET = "whsec_one";

let server: Server;
let bench: Harness;
let stripe: Stripe;
/** The events that the webhook took, in their order. */
let events: Stripe.Event[];
let status: number;

beforeEach(async () => {
	events = [];
	status = 200;
	server = createServer((request, response) => {
		let body = "";
		request.on("data", (chunk) => (body += chunk));
		request.on("end", async () => {
			const signature = String(request.headers["stripe-signature"]);
			events.push(await Stripe.webhooks.constructEventAsync(body, signature, SECRET));
			response.writeHead(status).end();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	const port = typeof address === "object" ? address?.port : 0;
	const webhook = { url: `http://127.0.0.1:${port}/webhooks/stripe`, secret: SECRET };
	bench = harness({ stripePages: { origin: ORIGIN, webhook } });
	stripe = sdk(bench);
});
afterEach(() => void server.close());

async function openCheckout(): Promise<{ url: string; customer: string; id: string }> {
	const { id: customer } = await stripe.customers.create({ metadata: { org_id: "org_one" } });
	const session = await stripe.checkout.sessions.create({
		mode: "subscription",
		customer,
		client_reference_id: "org_one",
		metadata: { org_id: "org_one" },
		subscription_data: { metadata: { org_id: "org_one" } },
		line_items: [{ price: "price_voice_monthly", quantity: 1 }],
		success_url: "http://localhost:3000/billing?checkout=success",
		cancel_url: "http://localhost:3000/billing?checkout=cancelled",
	});
	return { url: String(session.url), customer, id: session.id };
}

async function subscribed(): Promise<{ customer: string; page: string; subscription: string }> {
	const { url, customer } = await openCheckout();
	await bench.fetch(url, { method: "POST" });
	events = [];
	const { url: page } = await stripe.billingPortal.sessions.create({
		customer,
		return_url: "http://localhost:3000/billing",
	});
	const { data } = await stripe.subscriptions.list({ customer });
	return { customer, page, subscription: String(data[0]?.id) };
}

function choose(page: string, action: string, subscription: string): Promise<Response> {
	const headers = { "content-type": "application/x-www-form-urlencoded" };
	return bench.fetch(page, { method: "POST", headers, body: String(new URLSearchParams({ action, subscription })) });
}

describe("the checkout's page", () => {
	it("shows plan and price, asks nobody else for anything, and may lead back to the dashboard", async () => {
		const { url } = await openCheckout();
		expect(url).toMatch(/^http:\/\/localhost:8787\/c\/pay\/cs_test_/);
		const page = await bench.fetch(url);
		const html = await page.text();
		expect(page.status).toBe(200);
		expect(html).toContain("Subscribe to Voice");
		expect(html).toContain("$199.00");
		expect(html).not.toMatch(/<script|(?:src|href)="(?:https?:)?\/\/(?!localhost)/);
		expect(page.headers.get("content-security-policy")).toMatch(
			/^default-src 'none';.*form-action 'self' http:\/\/localhost:3000$/,
		);
	});

	it("is paid: the subscription runs and the webhook knows before the browser goes on", async () => {
		const { url, customer, id } = await openCheckout();
		const paid = await bench.fetch(url, { method: "POST", redirect: "manual" });
		expect([paid.status, paid.headers.get("location")]).toEqual([
			303,
			"http://localhost:3000/billing?checkout=success",
		]);
		const { data } = await stripe.subscriptions.list({ customer });
		expect(data).toMatchObject([
			{
				status: "active",
				metadata: { org_id: "org_one" },
				items: { data: [{ price: { lookup_key: "voice_monthly" } }] },
			},
		]);
		expect(events.map(({ type }) => type)).toEqual([
			"customer.subscription.created",
			"checkout.session.completed",
			"invoice.paid",
		]);
		expect(events[1]?.data.object).toMatchObject({ id, customer, payment_status: "paid", subscription: data[0]?.id });
		expect(await stripe.checkout.sessions.retrieve(id)).toMatchObject({ status: "complete", url: null });
	});

	it("is paid once, however often its button is pressed, and is gone after that", async () => {
		const { url, customer } = await openCheckout();
		await bench.fetch(url, { method: "POST" });
		expect((await bench.fetch(url, { method: "POST", redirect: "manual" })).status).toBe(303);
		expect((await stripe.subscriptions.list({ customer })).data).toHaveLength(1);
		expect(events).toHaveLength(3);
		expect((await bench.fetch(url)).status).toBe(404);
	});

	it("says so where the webhook does not take the event", async () => {
		const { url } = await openCheckout();
		status = 500;
		await expect(bench.fetch(url, { method: "POST" })).rejects.toThrow("The webhook answered 500");
	});

	it("is nowhere for an id that was never given out", async () => {
		expect((await bench.fetch(`${ORIGIN}/c/pay/cs_test_nobody`)).status).toBe(404);
		expect((await bench.fetch(`${ORIGIN}/c/pay/cs_test_nobody`, { method: "POST" })).status).toBe(404);
	});
});

describe("the customer portal's page", () => {
	it("cancels when what was paid for ends, and takes that back", async () => {
		const { page, subscription } = await subscribed();
		expect(await (await bench.fetch(page)).text()).toContain("Renews on");
		await choose(page, "cancel", subscription);
		expect(await (await bench.fetch(page)).text()).toContain("Ends on");
		const cancelled = await stripe.subscriptions.retrieve(subscription);
		expect(cancelled).toMatchObject({ status: "active", cancel_at_period_end: true });
		expect(cancelled.cancel_at).toBe(cancelled.items.data[0]?.current_period_end);
		await choose(page, "resume", subscription);
		expect(await stripe.subscriptions.retrieve(subscription)).toMatchObject({
			cancel_at_period_end: false,
			cancel_at: null,
		});
		expect(events.map(({ type }) => type)).toEqual(["customer.subscription.updated", "customer.subscription.updated"]);
	});

	it("cancels at once", async () => {
		const { page, subscription } = await subscribed();
		await choose(page, "cancel_now", subscription);
		expect(await stripe.subscriptions.retrieve(subscription)).toMatchObject({
			status: "canceled",
			ended_at: expect.any(Number),
		});
		expect(events.map(({ type }) => type)).toEqual(["customer.subscription.deleted"]);
		expect(await (await bench.fetch(page)).text()).toContain("No subscription");
	});

	it("changes no subscription of another customer", async () => {
		const one = await subscribed();
		const other = await subscribed();
		expect((await choose(one.page, "cancel_now", other.subscription)).status).toBe(404);
		expect(await stripe.subscriptions.retrieve(other.subscription)).toMatchObject({ status: "active" });
		expect(events).toEqual([]);
	});

	it("is nowhere for an address that was never given out", async () => {
		expect((await bench.fetch(`${ORIGIN}/p/session/test_nobody`)).status).toBe(404);
	});
});
