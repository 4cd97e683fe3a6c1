import { beforeAll, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { callsOf } from "../../../local/stand-ins/control.ts";
import { stripeClient } from "../../billing/stripe-client.ts";
import {
	NOW_SECONDS,
	RECEIVED,
	deliver,
	everything,
	post,
	stripeEvent,
	subscriptionEvent,
	testSettings,
} from "./stripe-fixture.ts";

const settings = testSettings();
const PAYLOAD = JSON.stringify(stripeEvent("customer.updated", { id: "cus_1", object: "customer" }));

const MISMATCH = {
	status: 400,
	body: {
		error: {
			code: "livemode_mismatch",
			message: "Send live events to production and test events to every other environment; nothing was done.",
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

// Nothing here may write.
beforeAll(() => resetDatabase(settings.db));

describe("the payload", () => {
	const invalid = (fields: { field: string; message: string }[], names: string) => ({
		status: 422,
		body: { error: { code: "invalid_request", message: `Please correct: ${names}.`, request_id: "req_1", fields } },
	});
	const ID = { field: "id", message: "must be the id of an event, evt_…" };
	const TYPE = { field: "type", message: "must be the type of an event" };
	const CREATED = { field: "created", message: "must be Unix seconds" };
	const LIVEMODE = { field: "livemode", message: "must be true or false" };
	const OBJECT = { field: "data.object", message: "must be an object" };

	it.each([
		["null", "null"],
		["[]", "a list"],
		["[{}]", "a list"],
		['"evt_1"', "text"],
		["7", "a number"],
	])("is refused when Stripe's secret signed %s", async (payload, kind) => {
		const message = `Send a JSON object in the body, such as {}, not ${kind}.`;
		const error = { code: "invalid_json", message, request_id: "req_1" };
		expect(await deliver(settings, payload)).toEqual({ status: 400, body: { error } });
	});

	it.each(["{", "evt_1", "{}x", `{"id":"evt_1",}`])("is refused when Stripe's secret signed %s", async (payload) => {
		const error = {
			code: "invalid_json",
			message: "The body is not valid JSON; send a JSON object in UTF-8.",
			request_id: "req_1",
		};
		expect(await deliver(settings, payload)).toEqual({ status: 400, body: { error } });
	});

	it("names every missing field of a signed {}", async () => {
		expect(await deliver(settings, {})).toEqual(
			invalid([ID, TYPE, CREATED, LIVEMODE, OBJECT], "id, type, created, livemode, data.object"),
		);
	});

	it.each([
		[{ id: "in_1" }, ID],
		[{ id: 7 }, ID],
		[{ id: "evt_1' OR 1=1" }, ID],
		[{ id: `evt_${"x".repeat(251)}` }, ID],
		[{ type: "" }, TYPE],
		[{ type: ["customer.deleted"] }, TYPE],
		[{ created: "2026-11-20" }, CREATED],
		[{ created: -1 }, CREATED],
		[{ created: 1e300 }, CREATED],
		[{ livemode: "false" }, LIVEMODE],
		[{ livemode: null }, LIVEMODE],
		[{ data: null }, OBJECT],
		[{ data: { object: [] } }, OBJECT],
	])("is refused with %o", async (fields, fault) => {
		expect(await deliver(settings, { ...subscriptionEvent(), ...fields })).toEqual(invalid([fault], fault.field));
	});

	it("is refused when it is a thin event", async () => {
		const thin = {
			id: "evt_1",
			object: "v2.core.event",
			type: "v1.billing.meter.error_report_triggered",
			created: "2026-11-20T12:00:00.000Z",
		};
		const fault = { field: "object", message: 'must be "event": the endpoint takes snapshot events, not thin ones' };
		expect(await deliver(settings, thin)).toEqual(invalid([fault], "object"));
	});

	it.each([true, false])(
		"is refused over the cap before any signature is computed (length announced: %s)",
		async (announced) => {
			const bytes = new Uint8Array(524_289).fill(0x20);
			const body = announced ? bytes : new Blob([bytes]).stream();
			const error = {
				code: "payload_too_large",
				message: "The body is too large; send at most 524288 bytes.",
				request_id: "req_1",
			};
			expect(await post(settings, body, { "Stripe-Signature": `t=${NOW_SECONDS},v1=0` })).toEqual({
				status: 413,
				body: { error },
			});
		},
	);

	it("is read up to the cap", async () => {
		const padded = PAYLOAD + " ".repeat(524_288 - PAYLOAD.length);
		expect(await deliver(settings, padded)).toEqual(RECEIVED);
	});
});

describe("the mode", () => {
	const live = { environment: "production", secretKey: `sk_live_${crypto.randomUUID()}` };

	it.each([
		["a test event in production", live, false],
		["a live event in development", {}, true],
		["a live event in staging", { environment: "staging" }, true],
		["a test key in production", { environment: "production" }, true],
		["a restricted test key in production", { ...live, secretKey: "rk_test_1" }, true],
		["a live key in development", { secretKey: live.secretKey }, false],
		["a live key in staging", { environment: "staging", secretKey: "rk_live_1" }, false],
	])("refuses %s and writes nothing", async (_name, overrides, livemode) => {
		const before = await everything();
		const mixed = testSettings(overrides);
		expect(await deliver(mixed, { ...subscriptionEvent(), livemode })).toEqual(MISMATCH);
		expect(await deliver(mixed, stripeEvent("product.created", { id: "prod_1" }, { livemode }))).toEqual(MISMATCH);
		expect(await everything()).toEqual(before);
		expect(await callsOf(mixed.secretKey ?? "")).toEqual([]);
	});

	it.each([
		{ environment: "production" },
		{ secretKey: "sk_live_1" },
		{ environment: "staging", secretKey: "rk_live_1" },
	])("keeps a key of the other mode from every call of Stripe (%#)", (overrides) => {
		expect(() => stripeClient(testSettings(overrides))).toThrow(expect.objectContaining({ code: "not_configured" }));
	});

	it.each([
		["live in production", live, true],
		["live in production by a restricted key", { ...live, secretKey: `rk_live_${crypto.randomUUID()}` }, true],
		["test in staging", { environment: "staging" }, false],
		["test in development", {}, false],
	])("admits %s", async (_name, overrides, livemode) => {
		expect(await deliver(testSettings(overrides), { ...subscriptionEvent(), livemode })).toEqual(RECEIVED);
	});
});

describe("what is not set up", () => {
	it.each([
		["the webhook secret is absent", { webhookSecret: undefined }],
		["the webhook secret is blank", { webhookSecret: " , " }],
		["the API key is absent", { secretKey: undefined }],
		["the API key is blank", { secretKey: "\n" }],
		["the API key is something else", { secretKey: "whsec_1" }],
		["the API base is another host", { apiBase: "https://stripe.example" }],
		["the API base has a path", { apiBase: "https://api.stripe.com/v1" }],
		["the API base is this machine in staging", { environment: "staging", apiBase: "http://127.0.0.1:9" }],
	])("answers 503, so that Stripe delivers again, when %s", async (_name, overrides) => {
		const before = await everything();
		expect(await deliver(testSettings(overrides), subscriptionEvent())).toEqual(NOT_CONFIGURED);
		expect(await everything()).toEqual(before);
	});
});
