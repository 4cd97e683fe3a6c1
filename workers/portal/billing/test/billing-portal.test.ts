import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { setFaults } from "../../../local/stand-ins/control.ts";
import { billingClient, linkCustomer, resetBilling } from "./billing-client.ts";
import type { BillingClient } from "./billing-client.ts";
import { auditRows } from "../../settings/test/config-client.ts";
import { createPortal, NOW } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, seedTwins } from "../../test/seed.ts";

const OPENED = { url: expect.stringMatching(/^https:\/\/billing\.stripe\.com\/p\/session\/test_\w+$/), kind: "portal" };

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

describe("POST /portal/billing/portal", () => {
	it("opens the customer portal in two round trips", async () => {
		expect(await desk.manage({ body: {} })).toEqual({
			status: 200,
			body: OPENED,
			roundTrips: 2,
			retryAfter: null,
			cacheControl: "no-store",
		});
		expect((await desk.asked()).map(({ step, form }) => ({ step, form }))).toEqual([
			{ step: "GET /v1/customers/cus_known", form: null },
			{
				step: "POST /v1/billing_portal/sessions",
				form: { customer: "cus_known", return_url: "https://portal.koby.ai/billing" },
			},
		]);
		expect(await auditRows(env.DB)).toEqual([
			{
				org_id: CHADIS.id,
				at: "2026-08-20T12:00:00.000Z",
				user_id: "user_alphaAdmin",
				acting_as: "admin",
				action: "billing.portal",
				target: CHADIS.id,
				fields: "[]",
			},
		]);
	});

	it("opens a new page each time", async () => {
		const urls = await Promise.all(Array.from({ length: 3 }, async () => Object((await desk.manage()).body).url));
		expect(new Set(urls).size).toBe(3);
	});

	it.each<[string, object]>([
		["no body", {}],
		["an empty body", { body: "" }],
		["an empty object", { body: "{}" }],
	])("takes %s", async (_name, call) => {
		expect(await desk.manage(call)).toMatchObject({ status: 200, body: OPENED });
	});

	it.each([
		{ status: "trialing" },
		{ status: "past_due" },
		{ status: "inactive" },
		{ status: "churned" },
		{ status_locked: 1 },
	])("opens for an org with %j", async (columns) => {
		await resetBilling({ stripe_customer_id: "cus_known", ...columns });
		expect(await desk.manage()).toMatchObject({ status: 200, body: OPENED });
	});

	it.each([
		["http://localhost:8787/p/session/test_a", { ENVIRONMENT: "development" }, 200],
		["http://localhost:8787/p/session/test_a", { ENVIRONMENT: "staging" }, 503],
		["http://elsewhere.example/p/session/test_a", { ENVIRONMENT: "development" }, 503],
		["file://localhost/p/session/test_a", { ENVIRONMENT: "development" }, 503],
		["javascript:alert(1)", { ENVIRONMENT: "development" }, 503],
	])("gives %s out as the page where %j: %i", async (url, bindings, status) => {
		await setFaults(desk.key, { path: "/v1/billing_portal", body: JSON.stringify({ url }) });
		const answer = await desk.manage({ env: { STRIPE_SECRET_KEY: desk.key, ...bindings } });
		expect(answer.status).toBe(status);
		if (status === 200) expect(answer.body).toEqual({ url, kind: "portal" });
	});
});
