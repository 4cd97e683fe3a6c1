import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import {
	CUSTOMER,
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

const OTHER_ORG = "org_chadis";

/** A deployment whose Stripe account holds one active voice subscription of CUSTOMER. */
async function subscribed() {
	const settings = testSettings();
	await stripeHolds(settings, { status: "active", lookup_key: "voice_monthly" });
	return settings;
}

function checkout(fields: Record<string, unknown>, type = "completed"): Record<string, unknown> {
	const session = {
		id: "cs_test_1",
		object: "checkout.session",
		mode: "subscription",
		customer: CUSTOMER,
		subscription: "sub_1",
		...fields,
	};
	return stripeEvent(`checkout.session.${type}`, session);
}

beforeEach(() => resetDatabase(env.DB));

describe("a customer that no org has yet", () => {
	it.each(["completed", "async_payment_succeeded"])("is tied by a checkout of ours (%s)", async (type) => {
		const event = checkout({ client_reference_id: ORG, metadata: { org_id: ORG } }, type);
		expect(await deliver(await subscribed(), event)).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({
			plan: "voice",
			status: "active",
			customer: CUSTOMER,
			subscription: "sub_1",
		});
		expect(await eventsAndAudit()).toMatchObject({
			events: [{ org_id: ORG }],
			audit: [{ org_id: ORG, fields: '["plan"]' }],
		});
	});

	it("is not tied to an org that is erased while Stripe is asked", async () => {
		const settings = await subscribed();
		let batches = 0;
		const db = new Proxy(env.DB, {
			get(target, name) {
				if (name === "prepare") return (sql: string) => target.prepare(sql);
				return async (statements: D1PreparedStatement[]) => {
					if (++batches === 2)
						await target
							.prepare("UPDATE orgs SET erasure_id = 'e', stripe_customer_id = NULL WHERE id = ?1")
							.bind(ORG)
							.run();
					return target.batch(statements);
				};
			},
		});
		const before = await billingOf();
		expect(await deliver({ ...settings, db }, subscriptionEvent("created", { metadata: { org_id: ORG } }))).toEqual(
			RECEIVED,
		);
		expect(batches).toBe(2);
		expect(await billingOf()).toEqual(before);
		expect(await eventsAndAudit()).toMatchObject({ audit: [] });
	});

	it("is tied by the metadata of its subscription", async () => {
		expect(await deliver(await subscribed(), subscriptionEvent("created", { metadata: { org_id: ORG } }))).toEqual(
			RECEIVED,
		);
		expect(await billingOf()).toMatchObject({ plan: "voice", customer: CUSTOMER });
	});

	it("is tied when the customer itself has nothing new to tell", async () => {
		const settings = testSettings();
		await stripeHolds(settings, { status: "incomplete" });
		expect(await deliver(settings, subscriptionEvent("created", { metadata: { org_id: ORG } }))).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({
			plan: "chatbot",
			status: "active",
			customer: CUSTOMER,
			subscription: null,
		});
	});

	it.each([
		["a reference alone", { client_reference_id: ORG, metadata: {} }],
		["metadata alone", { client_reference_id: null, metadata: { org_id: ORG } }],
		["two that differ", { client_reference_id: ORG, metadata: { org_id: OTHER_ORG } }],
		["no metadata at all", { client_reference_id: ORG }],
		["an org that does not exist", { client_reference_id: "org_none", metadata: { org_id: "org_none" } }],
		["an org id of another form", { client_reference_id: "' OR 1=1 --", metadata: { org_id: "' OR 1=1 --" } }],
		["an empty org id", { client_reference_id: "", metadata: { org_id: "" } }],
	])("is not tied by a checkout with %s", async (_name, fields) => {
		const before = await everything();
		expect(await deliver(await subscribed(), checkout(fields))).toEqual(RECEIVED);
		expect(await everything()).toEqual(before);
	});

	it("is not tied to an org that has another customer", async () => {
		await linkCustomer(ORG, "cus_first");
		const before = await everything();
		const settings = await subscribed();
		expect(await deliver(settings, checkout({ client_reference_id: ORG, metadata: { org_id: ORG } }))).toEqual(
			RECEIVED,
		);
		expect(await deliver(settings, subscriptionEvent("updated", { metadata: { org_id: ORG } }))).toEqual(RECEIVED);
		expect(await everything()).toEqual(before);
	});

	it("is not tied by an invoice, an e-mail or a customer's own metadata", async () => {
		const before = await everything();
		const settings = await subscribed();
		const claims = {
			metadata: { org_id: ORG },
			client_reference_id: ORG,
			email: "owner@pannu.example",
			customer_email: "owner@pannu.example",
		};
		expect(await deliver(settings, stripeEvent("invoice.paid", { id: "in_1", customer: CUSTOMER, ...claims }))).toEqual(
			RECEIVED,
		);
		expect(await deliver(settings, stripeEvent("customer.deleted", { id: CUSTOMER, ...claims }))).toEqual(RECEIVED);
		expect(await everything()).toEqual(before);
	});
});

describe("a customer that an org has", () => {
	it.each([
		["a subscription", (orgId: string) => subscriptionEvent("updated", { metadata: { org_id: orgId } })],
		["a checkout", (orgId: string) => checkout({ client_reference_id: orgId, metadata: { org_id: orgId } })],
	])("stays that org's when %s names another org", async (_name, event) => {
		await linkCustomer();
		const other = await billingOf(OTHER_ORG);
		expect(await deliver(await subscribed(), event(OTHER_ORG))).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ plan: "voice", customer: CUSTOMER });
		expect(await billingOf(OTHER_ORG)).toEqual(other);
		expect(await eventsAndAudit()).toMatchObject({ events: [{ org_id: ORG }], audit: [{ org_id: ORG }] });
	});

	it("leaves the other org alone when that one has a customer too", async () => {
		await linkCustomer();
		await linkCustomer(OTHER_ORG, "cus_chadis");
		const other = await billingOf(OTHER_ORG);
		expect(
			await deliver(await subscribed(), subscriptionEvent("updated", { metadata: { org_id: OTHER_ORG } })),
		).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ plan: "voice" });
		expect(await billingOf(OTHER_ORG)).toEqual(other);
	});
});
