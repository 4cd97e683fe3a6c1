import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { setStripeState } from "../../../local/stand-ins/control.ts";
import { billingClient, customerOf, linkCustomer, resetBilling } from "./billing-client.ts";
import type { BillingClient } from "./billing-client.ts";
import { auditRows } from "../../settings/test/config-client.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, admin, seedTwins } from "../../test/seed.ts";

const CHECKOUT_URL = /^https:\/\/checkout\.stripe\.com\/c\/pay\/cs_test_\w+$/;
const PORTAL_URL = /^https:\/\/billing\.stripe\.com\/p\/session\/test_\w+$/;
const NEW_CUSTOMER = /^cus_\w{14}$/;
const MINUTE_MS = 60_000;
const NOW_ISO = "2026-08-20T12:00:00.000Z";
const LIST = (customer: string) =>
	`GET /v1/subscriptions?customer=${customer}&status=all&limit=100&expand[0]=data.items.data.price`;
const PRICE = (lookupKey: string) => `GET /v1/prices?lookup_keys[0]=${lookupKey}&active=true&limit=2`;

let portal: Portal;
let desk: BillingClient;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

beforeEach(async () => {
	vi.setSystemTime(NOW);
	desk = billingClient(portal);
	await resetBilling();
});

function auditRow(overrides: Record<string, unknown> = {}) {
	const row = { org_id: CHADIS.id, at: NOW_ISO, user_id: "user_alphaAdmin", acting_as: "admin" };
	return { ...row, action: "billing.checkout", target: "chatbot", fields: "[]", ...overrides };
}

/** The address that a checkout answers. */
async function urlOf(body: unknown = { plan: "chatbot" }, call = {}): Promise<string> {
	const { status, body: answer } = await desk.checkout(body, { as: { ...admin(CHADIS), now: Date.now() }, ...call });
	expect({ status, answer }).toEqual({
		status: 200,
		answer: { url: expect.stringMatching(CHECKOUT_URL), kind: "checkout" },
	});
	return String(Object(answer).url);
}

function sessionId(url: string): string {
	return url.slice(url.lastIndexOf("/") + 1);
}

async function steps(path: string): Promise<(string | undefined)[]> {
	return (await desk.asked()).filter(({ step }) => step === path).map(({ idempotencyKey }) => idempotencyKey);
}

