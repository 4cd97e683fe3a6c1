import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { createStandIns } from "../index.ts";
import { harness } from "./harness.ts";
import { sdk } from "./stripe-sdk.ts";
import type { Harness } from "./harness.ts";

const KEY = "sk_test_one";

async function seeded(state: Record<string, object[]>): Promise<{ stripe: Stripe; bench: Harness }> {
	const bench = harness();
	const response = await bench.control("stripe/state", { credential: KEY, ...state });
	expect(response.status).toBe(204);
	return { stripe: sdk(bench), bench };
}

describe("subscriptions", () => {
	const state = {
		subscriptions: [
			{ id: "sub_old", customer: "cus_1", status: "canceled", created: 1_780_000_000 },
			{ id: "sub_new", customer: "cus_1", status: "trialing", lookup_key: "voice_monthly", created: 1_790_000_000 },
			{ id: "sub_other", customer: "cus_2" },
		],
	};

	it("list by customer with their items' periods and price", async () => {
		const { stripe } = await seeded(state);
		const list = await stripe.subscriptions.list({
			customer: "cus_1",
			status: "all",
			limit: 100,
			expand: ["data.items.data.price"],
		});
		expect(list.data.map(({ id }) => id)).toEqual(["sub_new", "sub_old"]);
		expect([list.has_more, list.object]).toEqual([false, "list"]);
		const [item] = list.data[0]?.items.data ?? [];
		expect(item).toMatchObject({
			current_period_start: 1_790_000_000,
			current_period_end: 1_792_592_000,
			price: { lookup_key: "voice_monthly" },
		});
		expect(list.data[0]).not.toHaveProperty("current_period_end");
		expect(list.data[0]).toMatchObject({ status: "trialing", livemode: false, trial_end: 1_791_209_600 });
	});

	it("leave canceled ones out unless asked", async () => {
		const { stripe } = await seeded(state);
		expect((await stripe.subscriptions.list({ customer: "cus_1" })).data.map(({ id }) => id)).toEqual(["sub_new"]);
		expect((await stripe.subscriptions.list({ status: "ended" })).data.map(({ id }) => id)).toEqual(["sub_old"]);
	});

	it("come in pages", async () => {
		const { stripe } = await seeded(state);
		const ids: string[] = [];
		for await (const one of stripe.subscriptions.list({ status: "all", limit: 1 })) ids.push(one.id);
		expect(ids.sort()).toEqual(["sub_new", "sub_old", "sub_other"]);
	});

	it("are retrieved by id; an unknown one is resource_missing", async () => {
		const { stripe } = await seeded(state);
		expect((await stripe.subscriptions.retrieve("sub_new", { expand: ["customer"] })).customer).toMatchObject({
			id: "cus_1",
			object: "customer",
		});
		await expect(stripe.subscriptions.retrieve("sub_none")).rejects.toMatchObject({
			type: "StripeInvalidRequestError",
			statusCode: 404,
			code: "resource_missing",
			param: "id",
			message: "No such subscription: 'sub_none'",
		});
		await expect(stripe.subscriptions.list({ customer: "cus_none" })).rejects.toMatchObject({
			statusCode: 400,
			code: "resource_missing",
			param: "customer",
		});
	});

	it("belong to one secret key", async () => {
		const { bench } = await seeded(state);
		expect((await sdk(bench, "sk_test_two").subscriptions.list()).data).toEqual([]);
	});
});

describe("customers", () => {
	it("are created with their metadata and found again", async () => {
		const stripe = sdk(harness());
		const made = await stripe.customers.create({ email: "a@b.example", metadata: { org_id: "org_1" } });
		expect(made).toMatchObject({
			id: expect.stringMatching(/^cus_\w{14}$/),
			email: "a@b.example",
			metadata: { org_id: "org_1" },
			livemode: false,
		});
		expect(await stripe.customers.retrieve(made.id)).toMatchObject({ id: made.id, metadata: { org_id: "org_1" } });
	});

	it("replay under the same idempotency key, which other parameters may not use", async () => {
		const stripe = sdk(harness());
		const create = (email: string) => stripe.customers.create({ email }, { idempotencyKey: "cust:org_1" });
		const [first, again] = [await create("a@b.example"), await create("a@b.example")];
		expect(again.id).toBe(first.id);
		await expect(create("c@d.example")).rejects.toMatchObject({ type: "StripeIdempotencyError", statusCode: 400 });
	});

	it("refuse an unknown parameter", async () => {
		const { post } = harness();
		const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/x-www-form-urlencoded" };
		const response = await harness().fetch("https://api.stripe.com/v1/customers", {
			method: "POST",
			headers,
			body: "plan=x",
		});
		expect(await response.json()).toEqual({
			error: {
				code: "parameter_unknown",
				doc_url: "https://docs.stripe.com/error-codes/parameter-unknown",
				message: "Received unknown parameter: plan",
				param: "plan",
				type: "invalid_request_error",
			},
		});
		expect(
			(await post("https://api.stripe.com/v1/customers", { email: "a" }, { authorization: `Bearer ${KEY}` })).status,
		).toBe(400);
	});

	it("are all known to a stand-in that adopts them", async () => {
		const standIns = createStandIns({ adoptsCustomers: true });
		const stripe = sdk({ standIns });
		expect(await stripe.customers.retrieve("cus_before")).toMatchObject({ id: "cus_before", object: "customer" });
		expect((await stripe.subscriptions.list({ customer: "cus_listed" })).data).toEqual([]);
		expect(await stripe.billingPortal.sessions.create({ customer: "cus_visitor" })).toMatchObject({
			customer: "cus_visitor",
		});
		await expect(sdk(harness()).customers.retrieve("cus_before")).rejects.toMatchObject({ code: "resource_missing" });
	});

	it("are deleted by a seed", async () => {
		const { stripe } = await seeded({ customers: [{ id: "cus_1", deleted: true }] });
		expect(await stripe.customers.retrieve("cus_1")).toMatchObject({ id: "cus_1", object: "customer", deleted: true });
	});
});

