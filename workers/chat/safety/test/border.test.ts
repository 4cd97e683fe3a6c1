import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, PANNU_KEY, STREAMED, UUID, eventsOf, expectError, newClient } from "../../test/client.ts";
import type { Call } from "../../test/client.ts";
import { NOTHING_WRITTEN, d1Error, rows, run, watched, written } from "../../test/tables.ts";
import { safetyText } from "../texts/help.ts";

beforeEach(() => resetDatabase(env.DB));

const DESPAIR = { message: "I want to kill myself tonight", visitor_id: "v-1" };
const TEXT = safetyText({ class: "self_harm", language: "en" }, "US");
const ANSWER = {
	response: TEXT,
	session_id: null,
	latency_ms: expect.any(Number),
	message_id: null,
	finish: "safety",
	safety: { class: "self_harm", tier: 1 },
	sources: [],
};

/** Whatever would be in the way of another message. */
const WAYS: [string, Call, (() => Promise<void>)?][] = [
	["with nothing in its way", { key: CHADIS_KEY }],
	["without a key", {}],
	["with a wrong key", { key: "sk_nobody_live_abc123" }],
	["with a key that is none", { key: "?" }],
	["from an origin that is not allowed", { key: CHADIS_KEY, origin: "http://anyone.example" }],
	["with the plan used up", { key: PANNU_KEY }, () => useUp()],
	["with the engine paused", { key: PANNU_KEY }, () => run("UPDATE portal_sites SET status = 'paused'")],
	["with the customer gone", { key: PANNU_KEY }, () => run("UPDATE orgs SET status = 'churned'")],
	["without a database", { key: CHADIS_KEY, env: { DB: undefined } }],
	["without a Gemini key", { key: CHADIS_KEY, env: { GEMINI_API_KEY: undefined } }],
	[
		"without the limiters of sites and sessions",
		{ key: CHADIS_KEY, env: { SITE_LIMITER: undefined, SESSION_LIMITER: undefined } },
	],
	["where legacy requests are refused", { env: { LEGACY_MODE: "off", LEGACY_LIMITER: undefined } }],
];

async function useUp(): Promise<void> {
	const today = new Date().toISOString().slice(0, 10);
	await run("INSERT INTO usage_daily (org_id, date, messages) VALUES ('org_pannu_dental', ?1, 5000)", today);
}

/** What is counted of danger, over all customers. */
const counted = () => rows("SELECT org_id, class, tier, count FROM safety_daily ORDER BY org_id, class, tier");

