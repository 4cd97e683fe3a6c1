import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { setStripeState } from "../../../local/stand-ins/control.ts";
import {
	CUSTOMER,
	ORG,
	RECEIVED,
	billingOf,
	deliver,
	eventsAndAudit,
	linkCustomer,
	stripeEvent,
	stripeHolds,
	subscriptionEvent,
	testSettings,
} from "./stripe-fixture.ts";

beforeEach(async () => {
	await resetDatabase(env.DB);
	await linkCustomer();
	await env.DB.prepare("INSERT INTO plans (id, name, monthly_messages) VALUES ('clinic', 'Clinic', 3)").run();
});

afterEach(() => vi.restoreAllMocks());

async function putOn(plan: string, status = "active"): Promise<void> {
	await env.DB.prepare("UPDATE orgs SET plan = ?2, status = ?3 WHERE id = ?1").bind(ORG, plan, status).run();
}

describe.each(["enterprise", "clinic"])("an org on a plan that Stripe does not sell (%s)", (plan) => {
	it.each([
		["active", "active"],
		["trialing", "past_due"],
		["past_due", "active"],
		["unpaid", "trialing"],
		["paused", "active"],
		["canceled", "active"],
		["novel", "churned"],
	])("keeps plan and status under a subscription that is %s, and the event is recorded", async (stripe, status) => {
		const settings = testSettings();
		await putOn(plan, status);
		await stripeHolds(settings, { status: stripe, lookup_key: "voice_monthly" });
		const event = subscriptionEvent();
		expect(await deliver(settings, event)).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ plan, status, customer: CUSTOMER });
		expect(await eventsAndAudit()).toEqual({ events: [{ id: event.id, type: event.type, org_id: ORG }], audit: [] });
	});

	it("keeps them when its customer is deleted", async () => {
		await putOn(plan);
		expect(await deliver(testSettings(), stripeEvent("customer.deleted", { id: CUSTOMER }))).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ plan, status: "active" });
	});

	it("is named in the log when it pays for another plan beside its own", async () => {
		const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
		const settings = testSettings();
		await putOn(plan);
		await stripeHolds(settings, { status: "active", lookup_key: "chatbot_monthly" });
		expect(await deliver(settings, subscriptionEvent())).toEqual(RECEIVED);
		expect(warn.mock.calls.map(([line]): unknown => JSON.parse(String(line)))).toMatchObject([
			{ outcome: "held", note: "pays_beside_unsold_plan", items: "si_1_1", org_id: ORG },
		]);
	});

	it("follows Stripe again once staff put the plan up for sale, or the org on one that is", async () => {
		const settings = testSettings();
		const key = settings.secretKey ?? "";
		await putOn(plan);
		await stripeHolds(settings, { status: "past_due", lookup_key: "chatbot_monthly" });
		expect(await deliver(settings, subscriptionEvent())).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ plan, status: "active" });
		await env.DB.prepare("UPDATE plans SET stripe_lookup_key = 'now_sold' WHERE id = ?1").bind(plan).run();
		await setStripeState(key, { prices: [{ id: "price_now_sold", lookup_key: "now_sold" }] });
		expect(await deliver(settings, subscriptionEvent())).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ plan: "chatbot", status: "past_due" });
	});
});
