import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { callsOf, setStripeState } from "../../../local/stand-ins/control.ts";
import {
	CUSTOMER,
	NOW,
	NOW_SECONDS,
	ORG,
	RECEIVED,
	billingOf,
	deliver,
	everything,
	eventsAndAudit,
	linkCustomer,
	stripeEvent,
	stripeHolds,
	subscriptionEvent,
	testSettings,
} from "./stripe-fixture.ts";

const NOW_ISO = new Date(NOW).toISOString();
const MONTH_SECONDS = 2_592_000;
const PERIOD_END = new Date((NOW_SECONDS - 1000 + MONTH_SECONDS) * 1000).toISOString();
const READ = { customer: CUSTOMER, subscription: "sub_1", period_end: PERIOD_END, cancel_at: null, synced_at: NOW_ISO };
const UNTOLD = { customer: CUSTOMER, subscription: null, period_end: null, cancel_at: null, synced_at: NOW_ISO };
const audit = (fields: string) => ({
	org_id: ORG,
	user_id: "stripe",
	acting_as: "stripe",
	action: "billing.sync",
	target: ORG,
	fields,
});

beforeEach(async () => {
	await resetDatabase(env.DB);
	await linkCustomer();
});

async function setOrg(columns: { plan?: string; status?: string; status_locked?: number }): Promise<void> {
	const { plan = "chatbot", status = "active", status_locked = 0 } = columns;
	await env.DB.prepare("UPDATE orgs SET plan = ?2, status = ?3, status_locked = ?4 WHERE id = ?1")
		.bind(ORG, plan, status, status_locked)
		.run();
}

