import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { skipPauses } from "../../../lib/test/pauses.ts";
import { callsOf, setFaults, unexpectedRequests } from "../../../local/stand-ins/control.ts";
import {
	CUSTOMER,
	NOW,
	ORG,
	RECEIVED,
	SECRET,
	UNAVAILABLE,
	billingOf,
	deliver,
	everything,
	eventsAndAudit,
	failing,
	linkCustomer,
	subscribed,
	subscriptionEvent,
	testSettings,
	withBatch,
} from "./stripe-fixture.ts";
import type { Replacement } from "./stripe-fixture.ts";

const BILLING_UNAVAILABLE = {
	status: 503,
	retryAfter: "30",
	body: {
		error: {
			code: "billing_unavailable",
			message: "The billing provider is not answering; please try again in a moment.",
			request_id: "req_1",
		},
	},
};
const NOT_CONFIGURED = {
	status: 503,
	body: {
		error: {
			code: "not_configured",
			message: "This service is not fully set up; please tell its operator, whose log says what is missing.",
			request_id: "req_1",
		},
	},
};
const REFUSED = {
	status: 502,
	body: {
		error: {
			code: "billing_refused",
			message:
				"The billing provider refuses this request; trying again will not help, so please contact Koby's support.",
			request_id: "req_1",
		},
	},
};

beforeEach(async () => {
	await resetDatabase(env.DB);
	await linkCustomer();
	// The shortest that the SDK waits before it asks again.
	vi.spyOn(Math, "random").mockReturnValue(0);
	skipPauses([500]);
});

afterEach(() => {
	vi.restoreAllMocks();
});

describe("Stripe failing", () => {
	it.each([
		["asks to slow down", { status: 429 }],
		["holds a lock", { status: 400, code: "lock_timeout" }],
		["answers 500 twice", { status: 500, times: 2 }],
		["drops the connection twice", { reset: true, times: 2 }],
		["answers with a page", { replace: "html" as const }],
		["answers with nothing", { replace: "empty" as const }],
		["answers with garbage", { replace: "garbage" as const }],
		["answers null", { body: "null" }],
		["answers {}", { body: "{}" }],
		["answers a list of nulls", { body: '{"object":"list","data":[null]}' }],
		["answers a subscription without status", { body: '{"object":"list","data":[{"id":"sub_1","created":1}]}' }],
		[
			"answers a subscription of another form",
			{ body: '{"object":"list","data":[{"id":"x","status":"active","created":1}]}' },
		],
		["sends the caller elsewhere", { redirect: "https://elsewhere.example/v1/subscriptions" }],
	])("is answered 503 without a trace when it %s; the next delivery succeeds", async (_name, fault) => {
		const { settings, key } = await subscribed();
		const before = await everything();
		await setFaults(key, fault);
		const event = subscriptionEvent();
		const { count } = await unexpectedRequests();
		expect(await deliver(settings, event)).toEqual(BILLING_UNAVAILABLE);
		expect(await everything()).toEqual(before);
		expect((await unexpectedRequests()).count).toBe(count);
		expect(await deliver(settings, event, NOW + 60_000)).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ plan: "voice", status: "past_due" });
	});

	it("is asked once more within one delivery after a 500", async () => {
		const { settings, key } = await subscribed();
		await setFaults(key, { status: 500 });
		expect(await deliver(settings, subscriptionEvent())).toEqual(RECEIVED);
		expect(
			(await callsOf(key)).map(({ method, path, status }) => ({ method, path: decodeURIComponent(path), status })),
		).toEqual(
			[500, 200].map((status) => ({
				method: "GET",
				path: `/v1/subscriptions?customer=${CUSTOMER}&status=all&limit=100&expand[0]=data.items.data.price`,
				status,
			})),
		);
	});

	it("is answered 503 without a time when it does not know the key", async () => {
		const settings = testSettings({ secretKey: "sk_test_invalid" });
		expect(await deliver(settings, subscriptionEvent())).toEqual(NOT_CONFIGURED);
	});

	it.each([
		["refuses the key", { status: 401, code: "api_key_expired" }, NOT_CONFIGURED],
		["forbids the call", { status: 403 }, NOT_CONFIGURED],
		["refuses the call", { status: 400 }, REFUSED],
		["refuses a parameter", { status: 400, code: "parameter_unknown" }, REFUSED],
		["does not know the path", { status: 404, code: "url_invalid" }, REFUSED],
	])("is answered without a time to come back, and without a trace, when it %s", async (_name, fault, expected) => {
		const { settings, key } = await subscribed();
		const before = await everything();
		await setFaults(key, fault);
		const event = subscriptionEvent();
		expect(await deliver(settings, event)).toEqual(expected);
		expect(await everything()).toEqual(before);
		expect(await deliver(settings, event, NOW + 60_000)).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ plan: "voice", status: "past_due" });
	});
});