describe("a message that speaks of danger in plain words", () => {
	it.each(WAYS)("is answered %s, whole and streamed, and leaves nothing behind", async (_, call, prepare) => {
		await prepare?.();
		const before = await written();
		const client = newClient();
		const whole = await client.call({ ...call, body: DESPAIR });
		expect(whole.status).toBe(200);
		expect(await whole.json()).toEqual(ANSWER);
		const streamed = await client.call({ ...call, body: DESPAIR, headers: STREAMED });
		expect(eventsOf(await streamed.text())).toEqual([
			{ event: "session", data: { session_id: null, message_id: null } },
			{ event: "safety", data: { class: "self_harm", tier: 1 } },
			{ event: "delta", data: { text: TEXT } },
			{ event: "done", data: ANSWER },
		]);
		expect(await client.asked()).toEqual([]);
		expect(await written()).toEqual(before);
	});

	it("is answered with Gemini down, where any other is refused", async () => {
		const client = newClient();
		await client.gemini({ status: 503, times: 10 });
		expect(await (await client.call({ key: CHADIS_KEY, body: DESPAIR })).json()).toEqual(ANSWER);
		await expectError(await client.call({ key: CHADIS_KEY }), 503, "model_unavailable");
	});

	it.each([{}, STREAMED])("waits for no database, which only counts it (%j)", async (headers) => {
		const { promise: released, resolve: release } = Promise.withResolvers<void>();
		const slow = watched(() => released);
		const started = newClient().start({ key: CHADIS_KEY, body: DESPAIR, headers, env: { DB: slow.db } });
		const response = await started.response;
		expect(await response.text()).toContain(JSON.stringify(TEXT).slice(1, -1));
		expect(await counted()).toEqual([]);
		release();
		await started.settled();
		expect(slow.trips()).toBe(1);
		expect(await counted()).toEqual([{ org_id: "org_chadis", class: "self_harm", tier: 1, count: 1 }]);
		expect(await written()).toEqual(NOTHING_WRITTEN);
	});

	it("is counted by class for the customer whose site admits it, and for nobody else", async () => {
		const client = newClient();
		await client.call({ key: CHADIS_KEY, body: DESPAIR });
		await client.call({ key: CHADIS_KEY, body: DESPAIR, headers: STREAMED });
		await client.call({ key: PANNU_KEY, body: { message: "My son swallowed a battery" } });
		const two = [
			{ org_id: "org_chadis", class: "self_harm", tier: 1, count: 2 },
			{ org_id: "org_pannu_dental", class: "poisoning", tier: 1, count: 1 },
		];
		expect(await counted()).toEqual(two);
		await client.call({ body: DESPAIR });
		await client.call({ key: "sk_nobody_live_abc123", body: DESPAIR });
		await client.call({ key: CHADIS_KEY, origin: "http://anyone.example", body: DESPAIR });
		await run("UPDATE portal_sites SET status = 'paused'");
		await client.call({ key: CHADIS_KEY, body: DESPAIR });
		expect(await counted()).toEqual(two);
	});

	it("costs one line in the log where it cannot be counted", async () => {
		const failing = watched(() => d1Error("Network connection lost"));
		const lines: unknown[] = [];
		const spy = vi.spyOn(console, "warn").mockImplementation((line) => void lines.push(JSON.parse(String(line))));
		const response = await newClient().call({ key: CHADIS_KEY, body: DESPAIR, env: { DB: failing.db } });
		spy.mockRestore();
		expect(response.status).toBe(200);
		expect(lines).toEqual([
			expect.objectContaining({ event: "safety_not_counted", request_id: response.headers.get("X-Request-Id") }),
		]);
	});

	it("is answered to the page that asks, and never kept by anyone on the way", async () => {
		const origin = "http://anyone.example";
		for (const headers of [{}, STREAMED]) {
			const response = await newClient().call({ key: CHADIS_KEY, origin, body: DESPAIR, headers });
			expect(response.headers.get("Access-Control-Allow-Origin")).toBe(origin);
			expect(response.headers.get("Cache-Control")).toMatch(/^no-store/);
			expect(response.headers.get("X-Request-Id")).toMatch(UUID);
		}
	});

	it("gets the session back that it names, if that could be one", async () => {
		const session_id = crypto.randomUUID();
		const ask = (id: unknown) => newClient().call({ key: CHADIS_KEY, body: { ...DESPAIR, session_id: id } });
		expect(await (await ask(session_id)).json()).toEqual({ ...ANSWER, session_id });
		expect(await (await ask("mine")).json()).toEqual(ANSWER);
		expect(await (await ask(null)).json()).toEqual(ANSWER);
		await expectError(await ask(7), 422, "invalid_request", ["session_id"]);
	});

	it("stands between the turns of a conversation, which goes on without it", async () => {
		const client = newClient();
		const ask = async (message: string, session_id?: unknown): Promise<Record<string, unknown>> => {
			const body = { message, visitor_id: "v-1", ...(session_id === undefined ? {} : { session_id }) };
			return (await client.call({ key: CHADIS_KEY, body })).json();
		};
		const { session_id } = await ask("When do you open?");
		expect(await ask("I want to die", session_id)).toMatchObject({ finish: "safety", session_id });
		expect(await ask("And on Saturday?", session_id)).toMatchObject({ finish: "stop", session_id });
		expect(await written()).toMatchObject({ sessions: 1, messages: 4, used: 2 });
		expect(JSON.stringify(await client.asked())).not.toContain("want to die");
	});

	it("leaves one line in the log beside its request's, and neither holds a word of it", async () => {
		const lines: unknown[] = [];
		const spies = (["log", "info", "warn", "error"] as const).map((level) =>
			vi.spyOn(console, level).mockImplementation((line) => void lines.push(line)),
		);
		const response = await newClient().call({ key: CHADIS_KEY, body: DESPAIR });
		for (const spy of spies) spy.mockRestore();
		expect(lines.map((line) => JSON.parse(String(line)))).toEqual([
			{
				level: "info",
				event: "safety_answered",
				request_id: response.headers.get("X-Request-Id"),
				class: "self_harm",
				tier: 1,
			},
			// The one trip counts the answer, after it was given.
			expect.objectContaining({ event: "request", status: 200, d1_trips: 1, vendor_calls: 0 }),
		]);
		expect(lines.join("\n")).not.toContain(DESPAIR.message);
	});

	it.each([
		["Mi hijo no respira", "medical_emergency", "es"],
		["My chest hurts and I can't breathe", "medical_emergency", "en"],
		["I took the whole bottle of pills", "poisoning", "en"],
		["quiero morir", "self_harm", "es"],
		["My dad hits me every day", "abuse", "en"],
		["My tooth just got knocked out", "dental_emergency", "en"],
	] as const)("is answered in its language and for its kind: %s", async (message, name, language) => {
		const text = safetyText({ class: name, language }, "US");
		const response = await newClient().call({ body: { message } });
		expect(await response.json()).toMatchObject({ response: text, safety: { class: name, tier: 1 } });
	});

	it("is read only where the body is sound, and by whom the limit of addresses lets in", async () => {
		const client = newClient();
		await expectError(await client.call({ body: { message: 1 } }), 422, "invalid_request", ["message"]);
		const never = { limit: () => Promise.resolve({ success: false }) };
		await expectError(await client.call({ body: DESPAIR, env: { IP_LIMITER: never } }), 429, "rate_limited");
	});
});

describe("a harmless message", () => {
	it.each(["This tooth is killing me", "I don't want to die, I want a cleaning", "¿Hay que matar el nervio?"])(
		"gets its answer: %s",
		async (message) => {
			const client = newClient();
			const answer: Record<string, unknown> = await (await client.call({ key: CHADIS_KEY, body: { message } })).json();
			expect(answer).toMatchObject({ finish: "stop", message_id: expect.stringMatching(UUID) });
			expect(answer).not.toHaveProperty("safety");
			expect(await client.asked()).toHaveLength(1);
		},
	);
});