describe("POST /portal/billing/checkout", () => {
	it("makes the org's customer, then opens a checkout for it, in two round trips", async () => {
		expect(await desk.checkout({ plan: "voice" })).toEqual({
			status: 200,
			body: { url: expect.stringMatching(CHECKOUT_URL), kind: "checkout" },
			roundTrips: 2,
			retryAfter: null,
			cacheControl: "no-store",
		});
		const customer = await customerOf();
		expect(customer).toMatch(NEW_CUSTOMER);
		expect(await desk.asked()).toEqual([
			{ step: "POST /v1/customers", idempotencyKey: "cust:org_chadis", form: { "metadata[org_id]": "org_chadis" } },
			{ step: PRICE("voice_monthly"), idempotencyKey: undefined, form: null },
			{
				step: "POST /v1/checkout/sessions",
				idempotencyKey: expect.stringMatching(/^checkout:org_chadis:voice:[0-9a-f]{64}:\d+$/),
				form: {
					mode: "subscription",
					customer,
					client_reference_id: "org_chadis",
					"line_items[0][price]": "price_voice_monthly",
					"line_items[0][quantity]": "1",
					"metadata[org_id]": "org_chadis",
					"subscription_data[metadata][org_id]": "org_chadis",
					success_url: "https://portal.koby.ai/billing?checkout=success",
					cancel_url: "https://portal.koby.ai/billing?checkout=cancelled",
				},
			},
		]);
		expect(await auditRows(env.DB)).toEqual([auditRow({ target: "voice", fields: '["stripe_customer_id"]' })]);
	});

	it("uses the customer that the org has, when its subscriptions are over or never began", async () => {
		await linkCustomer(desk.key, { status: "canceled" }, { status: "incomplete" }, { status: "incomplete_expired" });
		await urlOf();
		expect((await desk.asked()).map(({ step }) => step)).toEqual([
			"GET /v1/customers/cus_known",
			LIST("cus_known"),
			PRICE("chatbot_monthly"),
			"POST /v1/checkout/sessions",
		]);
		expect(await customerOf()).toBe("cus_known");
		expect(await auditRows(env.DB)).toEqual([auditRow()]);
	});

	it.each(["trialing", "active", "past_due", "unpaid", "paused", "of_a_kind_to_come"])(
		"sends an org whose subscription is %s to the customer portal",
		async (status) => {
			await linkCustomer(desk.key, { status: "canceled" }, { status });
			expect(await desk.checkout({ plan: "voice" })).toMatchObject({
				status: 200,
				body: { url: expect.stringMatching(PORTAL_URL), kind: "portal" },
				roundTrips: 2,
			});
			expect((await desk.asked()).at(-1)).toMatchObject({
				step: "POST /v1/billing_portal/sessions",
				form: { customer: "cus_known", return_url: "https://portal.koby.ai/billing" },
			});
			expect(await steps("POST /v1/checkout/sessions")).toEqual([]);
			expect(await auditRows(env.DB)).toEqual([auditRow({ target: "voice" })]);
		},
	);

	it.each(["trialing", "past_due", "inactive", "churned"])("sells to an org that is %s", async (status) => {
		await resetBilling({ status });
		await urlOf();
	});

	it("opens one checkout for one customer when it is clicked five times at once", async () => {
		const urls = await Promise.all(Array.from({ length: 5 }, () => urlOf()));
		expect(new Set(urls).size).toBe(1);
		const created = (await desk.asked()).filter(({ step }) => step === "POST /v1/checkout/sessions");
		expect(new Set(created.map(({ form }) => Object(form).customer))).toEqual(new Set([await customerOf()]));
		const rows = await auditRows(env.DB);
		expect(rows).toHaveLength(5);
		expect(rows.filter((row) => Object(row).fields === '["stripe_customer_id"]')).toEqual([
			auditRow({ fields: '["stripe_customer_id"]' }),
		]);
	});

	it("opens the same checkout again within ten minutes, another one later and for another plan", async () => {
		const first = await urlOf();
		vi.setSystemTime(NOW + 10 * MINUTE_MS - 1);
		expect(await urlOf()).toBe(first);
		const voice = await urlOf({ plan: "voice" });
		vi.setSystemTime(NOW + 10 * MINUTE_MS);
		const later = await urlOf();
		expect(new Set([first, voice, later]).size).toBe(3);
	});

	it.each(["complete", "expired"])(
		"opens a new checkout, again one for five clicks, when the first is %s",
		async (status) => {
			const first = await urlOf();
			await setStripeState(desk.key, { checkouts: [{ id: sessionId(first), status }] });
			const [second = "", ...others] = await Promise.all(Array.from({ length: 5 }, () => urlOf()));
			expect(new Set(others)).toEqual(new Set([second]));
			expect(second).not.toBe(first);
			await setStripeState(desk.key, { checkouts: [{ id: sessionId(second), status }] });
			expect([first, second]).not.toContain(await urlOf());
		},
	);

	it("gives up on checkouts that are all used up", async () => {
		for (let round = 0; round < 3; round++)
			await setStripeState(desk.key, { checkouts: [{ id: sessionId(await urlOf()), status: "expired" }] });
		expect(await desk.checkout()).toMatchObject({ status: 503, body: { error: { code: "billing_unavailable" } } });
	});

	it("sells to two orgs apart", async () => {
		const ours = await urlOf();
		const theirs = await urlOf({ plan: "chatbot" }, { as: admin(PANNU) });
		expect(theirs).not.toBe(ours);
		const customers = [await customerOf(CHADIS.id), await customerOf(PANNU.id)];
		expect(new Set(customers).size).toBe(2);
		const created = (await desk.asked())
			.filter(({ step }) => step === "POST /v1/checkout/sessions")
			.map(({ form }) => Object(form));
		expect(created.map(({ customer, client_reference_id }) => [client_reference_id, customer])).toEqual([
			[CHADIS.id, customers[0]],
			[PANNU.id, customers[1]],
		]);
		await env.DB.prepare("UPDATE orgs SET stripe_customer_id = NULL WHERE id = ?1").bind(PANNU.id).run();
	});
});

describe("a customer deleted at Stripe", () => {
	beforeEach(async () => {
		const gone = { stripe_customer_id: "cus_gone", stripe_subscription_id: "sub_1", stripe_status: "deleted" };
		await resetBilling({ ...gone, status: "churned" });
		await setStripeState(desk.key, { customers: [{ id: "cus_gone", deleted: true }] });
	});

	it("gets one successor, however many ask at once", async () => {
		const urls = await Promise.all(Array.from({ length: 5 }, () => urlOf()));
		expect(new Set(urls).size).toBe(1);
		expect(await customerOf()).toMatch(NEW_CUSTOMER);
		expect(new Set(await steps("POST /v1/customers"))).toEqual(new Set(["cust:org_chadis:cus_gone"]));
		expect((await auditRows(env.DB)).filter((row) => Object(row).fields !== "[]")).toEqual([
			auditRow({ fields: '["stripe_customer_id"]' }),
		]);
	});

	it("leaves no mark on its successor, whose portal opens", async () => {
		await urlOf();
		const account = await portal.call("/portal/billing", { as: admin(CHADIS) });
		expect(account.body).toMatchObject({ can_checkout: true, can_manage: true });
		expect(await desk.manage()).toMatchObject({ status: 200, body: { kind: "portal" } });
	});

	it("gets another successor when the first was deleted as well", async () => {
		await urlOf();
		const first = await customerOf();
		await setStripeState(desk.key, { customers: [{ id: first, deleted: true }] });
		await urlOf();
		expect([first, "cus_gone"]).not.toContain(await customerOf());
	});

	it("is not taken for the answer of its own idempotency key", async () => {
		await resetBilling();
		await urlOf();
		const first = await customerOf();
		await setStripeState(desk.key, { customers: [{ id: first, deleted: true }] });
		await resetBilling();
		await urlOf();
		expect(await customerOf()).not.toBe(first);
		expect(await steps("POST /v1/customers")).toEqual([
			"cust:org_chadis",
			"cust:org_chadis",
			`cust:org_chadis:${String(first)}`,
		]);
	});
});
