import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { skipPauses } from "../../../lib/test/pauses.ts";
import { setFaults, setStripeState, unexpectedRequests } from "../../../local/stand-ins/control.ts";
import type { Fault } from "../../../local/stand-ins/wire.ts";
import { billingClient, customerOf, linkCustomer, resetBilling } from "./billing-client.ts";
import type { BillingClient } from "./billing-client.ts";
import { auditRows } from "../../settings/test/config-client.ts";
import { createPortal, NOW, refusal } from "../../test/portal.ts";
import type { Portal } from "../../test/portal.ts";
import { CHADIS, seedTwins } from "../../test/seed.ts";
import { failing, withBatch } from "../../events/test/stripe-fixture.ts";
import type { Replacement } from "../../events/test/stripe-fixture.ts";

const UNAVAILABLE = {
	status: 503,
	body: refusal("billing_unavailable", "The billing provider is not answering; please try again in a moment."),
	retryAfter: "30",
	cacheControl: "no-store",
};

let portal: Portal;
let desk: BillingClient;

beforeAll(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	portal = await createPortal();
	await seedTwins(env.DB);
});

beforeEach(async () => {
	desk = billingClient(portal);
	await resetBilling();
});

afterEach(() => {
	vi.restoreAllMocks();
});

/** The lines logged from now on. */
function captureLog(): string[] {
	const lines: string[] = [];
	for (const level of ["log", "info", "warn", "error", "debug"] as const) {
		vi.spyOn(console, level).mockImplementation((...args: unknown[]) => void lines.push(args.map(String).join(" ")));
	}
	return lines;
}

/** Each call of Stripe: what leads to it, the request that it is part of, and how the log names it. */
const STEPS: [string, string, () => Promise<unknown>, () => Promise<unknown>][] = [
	["customers.create", "/v1/customers", async () => undefined, () => desk.checkout()],
	["customers.retrieve", "/v1/customers/", () => linkCustomer(desk.key), () => desk.checkout()],
	["prices.list", "/v1/prices", async () => undefined, () => desk.checkout()],
	["checkout.sessions.create", "/v1/checkout/sessions", async () => undefined, () => desk.checkout()],
	["checkout.sessions.retrieve", "/v1/checkout/sessions/cs_", () => desk.checkout(), () => desk.checkout()],
	[
		"billing_portal.sessions.create",
		"/v1/billing_portal",
		() => linkCustomer(desk.key, { status: "active" }),
		() => desk.checkout(),
	],
	["customers.retrieve", "/v1/customers/", () => linkCustomer(desk.key), () => desk.manage()],
	["billing_portal.sessions.create", "/v1/billing_portal", () => linkCustomer(desk.key), () => desk.manage()],
];

const PASSING: [string, Fault, string][] = [
	["asks to slow down", { status: 429 }, "StripeRateLimitError code=rate_limit request=req_…"],
	[
		"asks to slow down by a 400",
		{ status: 400, code: "rate_limit" },
		"StripeRateLimitError code=rate_limit request=req_…",
	],
	["holds a lock", { status: 400, code: "lock_timeout" }, "StripeInvalidRequestError code=lock_timeout request=req_…"],
	["answers with a page", { replace: "html" }, "StripeAPIError"],
	["answers null", { body: "null" }, "sdk_failed"],
	["sends the caller elsewhere", { redirect: "https://elsewhere.example/" }, "StripeAPIError"],
];

const REFUSED: [string, Fault, string][] = [
	["answers 400", { status: 400 }, "StripeInvalidRequestError request=req_…"],
	["answers 402", { status: 402 }, "StripeCardError code=card_declined request=req_…"],
	["does not know the object", { status: 404 }, "StripeInvalidRequestError code=resource_missing request=req_…"],
	["knows it no longer", { status: 410 }, "StripeAPIError request=req_…"],
	[
		"names code and parameter",
		errorBody({ code: "tax_id_invalid", param: "line_items[0][price]", message: "words of a@b.example" }),
		"StripeInvalidRequestError code=tax_id_invalid param=line_items[0][price] request=req_…",
	],
	[
		"names things of no form",
		errorBody({ code: "Not a code!", param: "a@b.example", message: "words" }),
		"StripeInvalidRequestError request=req_…",
	],
	[
		"has seen the key with other words",
		errorBody({ type: "idempotency_error", message: "words" }),
		"StripeIdempotencyError request=req_…",
	],
];

