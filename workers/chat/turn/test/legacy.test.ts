import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { UUID, expectError, inOneMinute, newClient } from "../../test/client.ts";
import { NOTHING_WRITTEN, d1Error, rows, run, watched, written } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));

const today = (): string => new Date().toISOString().slice(0, 10);
const ONE_REQUEST = { ...NOTHING_WRITTEN, legacy: 1 };

describe("a message without a site key", () => {
	it("is answered by the bot of the variables, and only counted", async () => {
		const client = newClient();
		await client.gemini({ reply: { text: "We are CHADIS." } });
		const { db, trips } = watched();
		const response = await client.call({
			body: { message: "Who are you?", session_id: crypto.randomUUID() },
			env: { DB: db },
		});
		expect(await response.json()).toEqual({
			response: "We are CHADIS.",
			session_id: null,
			latency_ms: expect.any(Number),
			message_id: expect.stringMatching(UUID),
			finish: "stop",
			sources: [],
		});
		expect(response.status).toBe(200);
		const [asked] = await client.asked();
		expect(asked?.body).toMatchObject({
			systemInstruction: { parts: [{ text: expect.stringContaining(env.LEGACY_INSTRUCTIONS) }] },
			contents: [{ role: "user", parts: [{ text: "Who are you?" }] }],
		});
		expect(await written()).toEqual(ONE_REQUEST);
		// One before the model is asked, and one that books what the answer did cost.
		expect(trips()).toBe(2);
	});

	it("is answered where no database is bound", async () => {
		expect((await newClient().call({ env: { DB: undefined } })).status).toBe(200);
	});

	it.each([
		["https://www.chadis.com", "production", 200],
		["https://chadis.com", "production", 200],
		[undefined, "production", 200],
		["https://anyone.example", "production", 403],
		["https://www.chadis.com.evil.example", "production", 403],
		["http://www.chadis.com", "production", 403],
		["null", "production", 403],
		["http://localhost:8787", "production", 403],
		["http://localhost:8787", "staging", 403],
		["http://localhost:8787", "development", 200],
		["http://127.0.0.1:8787", "development", 200],
		["https://anyone.example", "development", 403],
	])("from %s in %s is answered by %i", async (origin, ENVIRONMENT, status) => {
		const client = newClient();
		const response = await client.call({ origin, env: { ENVIRONMENT } });
		expect(response.headers.get("Access-Control-Allow-Origin")).toBe(status === 200 ? (origin ?? null) : null);
		if (status === 200) {
			expect(response.status).toBe(200);
			return;
		}
		await expectError(response, 403, "origin_not_allowed");
		expect(await client.asked()).toEqual([]);
		expect(await written()).toEqual(NOTHING_WRITTEN);
	});

	it.each(["off", "", "yes", undefined])("is refused while the mode is %j", async (LEGACY_MODE) => {
		const client = newClient();
		await expectError(await client.call({ env: { LEGACY_MODE } }), 401, "site_key_required");
		expect(await client.asked()).toEqual([]);
		expect(await written()).toEqual(NOTHING_WRITTEN);
	});

	it("is refused while no Gemini key is set, before it is counted", async () => {
		await expectError(await newClient().call({ env: { GEMINI_API_KEY: undefined } }), 503, "not_configured");
		expect(await written()).toEqual(NOTHING_WRITTEN);
	});

	it("is refused beyond the day's limit, exactly, however many ask at once", async () => {
		const call = { env: { LEGACY_DAILY_LIMIT: "5" } };
		const answers = await Promise.all(Array.from({ length: 20 }, () => newClient().call(call)));
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
		const refused = await newClient().call(call);
		expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
		await expectError(refused, 429, "quota_exceeded");
		expect(await rows("SELECT * FROM legacy_usage")).toEqual([
			expect.objectContaining({ date: today(), worker: "chat", requests: 5 }),
		]);
	});

	it("is refused altogether when the day's limit is 0", async () => {
		await expectError(await newClient().call({ env: { LEGACY_DAILY_LIMIT: "0" } }), 429, "quota_exceeded");
	});

	it("does not count what the voice worker answered", async () => {
		await run("INSERT INTO legacy_usage (date, worker, requests) VALUES (?1, 'voice', 5)", today());
		expect((await newClient().call({ env: { LEGACY_DAILY_LIMIT: "5" } })).status).toBe(200);
	});

	it.each([{}, { Accept: "text/event-stream" }])("is given back when Gemini fails (%j)", async (headers) => {
		const client = newClient();
		await client.gemini({ status: 403 });
		await expectError(await client.call({ headers }), 503, "model_unavailable");
		expect(await written()).toEqual(NOTHING_WRITTEN);
	});

	it("is refused when the database fails, before Gemini is asked", async () => {
		const client = newClient();
		const { db } = watched(() => d1Error("Network connection lost."));
		await expectError(await client.call({ env: { DB: db } }), 503, "unavailable");
		expect(await client.asked()).toEqual([]);
	});

	it("is refused from the 11th of a minute on, and when the limiter fails", {
		timeout: 20_000,
	}, async () => {
		await inOneMinute();
		const client = newClient();
		for (let i = 0; i < 10; i++) expect((await client.call({})).status).toBe(200);
		await expectError(await client.call({}), 429, "rate_limited");
		const broken = { limit: () => Promise.reject(new Error("limiter")) };
		await expectError(await newClient().call({ env: { LEGACY_LIMITER: broken } }), 503, "unavailable");
	});
});