describe("the status of an org", () => {
	it.each([
		["trialing", "active", "trialing"],
		["active", "churned", "active"],
		["past_due", "active", "past_due"],
		["unpaid", "active", "inactive"],
		["paused", "active", "inactive"],
		["canceled", "active", "churned"],
	])("follows a subscription that is %s: %s becomes %s", async (stripeStatus, before, after) => {
		const settings = testSettings();
		await setOrg({ status: before });
		await stripeHolds(settings, { status: stripeStatus, lookup_key: "chatbot_monthly" });
		const event = subscriptionEvent();
		expect(await deliver(settings, event)).toEqual(RECEIVED);
		expect(await billingOf()).toEqual({ plan: "chatbot", status: after, ...READ });
		expect(await eventsAndAudit()).toEqual({
			events: [{ id: event.id, type: "customer.subscription.updated", org_id: ORG }],
			audit: [audit('["status"]')],
		});
	});

	it.each([
		["incomplete", "trialing"],
		["incomplete", "churned"],
		["incomplete_expired", "active"],
		["brand_new_status", "active"],
		["constructor", "inactive"],
	])("is left alone by a subscription that is %s: %s stays", async (stripeStatus, status) => {
		const settings = testSettings();
		await setOrg({ status });
		await stripeHolds(settings, { status: stripeStatus, lookup_key: "voice_monthly" });
		expect(await deliver(settings, subscriptionEvent())).toEqual(RECEIVED);
		expect(await billingOf()).toEqual({ plan: "chatbot", status, ...UNTOLD });
		expect(await eventsAndAudit()).toMatchObject({ events: [{ org_id: ORG }], audit: [] });
	});

	it("is left alone when the customer never subscribed", async () => {
		const settings = testSettings();
		await stripeHolds(settings);
		expect(await deliver(settings, stripeEvent("invoice.paid", { id: "in_1", customer: CUSTOMER }))).toEqual(RECEIVED);
		expect(await billingOf()).toEqual({ plan: "chatbot", status: "active", ...UNTOLD });
	});

	it.each([
		[
			"a live one before one that ended later",
			[{ status: "canceled", created: NOW_SECONDS - 10 }, { status: "active" }],
			"active",
			"sub_2",
		],
		["an unpaid one before one that ended", [{ status: "canceled" }, { status: "unpaid" }], "inactive", "sub_2"],
		[
			"an active one before a late one",
			[{ status: "past_due", created: NOW_SECONDS - 10 }, { status: "active" }],
			"active",
			"sub_2",
		],
		[
			"a trial before a paused one",
			[{ status: "paused", created: NOW_SECONDS - 10 }, { status: "trialing" }],
			"trialing",
			"sub_2",
		],
		[
			"the newest of equals",
			[{ status: "active" }, { status: "active", created: NOW_SECONDS - 10 }],
			"active",
			"sub_2",
		],
		[
			"a known one before an unheard-of status",
			[{ status: "novel", created: NOW_SECONDS - 10 }, { status: "past_due" }],
			"past_due",
			"sub_2",
		],
		[
			"one that ended before a first payment that is pending",
			[{ status: "incomplete", created: NOW_SECONDS - 10 }, { status: "canceled" }],
			"churned",
			"sub_2",
		],
		[
			"one that ended before one that never began",
			[{ status: "incomplete_expired", created: NOW_SECONDS - 10 }, { status: "canceled" }],
			"churned",
			"sub_2",
		],
	])("follows %s", async (_name, subscriptions, status, decisive) => {
		const settings = testSettings();
		await stripeHolds(settings, ...subscriptions.map((one) => ({ lookup_key: "chatbot_monthly", ...one })));
		expect(await deliver(settings, subscriptionEvent("deleted"))).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ status, subscription: decisive });
	});

	it("is kept when one subscription ended and another is of a status that nobody has heard of", async () => {
		const settings = testSettings();
		await stripeHolds(settings, { status: "canceled" }, { status: "novel" });
		expect(await deliver(settings, subscriptionEvent("deleted"))).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ status: "active", subscription: null });
	});

	it("becomes churned when the customer is deleted, and no late event revives it", async () => {
		const settings = testSettings();
		await stripeHolds(settings, { status: "canceled" });
		expect(await deliver(settings, stripeEvent("customer.deleted", { id: CUSTOMER, object: "customer" }))).toEqual(
			RECEIVED,
		);
		expect(await billingOf()).toEqual({ plan: "chatbot", status: "churned", ...UNTOLD });
		expect(await callsOf(settings.secretKey ?? "")).toEqual([]);
		expect(await deliver(settings, subscriptionEvent("updated", { status: "active" }), NOW + 5000)).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ status: "churned" });
	});

	it.each([
		"customer.subscription.created",
		"customer.subscription.updated",
		"customer.subscription.deleted",
		"customer.subscription.paused",
		"customer.subscription.resumed",
		"invoice.paid",
		"invoice.payment_failed",
		"invoice.payment_action_required",
		"invoice.marked_uncollectible",
	])("is read again at %s, whatever the event itself says", async (type) => {
		const settings = testSettings();
		await stripeHolds(settings, { status: "past_due" });
		expect(
			await deliver(settings, stripeEvent(type, { id: "x_1", customer: { id: CUSTOMER }, status: "active" })),
		).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ status: "past_due" });
	});
});