const KEYLESS: [string, Fault, string][] = [
	["refuses the key", { status: 401 }, "StripeAuthenticationError request=req_…"],
	[
		"finds the key too old",
		{ status: 401, code: "api_key_expired" },
		"StripeAuthenticationError code=api_key_expired request=req_…",
	],
	["finds the key without permission", { status: 403 }, "StripePermissionError request=req_…"],
];

function errorBody(error: Record<string, string>): Fault {
	const body = JSON.stringify({ error: { type: "invalid_request_error", ...error } });
	return { status: 400, body, headers: { "request-id": "req_Abc123" } };
}

/** What is logged of one refusal, Stripe's request ids replaced, which none of them may lack where Stripe answered. */
function logged(lines: string[]): unknown[] {
	return lines.map((line): unknown => JSON.parse(line.replace(/req_[A-Za-z0-9]+(?=[ )"])/g, "req_…")));
}

function refused(code: string, status: number, reason: string): unknown[] {
	const line = { level: "error", event: "request", request_id: expect.any(String), outcome: code, status, reason };
	return [expect.objectContaining(line)];
}

describe.each(STEPS)("when Stripe's %s (%s)", (step, path, prepare, act) => {
	it.each(PASSING)("%s, which passes, the answer says when to come back", async (_name, fault, reason) => {
		await prepare();
		const { count } = await unexpectedRequests();
		await setFaults(desk.key, { path, ...fault });
		const lines = captureLog();
		expect(await act()).toMatchObject(UNAVAILABLE);
		expect(logged(lines)).toEqual(refused("billing_unavailable", 503, `${step}: ${reason}`));
		expect((await unexpectedRequests()).count).toBe(count);
		vi.restoreAllMocks();
		await setFaults(desk.key);
		expect(await act()).toMatchObject({ status: 200 });
	});

	it.each(REFUSED)("%s, which will not pass, the answer names who can help", async (_name, fault, reason) => {
		await prepare();
		await setFaults(desk.key, { path, ...fault });
		const lines = captureLog();
		const answer = await act();
		expect(answer).toMatchObject({ status: 502, retryAfter: null, body: { error: { code: "billing_refused" } } });
		expect(JSON.stringify(answer)).toContain("; trying again will not help, so please contact Koby's support.");
		expect(logged(lines)).toEqual(refused("billing_refused", 502, `${step}: ${reason}`));
		expect(JSON.stringify([answer, lines])).not.toMatch(/words|@/);
	});

	it.each(KEYLESS)("%s, the answer is that the operator has been told", async (_name, fault, reason) => {
		await prepare();
		await setFaults(desk.key, { path, ...fault });
		const lines = captureLog();
		expect(await act()).toMatchObject({ status: 503, retryAfter: null, body: { error: { code: "not_configured" } } });
		const whole = `STRIPE_SECRET_KEY is missing or unusable (${step}: ${reason})`;
		expect(logged(lines)).toEqual(refused("not_configured", 503, whole));
	});

	it("answers what it does not document, the answer is 503", async () => {
		await prepare();
		for (const body of [
			"{}",
			'{"id":7,"url":7,"data":7}',
			'{"id":"x","object":"list","data":[null]}',
			'{"status":"open","url":"javascript:alert(1)","data":[{}]}',
		]) {
			await setFaults(desk.key, { path, body });
			expect(await act()).toMatchObject(UNAVAILABLE);
		}
	});
});

describe("Stripe under stress", () => {
	beforeEach(() => {
		// The shortest that the SDK waits before it asks again.
		vi.spyOn(Math, "random").mockReturnValue(0);
		skipPauses([500]);
	});

	// The SDK asks again and waits before it does, so one step stands for all.
	it.each<[string, Fault]>([
		["says itself that it may be asked again", { status: 400, headers: { "stripe-should-retry": "true" } }],
		["drops the connection", { reset: true }],
		["has a fault of its own", { status: 502 }],
		["is busy with the same request", { status: 409 }],
	])("%s each time, the answer says when to come back", async (_name, fault) => {
		await setFaults(desk.key, { path: "/v1/prices", times: 3, ...fault });
		expect(await desk.checkout()).toMatchObject(UNAVAILABLE);
	});

	it("is asked again after a dropped connection and a 500, with the same keys", async () => {
		await setFaults(
			desk.key,
			{ path: "/v1/customers", status: 500 },
			{ path: "/v1/prices", reset: true },
			{ path: "/v1/checkout", status: 500, times: 2 },
		);
		expect(await desk.checkout()).toMatchObject({ status: 200, body: { kind: "checkout" } });
		const asked = await desk.asked();
		expect(asked.map(({ step }) => step.split("?")[0])).toEqual([
			"POST /v1/customers",
			"POST /v1/customers",
			"GET /v1/prices",
			"GET /v1/prices",
			"POST /v1/checkout/sessions",
			"POST /v1/checkout/sessions",
			"POST /v1/checkout/sessions",
		]);
		expect(new Set(asked.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(3);
	});
});

describe("the database", () => {
	it("fails before the customer is linked: nothing is lost, and a later try uses the same customer", async () => {
		const broken = withBatch(2, failing("D1_ERROR: D1 DB is overloaded."));
		const refused = await desk.checkout({ plan: "chatbot" }, { env: { DB: broken } });
		expect(refused).toMatchObject({ status: 503, body: { error: { code: "unavailable" } } });
		expect([await customerOf(), await auditRows(env.DB)]).toEqual([null, []]);
		expect(await desk.checkout()).toMatchObject({ status: 200 });
		const created = (await desk.asked()).filter(({ step }) => step === "POST /v1/customers");
		expect(created.map(({ idempotencyKey }) => idempotencyKey)).toEqual(["cust:org_chadis", "cust:org_chadis"]);
	});

	it("fails before the audit row is there: no page is opened", async () => {
		await linkCustomer(desk.key);
		for (const act of [
			desk.checkout({ plan: "chatbot" }, { env: { DB: withBatch(2, failing("")) } }),
			desk.manage({ env: { DB: withBatch(2, failing("")) } }),
		]) {
			expect(await act).toMatchObject({ status: 503, body: { error: { code: "unavailable" } } });
		}
		expect((await desk.asked()).filter(({ step }) => step.startsWith("POST"))).toEqual([]);
	});

	it.each<[string, object[], string]>([
		["checkout", [], "POST /v1/checkout/sessions"],
		["portal", [{ id: "sub_1", customer: "cus_other" }], "POST /v1/billing_portal/sessions"],
	])("links another customer at this moment: the %s is for that one", async (kind, subscriptions, step) => {
		await setStripeState(desk.key, { customers: [{ id: "cus_other" }], subscriptions });
		const overtaken: Replacement = async (run, statements) => {
			await env.DB.prepare("UPDATE orgs SET stripe_customer_id = 'cus_other' WHERE id = ?1").bind(CHADIS.id).run();
			return run(statements);
		};
		expect(await desk.checkout({ plan: "chatbot" }, { env: { DB: withBatch(2, overtaken) } })).toMatchObject({
			status: 200,
			body: { kind },
		});
		expect(await customerOf()).toBe("cus_other");
		const last = (await desk.asked()).at(-1);
		expect([last?.step, Object(last?.form).customer]).toEqual([step, "cus_other"]);
		expect(await auditRows(env.DB)).toMatchObject([{ action: "billing.checkout", fields: "[]" }]);
	});

	it("has the org erased at this moment: it gets no customer, and no page is opened", async () => {
		const erased: Replacement = async (run, statements) => {
			await env.DB.prepare("UPDATE orgs SET erasure_id = 'e' WHERE id = ?1").bind(CHADIS.id).run();
			return run(statements);
		};
		const refused = await desk.checkout({ plan: "chatbot" }, { env: { DB: withBatch(2, erased) } });
		await env.DB.prepare("UPDATE orgs SET erasure_id = NULL WHERE id = ?1").bind(CHADIS.id).run();
		expect(refused).toMatchObject({ status: 503, body: { error: { code: "billing_unavailable" } } });
		expect([await customerOf(), await auditRows(env.DB)]).toEqual([null, []]);
		expect((await desk.asked()).map(({ step }) => step)).not.toContain("POST /v1/checkout/sessions");
	});
});

describe("the log", () => {
	it("holds no page's address, customer or key", async () => {
		const lines = captureLog();
		const urls = [
			await desk.checkout(),
			await desk.checkout(),
			await desk.manage(),
			await desk.checkout({ plan: "enterprise" }),
		].map(({ body }) => Object(body).url);
		expect(urls.slice(0, 3)).toEqual(Array(3).fill(expect.stringMatching(/^https:/)));
		const all = lines.join("\n");
		for (const hidden of [desk.key, String(await customerOf()), "cs_test_", "https://", "cus_"])
			expect(all).not.toContain(hidden);
	});
});
