import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { setStripeState } from "../../../local/stand-ins/control.ts";
import { billingClient, customerOf, linkCustomer, resetBilling } from "./billing-client.ts";
import type { BillingClient } from "./billing-client.ts";
import { auditRows } from "../../settings/test/config-client.ts";
import { createPortal, NOW, refusal } from "../../test/portal.ts";
import { seedTwins } from "../../test/seed.ts";

const WHO_HELPS = "; trying again will not help, so please contact Koby's support.";
const refused = (what: string) => ({
	status: 502,
	body: refusal("billing_refused", what + WHO_HELPS),
	retryAfter: null,
	cacheControl: "no-store",
});
const UNKNOWN_ACCOUNT = refused("Your billing account is unknown to the billing provider");
const CANNOT_BUY = refused("This plan cannot be bought with your billing account as both are set up");
const NO_PORTAL = refused("The billing page is not set up at the billing provider");
const NO_PRICE = refused("This plan has no price at the billing provider");

let desk: BillingClient;
let portal: Awaited<ReturnType<typeof createPortal>>;
let errors: string[];

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

beforeEach(async () => {
	desk = billingClient(portal);
	await resetBilling();
	errors = [];
	vi.spyOn(console, "error").mockImplementation((line: unknown) => void errors.push(String(line)));
});

afterEach(() => {
	vi.restoreAllMocks();
});

describe("an account at Stripe that no waiting mends", () => {
	it("never had the org's customer: nothing is replaced, for that is another account's or mode's key", async () => {
		await resetBilling({ stripe_customer_id: "cus_elsewhere" });
		expect(await desk.checkout()).toMatchObject(UNKNOWN_ACCOUNT);
		expect(await desk.manage()).toMatchObject(UNKNOWN_ACCOUNT);
		expect([await customerOf(), await auditRows(env.DB)]).toEqual(["cus_elsewhere", []]);
		expect(errors.join()).toContain("customers.retrieve: StripeInvalidRequestError code=resource_missing param=id");
	});

	it.each([
		["no price of the plan", { prices: [{ id: "price_voice_monthly", lookup_key: "voice_2027" }] }],
		["only an inactive one", { prices: [{ id: "price_voice_monthly", lookup_key: "voice_monthly", active: false }] }],
		["two prices of it", { prices: [{ id: "price_voice_too", lookup_key: "voice_monthly" }] }],
	])("has %s: the log names the lookup key", async (_name, state) => {
		await setStripeState(desk.key, state);
		expect(await desk.checkout({ plan: "voice" })).toMatchObject(NO_PRICE);
		expect(errors.join()).toContain('"reason":"prices.list: not one active price has the lookup key voice_monthly"');
	});

	it("has archived the product of the price", async () => {
		await setStripeState(desk.key, {
			prices: [{ id: "price_voice_monthly", lookup_key: "voice_monthly", product: "prod_old" }],
			products: [{ id: "prod_old", active: false }],
		});
		expect(await desk.checkout({ plan: "voice" })).toMatchObject(CANNOT_BUY);
		expect(errors.join()).toMatch(
			/checkout\.sessions\.create: StripeInvalidRequestError param=line_items\[0\]\[price\] request=req_/,
		);
	});

	it.each(["eur", "gbp"])("has the customer in another currency (%s) than the price", async (currency) => {
		await linkCustomer(desk.key);
		await setStripeState(desk.key, { customers: [{ id: "cus_known", currency }] });
		expect(await desk.checkout()).toMatchObject(CANNOT_BUY);
		expect(errors.join()).toMatch(/checkout\.sessions\.create: StripeInvalidRequestError request=req_\w+"/);
		expect(errors.join()).not.toMatch(/currenc|single customer/);
	});

	it("has no configuration of the customer portal, whichever way leads there", async () => {
		await linkCustomer(desk.key, { status: "active" });
		await setStripeState(desk.key, { portal_configurations: [{ active: false }] });
		expect(await desk.manage()).toMatchObject(NO_PORTAL);
		expect(await desk.checkout()).toMatchObject(NO_PORTAL);
		expect(errors).toHaveLength(2);
		for (const line of errors)
			expect(line).toMatch(/billing_portal\.sessions\.create: StripeInvalidRequestError request=req_\w+"/);
	});
});
