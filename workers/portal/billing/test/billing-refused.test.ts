import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { setStripeState } from "../../../local/stand-ins/control.ts";
import { billingClient, linkCustomer, resetBilling } from "./billing-client.ts";
import type { BillingClient } from "./billing-client.ts";
import { checksum } from "../../test/checksum.ts";
import { createPortal, FORBIDDEN, NOW, refusal } from "../../test/portal.ts";
import type { Call, Portal } from "../../test/portal.ts";
import { CHADIS, PANNU, STAFF, admin, member, seedTwins } from "../../test/seed.ts";

const LOCKED = refusal("conflict", "Your plan is arranged with Koby directly; please contact support to change it.");
const NOT_SOLD = refusal("conflict", "This plan is arranged with Koby directly; please contact support to get it.");
const NO_CUSTOMER = refusal("conflict", "There is no billing account yet; choose a plan first.");
const NOT_CONFIGURED = refusal(
	"not_configured",
	"This service is not fully set up; please tell its operator, whose log says what is missing.",
);
const PLAN = { field: "plan", message: "must be one of chatbot, voice" };

let portal: Portal;
let desk: BillingClient;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

beforeEach(async () => {
	desk = billingClient(portal);
	await linkCustomer(desk.key);
});

type Ask = (body: unknown, call?: Call, query?: string) => ReturnType<BillingClient["checkout"]>;
const ROUTES: [string, (client: BillingClient) => Ask][] = [
	["checkout", (client) => client.checkout],
	[
		"portal",
		(client) => (body, call, query) =>
			client.manage({ body: Object(body).plan === "chatbot" ? {} : body, ...call }, query),
	],
];

/** Refused so, with nothing written and nothing asked of Stripe. */
async function isRefused(
	answer: Promise<{ status: number; body: unknown }>,
	status: number,
	body: unknown,
): Promise<void> {
	const before = await checksum(env.DB);
	const refused = await answer;
	expect({ status: refused.status, body: refused.body }).toEqual({ status, body });
	expect(await desk.asked()).toEqual([]);
	expect(await checksum(env.DB)).toBe(before);
}

describe.each(ROUTES)("POST /portal/billing/%s", (_name, route) => {
	it.each([
		["a member", "notAdmin", member(CHADIS), ""],
		["staff", "onlyLook", STAFF, `?orgId=${CHADIS.id}`],
		["staff who are an admin of the org", "onlyLook", { ...admin(CHADIS), staff: true }, ""],
		["somebody who acts in an admin's name", "impersonated", { ...admin(CHADIS), impersonated: true }, ""],
		["the admin of another org", "foreignOrg", admin(PANNU), `?orgId=${CHADIS.id}`],
		["the admin of another org, for one that does not exist", "foreignOrg", admin(PANNU), "?orgId=org_nobody"],
		[
			"an admin by a role of their own making",
			"notAdmin",
			{ userId: "user_x", org: { id: CHADIS.clerkId, role: "billing_admin" } },
			"",
		],
	] as const)("refuses %s", async (_who, why, as, query) => {
		await isRefused(route(desk)({ plan: "chatbot" }, { as }, query), 403, FORBIDDEN[why]);
	});

	it.each([
		["no Stripe key", { STRIPE_SECRET_KEY: undefined }],
		["a blank Stripe key", { STRIPE_SECRET_KEY: " \n" }],
		["a key of another form", { STRIPE_SECRET_KEY: "pk_test_abc" }],
		["a live key outside production", { STRIPE_SECRET_KEY: "sk_live_abc" }],
		["a test key in production", { ENVIRONMENT: "production" }],
		["an API base elsewhere", { STRIPE_API_BASE: "https://api.stripe.com.evil.example" }],
		["no PORTAL_URL", { PORTAL_URL: undefined }],
		["a PORTAL_URL without scheme", { PORTAL_URL: "portal.koby.ai" }],
		["a PORTAL_URL over http", { PORTAL_URL: "http://portal.koby.ai" }],
		["a PORTAL_URL that is a script", { PORTAL_URL: "javascript:alert(1)" }],
		["a PORTAL_URL with a user", { PORTAL_URL: "https://user@portal.koby.ai" }],
		["a PORTAL_URL with a query", { PORTAL_URL: "https://portal.koby.ai?to=" }],
		["a loopback PORTAL_URL in staging", { PORTAL_URL: "http://localhost:3000", ENVIRONMENT: "staging" }],
	])("is not configured with %s", async (_what, bindings) => {
		await isRefused(route(desk)({ plan: "chatbot" }, { env: bindings }), 503, NOT_CONFIGURED);
	});

	it.each([
		["https://portal.koby.ai/", {}, "https://portal.koby.ai/billing"],
		[" https://koby.ai/app/\n", {}, "https://koby.ai/app/billing"],
		["http://localhost:3000", {}, "http://localhost:3000/billing"],
	])("sends people back to %j and nowhere else", async (url, bindings, expected) => {
		const headers = {
			Origin: "https://evil.example",
			Referer: "https://evil.example/x",
			"X-Forwarded-Host": "evil.example",
		};
		const { status } = await route(desk)({ plan: "chatbot" }, { env: { PORTAL_URL: url, ...bindings }, headers });
		expect(status).toBe(200);
		const { form } = (await desk.asked()).at(-1) ?? {};
		const { success_url, cancel_url, return_url } = Object(form);
		expect([success_url, cancel_url, return_url].filter((one) => one !== undefined)).toEqual(
			return_url === undefined ? [`${expected}?checkout=success`, `${expected}?checkout=cancelled`] : [expected],
		);
	});

	it("takes no address, id or price from the body", async () => {
		const fields = [
			"success_url",
			"return_url",
			"customer",
			"price",
			"amount",
			"orgId",
			"trial_days",
			"quantity",
			"__proto__",
		];
		const body = `{${["plan", ...fields].map((name) => `"${name}":"chatbot"`).join(",")}}`;
		const answer = await route(desk)(body);
		const named = Object(Object(answer.body).error).fields.map(({ field }: { field: string }) => field);
		expect({ status: answer.status, named: named.filter((name: string) => name !== "plan") }).toEqual({
			status: 422,
			named: fields,
		});
		expect(await desk.asked()).toEqual([]);
	});

	it.each<[number, string, unknown, Call]>([
		[400, "invalid_json", "{", {}],
		[400, "invalid_json", "[]", {}],
		[413, "payload_too_large", " ".repeat(65_537), {}],
		[415, "unsupported_media_type", "{}", { headers: { "Content-Type": "text/plain" } }],
		[
			415,
			"unsupported_media_type",
			"plan=chatbot",
			{ headers: { "Content-Type": "application/x-www-form-urlencoded" } },
		],
	])("answers %i %s to a body that is none", async (status, code, body, call) => {
		expect(await route(desk)(body, call)).toMatchObject({ status, body: { error: { code } } });
		expect(await desk.asked()).toEqual([]);
	});
});