describe("the plan of an org", () => {
	it("is the one whose price the subscription has", async () => {
		const settings = testSettings();
		await stripeHolds(settings, { status: "active", lookup_key: "voice_monthly", cancel_at: NOW_SECONDS + 60 });
		expect(await deliver(settings, subscriptionEvent())).toEqual(RECEIVED);
		expect(await billingOf()).toEqual({
			plan: "voice",
			status: "active",
			...READ,
			cancel_at: "2026-11-20T12:01:00.000Z",
		});
		expect((await eventsAndAudit()).audit).toEqual([audit('["plan"]')]);
	});

	it("changes together with the status in one line of the audit log", async () => {
		const settings = testSettings();
		await stripeHolds(settings, { status: "trialing", lookup_key: "voice_monthly", cancel_at_period_end: true });
		expect(await deliver(settings, subscriptionEvent())).toEqual(RECEIVED);
		expect(await billingOf()).toEqual({ plan: "voice", status: "trialing", ...READ, cancel_at: PERIOD_END });
		expect((await eventsAndAudit()).audit).toEqual([audit('["plan","status"]')]);
	});

	it("is kept, while the status follows, when the price is not one of ours", async () => {
		const settings = testSettings();
		await setOrg({ plan: "voice" });
		await setStripeState(settings.secretKey ?? "", { prices: [{ id: "price_odd", lookup_key: "consulting" }] });
		await stripeHolds(settings, { status: "past_due", lookup_key: "consulting" });
		expect(await deliver(settings, subscriptionEvent())).toEqual(RECEIVED);
		expect(await billingOf()).toEqual({ plan: "voice", status: "past_due", ...READ });
	});

	it("is that of the subscription we sell when another stands beside it", async () => {
		const settings = testSettings();
		await setStripeState(settings.secretKey ?? "", { prices: [{ id: "price_odd", lookup_key: null }] });
		const odd = { items: { object: "list", data: [{ id: "si_1", price: { id: "price_odd", lookup_key: null } }] } };
		await stripeHolds(
			settings,
			{ status: "active", created: NOW_SECONDS - 10, ...odd },
			{ status: "active", lookup_key: "voice_monthly" },
		);
		expect(await deliver(settings, subscriptionEvent())).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ plan: "voice", subscription: "sub_2" });
	});

	it.each(["canceled", "incomplete"])("is kept by a subscription that is %s", async (status) => {
		const settings = testSettings();
		await stripeHolds(settings, { status, lookup_key: "voice_monthly" });
		expect(await deliver(settings, subscriptionEvent())).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ plan: "chatbot" });
	});
});

describe("a hold by staff", () => {
	it.each(["active", "canceled"])(
		"keeps plan and status whatever Stripe says (%s), and the event is recorded",
		async (status) => {
			const settings = testSettings();
			await setOrg({ plan: "enterprise", status: "past_due", status_locked: 1 });
			await stripeHolds(settings, { status, lookup_key: "voice_monthly" });
			const event = subscriptionEvent();
			expect(await deliver(settings, event)).toEqual(RECEIVED);
			expect(await billingOf()).toEqual({ plan: "enterprise", status: "past_due", ...READ });
			expect(await eventsAndAudit()).toEqual({ events: [{ id: event.id, type: event.type, org_id: ORG }], audit: [] });
		},
	);

	it("once it is lifted, gives way to the event that was heard under it, when Stripe sends that again", async () => {
		const settings = testSettings();
		await setOrg({ status: "active", status_locked: 1 });
		await stripeHolds(settings, { status: "canceled" });
		const event = subscriptionEvent("deleted");
		expect(await deliver(settings, event)).toEqual(RECEIVED);
		await setOrg({ status: "active" });
		expect(await deliver(settings, event, NOW + 1000)).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ status: "churned" });
	});

	it("outlives the deletion of the customer", async () => {
		await setOrg({ status: "active", status_locked: 1 });
		expect(await deliver(testSettings(), stripeEvent("customer.deleted", { id: CUSTOMER }))).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ plan: "chatbot", status: "active" });
	});
});

describe("an event that is nothing of ours", () => {
	it.each([
		["an unknown type", stripeEvent("product.created", { id: "prod_1" })],
		[
			"a checkout that is no subscription",
			stripeEvent("checkout.session.completed", { id: "cs_1", mode: "payment", customer: CUSTOMER }),
		],
		["an invoice of nobody", stripeEvent("invoice.paid", { id: "in_1", customer: null })],
		["a customer id of another form", subscriptionEvent("updated", { customer: "cus_1' OR 1=1 --" })],
	])("is acknowledged without touching D1 or Stripe: %s", async (_name, event) => {
		const untouchable = new Proxy(env.DB, {
			get() {
				throw new Error("D1 was touched");
			},
		});
		const settings = testSettings({ db: untouchable });
		expect(await deliver(settings, event)).toEqual(RECEIVED);
		expect(await callsOf(settings.secretKey ?? "")).toEqual([]);
	});

	it("is acknowledged, and nothing is written, when no org has this customer", async () => {
		const before = await everything();
		const settings = testSettings();
		expect(await deliver(settings, subscriptionEvent("created", { customer: "cus_stranger" }))).toEqual(RECEIVED);
		expect(await everything()).toEqual(before);
		expect(await callsOf(settings.secretKey ?? "")).toEqual([]);
	});
});