describe("D1 failing", () => {
	it.each([
		["at the read", 1, "D1_ERROR: D1 DB is overloaded. Requests queued for too long."],
		["at the write", 2, "D1_ERROR: D1 DB is overloaded. Requests queued for too long."],
		["without a word", 2, ""],
	])("is answered 503 without a trace %s; the next delivery succeeds", async (_name, nth, message) => {
		const { settings } = await subscribed({ db: withBatch(nth, failing(message)) });
		const before = await everything();
		const event = subscriptionEvent();
		expect(await deliver(settings, event)).toEqual(UNAVAILABLE);
		expect(await everything()).toEqual(before);
		expect(await deliver(settings, event, NOW + 60_000)).toEqual(RECEIVED);
		expect(await billingOf()).toMatchObject({ plan: "voice", status: "past_due" });
	});

	it.each([1, 2, 3])("leaves no trace when the write breaks after %d of its statements", async (done) => {
		const broken: Replacement = (run, statements) =>
			run([...statements.slice(0, done), env.DB.prepare("UPDATE orgs SET status = 'nonsense'")]).then(() =>
				Promise.reject<never>(new Error("not broken")),
			);
		const { settings } = await subscribed({ db: withBatch(2, broken) });
		const before = await everything();
		const event = subscriptionEvent();
		expect(await deliver(settings, event)).toEqual(UNAVAILABLE);
		expect(await everything()).toEqual(before);
		expect(await deliver(settings, event, NOW + 60_000)).toEqual(RECEIVED);
		expect(await eventsAndAudit()).toMatchObject({ events: [{ id: event.id }], audit: [{ org_id: ORG }] });
	});

	it("has one effect when the write lands and its answer is lost", async () => {
		const lost: Replacement = (run, statements) =>
			run(statements).then(() => Promise.reject<never>(new Error("Network connection lost.")));
		const { settings } = await subscribed({ db: withBatch(2, lost) });
		const event = subscriptionEvent();
		expect(await deliver(settings, event)).toEqual(RECEIVED);
		expect(await eventsAndAudit()).toMatchObject({ events: [{ id: event.id }], audit: [{ org_id: ORG }] });
	});
});

describe("the log", () => {
	it("holds ids and outcomes, never a secret, a signature, an e-mail or the payload", async () => {
		const lines: string[] = [];
		for (const level of ["log", "info", "warn", "error", "debug"] as const) {
			vi.spyOn(console, level).mockImplementation((...args: unknown[]) => void lines.push(args.map(String).join(" ")));
		}
		const { settings, key } = await subscribed();
		const event = subscriptionEvent("updated", { customer_email: "owner@pannu.example", description: "private words" });
		await deliver(settings, event);
		await setFaults(key, { status: 401 });
		await deliver(settings, subscriptionEvent("updated", { customer_email: "owner@pannu.example" }));
		await deliver({ ...settings, webhookSecret: "whsec_other" }, event);
		expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
			{
				level: "info",
				event: "stripe_event",
				request_id: expect.any(String),
				event_id: event.id,
				type: event.type,
				org_id: ORG,
				outcome: "synced",
				secret_index: 0,
			},
			expect.objectContaining({ event: "request", route: "POST /webhooks/stripe", status: 200, outcome: "ok" }),
			expect.objectContaining({
				level: "error",
				event: "request",
				outcome: "not_configured",
				status: 503,
				reason: expect.stringMatching(
					/^STRIPE_SECRET_KEY is missing or unusable \(subscriptions\.list: StripeAuthenticationError request=req_\w+\)$/,
				),
			}),
			expect.objectContaining({
				level: "info",
				event: "request",
				outcome: "invalid_signature",
				status: 400,
				reason: "no_match",
			}),
		]);
		for (const line of lines)
			for (const hidden of [key, SECRET, "v1=", "@", "private", CUSTOMER]) expect(line).not.toContain(hidden);
	});
});