describe("POST /portal/billing/checkout", () => {
	it.each([
		["an unknown plan", { plan: "gold" }],
		["another spelling", { plan: "Chatbot" }],
		["a plan with blanks", { plan: " chatbot" }],
		["no plan", {}],
		["null", { plan: null }],
		["a list", { plan: ["chatbot"] }],
		["a number", { plan: 1 }],
		["a lookup key", { plan: "chatbot_monthly" }],
		["an inherited name", { plan: "constructor" }],
	])("refuses %s", async (_name, body) => {
		await isRefused(desk.checkout(body), 422, refusal("invalid_request", "Please correct: plan.", [PLAN]));
	});

	it("refuses an org of which staff decide, also one that pays", async () => {
		await resetBilling({ status_locked: 1 });
		await isRefused(desk.checkout(), 409, LOCKED);
		await resetBilling({ status_locked: 1, stripe_customer_id: "cus_known", stripe_subscription_id: "sub_1" });
		await isRefused(desk.checkout(), 409, LOCKED);
	});

	it.each([
		["chatbot", {}],
		["voice", { status: "churned" }],
		["voice", { stripe_customer_id: "cus_known", stripe_subscription_id: "sub_1", stripe_status: "canceled" }],
	])("refuses to sell %s to an org on a plan that Stripe does not sell, with %j", async (plan, columns) => {
		await resetBilling({ plan: "enterprise", ...columns });
		await isRefused(desk.checkout({ plan }), 409, LOCKED);
	});

	it("refuses to sell a plan that Stripe does not sell, to whomever", async () => {
		await env.DB.prepare("INSERT INTO plans (id, name) VALUES ('clinic', 'Clinic')").run();
		for (const columns of [{}, { plan: "voice", stripe_customer_id: "cus_known" }, { status: "past_due" }]) {
			await resetBilling(columns);
			for (const plan of ["enterprise", "clinic"]) await isRefused(desk.checkout({ plan }), 409, NOT_SOLD);
		}
		await resetBilling({ plan: "clinic" });
		await isRefused(desk.checkout({ plan: "clinic" }), 409, LOCKED);
		await resetBilling();
		await env.DB.prepare("DELETE FROM plans WHERE id = 'clinic'").run();
	});

	it("sells a plan that staff have put up for sale", async () => {
		await env.DB.prepare(
			"INSERT INTO plans (id, name, stripe_lookup_key) VALUES ('gold', 'Gold', 'gold_monthly')",
		).run();
		await setStripeState(desk.key, { prices: [{ id: "price_gold", lookup_key: "gold_monthly" }] });
		expect(await desk.checkout({ plan: "gold" })).toMatchObject({ status: 200, body: { kind: "checkout" } });
		await env.DB.prepare("DELETE FROM plans WHERE id = 'gold'").run();
	});
});

describe("POST /portal/billing/portal", () => {
	it("refuses an org that never came to a checkout", async () => {
		await resetBilling();
		await isRefused(desk.manage(), 409, NO_CUSTOMER);
	});

	it("refuses an org whose customer is on record as deleted, without asking Stripe", async () => {
		await resetBilling({ stripe_customer_id: "cus_known", stripe_status: "deleted" });
		await isRefused(desk.manage(), 409, NO_CUSTOMER);
	});

	it("refuses an org whose customer was deleted at Stripe", async () => {
		await setStripeState(desk.key, { customers: [{ id: "cus_known", deleted: true }] });
		const before = await checksum(env.DB);
		expect(await desk.manage()).toMatchObject({ status: 409, body: NO_CUSTOMER, roundTrips: 1 });
		expect(await checksum(env.DB)).toBe(before);
	});
});