describe("prices and sessions", () => {
	it("finds prices by lookup key", async () => {
		const { data } = await sdk(harness()).prices.list({ lookup_keys: ["chatbot_monthly"], active: true });
		expect(data.map(({ id, lookup_key }) => [id, lookup_key])).toEqual([["price_chatbot_monthly", "chatbot_monthly"]]);
	});

	it("opens a checkout and reads it back", async () => {
		const { stripe } = await seeded({ customers: [{ id: "cus_1" }] });
		const session = await stripe.checkout.sessions.create({
			mode: "subscription",
			customer: "cus_1",
			client_reference_id: "org_1",
			line_items: [{ price: "price_voice_monthly", quantity: 1 }],
			metadata: { org_id: "org_1" },
			subscription_data: { metadata: { org_id: "org_1" } },
			success_url: "https://portal.koby.ai/billing",
		});
		expect(session).toMatchObject({
			id: expect.stringMatching(/^cs_test_/),
			client_reference_id: "org_1",
			customer: "cus_1",
			metadata: { org_id: "org_1" },
			mode: "subscription",
			status: "open",
			url: `https://checkout.stripe.com/c/pay/${session.id}`,
		});
		expect((await stripe.checkout.sessions.retrieve(session.id)).id).toBe(session.id);
	});

	it("refuses a checkout of an unknown price, and of payment_method_types", async () => {
		const { bench } = await seeded({});
		const checkout = async (form: string) => {
			const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/x-www-form-urlencoded" };
			const body = `mode=subscription&success_url=https://a.example&${form}`;
			const response = await bench.fetch("https://api.stripe.com/v1/checkout/sessions", {
				method: "POST",
				headers,
				body,
			});
			return JSON.parse(await response.text()).error;
		};
		expect(await checkout("line_items[0][price]=price_none&line_items[0][quantity]=1")).toMatchObject({
			code: "resource_missing",
			param: "line_items[0][price]",
		});
		expect(await checkout("payment_method_types[0]=card")).toMatchObject({
			code: "parameter_unknown",
			param: "payment_method_types",
		});
	});

	it("opens a customer portal for a known customer only", async () => {
		const { stripe } = await seeded({ customers: [{ id: "cus_1" }] });
		const session = await stripe.billingPortal.sessions.create({
			customer: "cus_1",
			return_url: "https://portal.koby.ai/billing",
		});
		expect(session).toMatchObject({
			object: "billing_portal.session",
			customer: "cus_1",
			url: expect.stringMatching(/^https:\/\/billing\.stripe\.com\/p\/session\/test_/),
		});
		await expect(stripe.billingPortal.sessions.create({ customer: "cus_none" })).rejects.toMatchObject({
			code: "resource_missing",
		});
	});

	it("open nothing for a deleted customer", async () => {
		const { stripe } = await seeded({ customers: [{ id: "cus_1", deleted: true }] });
		const items = [{ price: "price_voice_monthly", quantity: 1 }];
		const checkout = stripe.checkout.sessions.create({
			mode: "subscription",
			customer: "cus_1",
			line_items: items,
			success_url: "https://a.example",
		});
		const gone = { statusCode: 400, code: "resource_missing", param: "customer", message: "No such customer: 'cus_1'" };
		await expect(checkout).rejects.toMatchObject(gone);
		await expect(stripe.billingPortal.sessions.create({ customer: "cus_1" })).rejects.toMatchObject(gone);
	});

	it("replays a checkout as it was opened, also when it is used up by now", async () => {
		const { stripe, bench } = await seeded({ customers: [{ id: "cus_1" }] });
		const items = [{ price: "price_voice_monthly", quantity: 1 }];
		const params = {
			mode: "subscription" as const,
			customer: "cus_1",
			line_items: items,
			success_url: "https://a.example",
		};
		const create = () => stripe.checkout.sessions.create(params, { idempotencyKey: "checkout:1" });
		const first = await create();
		await bench.control("stripe/state", { credential: KEY, checkouts: [{ id: first.id, status: "complete" }] });
		const replayed = await create();
		expect(replayed).toEqual(first);
		expect(new Headers(replayed.lastResponse.headers).get("idempotent-replayed")).toBe("true");
		expect(new Headers(first.lastResponse.headers).get("idempotent-replayed")).toBeNull();
		expect(await stripe.checkout.sessions.retrieve(first.id)).toEqual({ ...first, status: "complete", url: null });
		expect((await bench.control("stripe/state", { credential: KEY, checkouts: [{ id: "cs_none" }] })).status).toBe(400);
	});
});
