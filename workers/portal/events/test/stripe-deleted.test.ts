import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { callsOf, setFaults, setStripeState } from "../../../local/stand-ins/control.ts";
import {
	CUSTOMER,
	NOW,
	ORG,
	RECEIVED,
	billingOf,
	deliver,
	everything,
	linkCustomer,
	stripeEvent,
	stripeHolds,
	subscribed,
	subscriptionEvent,
	testSettings,
	withBatch,
} from "./stripe-fixture.ts";
import type { Replacement } from "./stripe-fixture.ts";

const DELETED = () => stripeEvent("customer.deleted", { id: CUSTOMER, object: "customer" });
const MISSING = { status: 400, code: "resource_missing", path: "/v1/subscriptions" };
const stripeStatus = () =>
	env.DB.prepare("SELECT stripe_status FROM orgs WHERE id = ?1").bind(ORG).first("stripe_status");

beforeEach(async () => {
	await resetDatabase(env.DB);
	await linkCustomer();
});

describe("a customer whose deletion is on record", () => {
	it.each([
		"customer.subscription.deleted",
		"customer.subscription.updated",
		"invoice.payment_failed",
		"invoice.marked_uncollectible",
	])("is done with: a late %s is 200, though Stripe knows the customer no longer", async (type) => {
		const { settings, key } = await subscribed();
		expect(await deliver(settings, DELETED())).toEqual(RECEIVED);
		await setFaults(key, { ...MISSING, times: 9 });
		const late = stripeEvent(type, { id: "x_1", customer: CUSTOMER, status: "active" });
		expect(await deliver(settings, late, NOW + 7000)).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ status: "churned", customer: CUSTOMER });
		expect([await stripeStatus(), await callsOf(key)]).toEqual(["deleted", []]);
	});

	it("stays so when a reading that began before it, and arrived after it, is written last", async () => {
		const overtaken: Replacement = async (run, statements) => {
			expect(await deliver(settings, DELETED(), NOW - 1)).toEqual(RECEIVED);
			return run(statements);
		};
		const { settings } = await subscribed();
		expect(await deliver({ ...settings, db: withBatch(2, overtaken) }, subscriptionEvent())).toEqual(RECEIVED);
		expect(await stripeStatus()).toBe("deleted");
	});

	it("leaves no mark on the customer that comes after it", async () => {
		const settings = testSettings();
		expect(await deliver(settings, DELETED())).toEqual(RECEIVED);
		await linkCustomer(ORG, "cus_next");
		await stripeHolds(settings);
		await setStripeState(settings.secretKey ?? "", {
			subscriptions: [{ id: "sub_next", customer: "cus_next", status: "active", lookup_key: "voice_monthly" }],
		});
		await env.DB.prepare("UPDATE orgs SET stripe_status = 'canceled' WHERE id = ?1").bind(ORG).run();
		expect(await deliver(settings, subscriptionEvent("created", { customer: "cus_next" }), NOW + 9000)).toEqual(
			RECEIVED,
		);
		expect(await billingOf()).toMatchObject({ plan: "voice", status: "active", customer: "cus_next" });
		expect(await stripeStatus()).toBe("active");
	});
});

describe("a customer that Stripe lists as unknown", () => {
	it("and says is deleted, is recorded so: the event of it may never come", async () => {
		const settings = testSettings();
		const key = settings.secretKey ?? "";
		await setStripeState(key, { customers: [{ id: CUSTOMER, deleted: true }] });
		await setFaults(key, MISSING);
		expect(await deliver(settings, subscriptionEvent("deleted"))).toEqual(RECEIVED);
		expect([await billingOf(), await stripeStatus()]).toMatchObject([{ status: "churned" }, "deleted"]);
	});

	it.each([
		["still has", async (key: string) => setStripeState(key, { customers: [{ id: CUSTOMER }] })],
		["never had", async () => undefined],
	])("but %s, is refused without a trace: that is another account's key", async (_name, prepare) => {
		const settings = testSettings();
		const key = settings.secretKey ?? "";
		await prepare(key);
		const before = await everything();
		await setFaults(key, MISSING);
		const answer = await deliver(settings, subscriptionEvent());
		expect(answer).toMatchObject({ status: 502, body: { error: { code: "billing_refused" } } });
		expect(answer).not.toHaveProperty("retryAfter");
		expect(await everything()).toEqual(before);
	});
});
