import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, PANNU_KEY, STREAMED, UUID, eventsOf, expectError, newClient } from "../../test/client.ts";
import type { Call, Client } from "../../test/client.ts";
import { d1Error, rows, run, watched, written } from "../../test/tables.ts";
import { helpLine, safetyText } from "../texts/help.ts";

beforeEach(() => resetDatabase(env.DB));

const FOUND = { class: "self_harm", language: "en" } as const;
const HINT = "My friend wants to kill herself. Do you see adults?";
const LINE = helpLine(FOUND, "US");
const FIXED = safetyText(FOUND, "US");
const SAFETY = { class: "self_harm", tier: 2, text: LINE };
const KEYED: Call = { key: CHADIS_KEY, body: { message: HINT, visitor_id: "v-1" } };
const counted = () => rows("SELECT org_id, class, tier, count FROM safety_daily ORDER BY org_id, class, tier");

async function answer(client: Client, call: Call = KEYED): Promise<Record<string, unknown>> {
	const response = await client.call(call);
	expect(response.status).toBe(200);
	return response.json();
}

describe("a message that hints at danger", () => {
	it("gets its answer with a line of help below it", async () => {
		const client = newClient();
		await client.gemini({ reply: { text: "Yes, we see adults." } });
		expect(await answer(client)).toEqual({
			response: `Yes, we see adults.\n\n${LINE}`,
			session_id: expect.stringMatching(UUID),
			latency_ms: expect.any(Number),
			message_id: expect.stringMatching(UUID),
			finish: "stop",
			safety: SAFETY,
			sources: [],
		});
		expect(await client.asked()).toHaveLength(1);
	});

	it("gets it streamed as the last delta, and as an event before the end", async () => {
		const client = newClient();
		await client.gemini({ reply: { pieces: ["Yes, we ", "see adults."] } });
		const events = eventsOf(await (await client.call({ ...KEYED, headers: STREAMED })).text());
		const deltas = events.filter(({ event }) => event === "delta");
		expect(deltas.at(-1)).toEqual({ event: "delta", data: { text: `\n\n${LINE}` } });
		expect(events.slice(-2)).toEqual([
			{ event: "safety", data: SAFETY },
			{
				event: "done",
				data: expect.objectContaining({ response: `Yes, we see adults.\n\n${LINE}`, finish: "stop", safety: SAFETY }),
			},
		]);
	});

	it("is kept in its conversation as it was shown, counted, and never ranked", async () => {
		await answer(newClient());
		expect(await written()).toMatchObject({ sessions: 1, messages: 2, metrics: 1, questions: 0, used: 1 });
		expect(await counted()).toEqual([{ org_id: "org_chadis", class: "self_harm", tier: 2, count: 1 }]);
		const [kept] = await rows("SELECT content FROM chat_messages WHERE role = 'assistant'");
		expect(kept?.content).toMatch(/Suicide & Crisis Lifeline/);
		await answer(newClient(), { key: CHADIS_KEY, body: { message: "When do you open?" } });
		expect(await written()).toMatchObject({ questions: 1 });
	});

	it("is counted once, though its last batch is sent again", async () => {
		let lost = 0;
		const unsure = watched(undefined, (trip) =>
			trip === 2 && lost++ === 0 ? d1Error("Network connection lost") : undefined,
		);
		await answer(newClient(), { ...KEYED, env: { DB: unsure.db } });
		expect(lost).toBe(1);
		expect(await counted()).toEqual([expect.objectContaining({ count: 1 })]);
	});

	it("is never answered from the cache for others, nor kept there", async () => {
		const client = newClient();
		const call = { ...KEYED, host: `${crypto.randomUUID()}.test` };
		for (let times = 0; times < 3; times++) expect(await answer(client, call)).toMatchObject({ finish: "stop" });
		expect(await client.asked()).toHaveLength(3);
	});

	it("gets it without a key as well", async () => {
		expect(await answer(newClient(), { body: { message: HINT } })).toMatchObject({ finish: "stop", safety: SAFETY });
		expect(await counted()).toEqual([]);
	});

	it.each([{}, STREAMED])("gets the fixed text where the model withholds its answer (%j)", async (headers) => {
		const client = newClient();
		await client.gemini({ reply: { block_reason: "SAFETY" } });
		const text = await (await client.call({ ...KEYED, headers })).text();
		const body: unknown = "Accept" in headers ? eventsOf(text).at(-1)?.data : JSON.parse(text);
		expect(body).toMatchObject({ response: FIXED, finish: "safety", safety: { class: "self_harm", tier: 2 } });
		expect(await rows("SELECT content, finish FROM chat_messages WHERE role = 'assistant'")).toEqual([
			{ content: FIXED, finish: "safety" },
		]);
		expect(await rows("SELECT blocked FROM metrics_daily")).toEqual([{ blocked: 1 }]);
	});

	it("gets its help where a stream breaks off", async () => {
		const client = newClient();
		await client.gemini({ cut_after: 1, reply: { pieces: ["We see", " adults."] } });
		const events = eventsOf(await (await client.call({ ...KEYED, headers: STREAMED })).text());
		expect(events.slice(-3)).toEqual([
			{ event: "delta", data: { text: `\n\n${LINE}` } },
			{ event: "safety", data: SAFETY },
			{ event: "error", data: expect.anything() },
		]);
	});
});

describe("a message that hints at danger and can have no answer", () => {
	const never = watched(() => d1Error("Network connection lost"));
	it.each<[string, Call, (() => Promise<void>)?]>([
		["the plan is used up", { key: PANNU_KEY }, () => useUp()],
		["the engine is paused", { key: PANNU_KEY }, () => run("UPDATE portal_sites SET status = 'paused'")],
		["the customer is gone", { key: PANNU_KEY }, () => run("UPDATE orgs SET status = 'churned'")],
		["the database does not answer", { key: PANNU_KEY, env: { DB: never.db } }],
		["there is no Gemini key", { key: PANNU_KEY, env: { GEMINI_API_KEY: undefined } }],
	])("gets the fixed text where %s, whole and streamed", async (_, call, prepare) => {
		await prepare?.();
		const client = newClient();
		for (const headers of [{}, STREAMED]) {
			const response = await client.call({ ...call, headers, body: { message: HINT } });
			expect(response.status).toBe(200);
			expect(await response.text()).toContain(JSON.stringify(FIXED).slice(1, -1));
		}
		expect(await client.asked()).toEqual([]);
	});

	it("gets it with Gemini down, where any other is refused, and its turn is given back", async () => {
		const client = newClient();
		await client.gemini({ status: 503, times: 20 });
		expect(await answer(client)).toMatchObject({
			...{ response: FIXED, finish: "safety", message_id: null, session_id: null },
			safety: { class: "self_harm", tier: 2 },
		});
		expect(await written()).toMatchObject({ used: 0 });
		expect(await counted()).toEqual([{ org_id: "org_chadis", class: "self_harm", tier: 2, count: 1 }]);
		await expectError(await client.call({ key: CHADIS_KEY }), 503, "model_unavailable");
	});

	it("is refused as any other where it is not to be served at all", async () => {
		const body = { message: HINT };
		await expectError(await newClient().call({ key: "?", body }), 401, "invalid_site_key");
		await expectError(
			await newClient().call({ key: CHADIS_KEY, origin: "http://anyone.example", body }),
			403,
			"origin_not_allowed",
		);
	});
});

async function useUp(): Promise<void> {
	const today = new Date().toISOString().slice(0, 10);
	await run("INSERT INTO usage_daily (org_id, date, messages) VALUES ('org_pannu_dental', ?1, 5000)", today);
}

describe("an answer of the model's that says its reader is in danger", () => {
	const REPLY = "It sounds as if you want to end your life. We are so sorry.";

	it.each([{}, STREAMED])("gets the line as well, and is not kept for others (%j)", async (headers) => {
		const client = newClient();
		await client.gemini({ reply: { text: REPLY } });
		const call: Call = {
			key: CHADIS_KEY,
			headers,
			host: `${crypto.randomUUID()}.test`,
			body: { message: "Are you there?" },
		};
		const text = await (await client.call(call)).text();
		const body: unknown = "Accept" in headers ? eventsOf(text).at(-1)?.data : JSON.parse(text);
		expect(body).toMatchObject({ response: `${REPLY}\n\n${LINE}`, finish: "stop", safety: SAFETY });
		expect(await written()).toMatchObject({ questions: 0 });
		expect(await answer(client, { ...call, headers: {} })).toMatchObject({ finish: "stop" });
		expect(await client.asked()).toHaveLength(2);
	});

	it("is read whole, wherever its pieces are cut and however long it is", async () => {
		const client = newClient();
		const filling = "We are open from Monday to Friday and take most plans. ".repeat(60);
		await client.gemini({ reply: { pieces: [filling, "You said you want to ki", "ll your", "self."] } });
		const call: Call = { key: CHADIS_KEY, headers: STREAMED, body: { message: "Are you there?" } };
		const events = eventsOf(await (await client.call(call)).text());
		expect(events.at(-1)?.data).toMatchObject({ finish: "stop", safety: SAFETY });
		expect(events.at(-2)).toEqual({ event: "safety", data: SAFETY });
	});

	it("is no hit where it only says what to do", async () => {
		const client = newClient();
		await client.gemini({ reply: { text: "If you can't breathe or want to die, call 911 or 988 right now." } });
		expect(await answer(client, { key: CHADIS_KEY, body: { message: "Are you there?" } })).not.toHaveProperty("safety");
	});
});

describe("a practice's own settings", () => {
	const KEY = "sk_safety_live_abc123";
	const OWN = { country: "GB", emergencyNumber: "020 7946 0000", emergencyText: "Dr. Lee is on call." };

	beforeEach(async () => {
		await run("UPDATE portal_sites SET site_key = ?1 WHERE site_key = ?2", KEY, PANNU_KEY);
		await run(
			`UPDATE org_config SET country = ?1, emergency_number = ?2, emergency_text = ?3, safety_phrases = ?4 WHERE org_id = 'org_pannu_dental'`,
			...[OWN.country, OWN.emergencyNumber, OWN.emergencyText],
			JSON.stringify([{ phrase: "aligner stuck in my throat", class: "medical_emergency" }]),
		);
	});

	it("give its country's numbers in the line", async () => {
		const { response } = await answer(newClient(), { key: KEY, body: { message: HINT } });
		expect(response).toContain(helpLine(FOUND, "US", OWN));
		expect(response).toContain("116 123");
	});

	it("give its own words and number in the fixed text once an isolate remembers them, for 30 s", async () => {
		const ask = () => answer(newClient(), { key: KEY, body: { message: "I want to die" } });
		const now = Date.now();
		vi.useFakeTimers({ toFake: ["Date"], now: now + 3_600_000 });
		try {
			expect((await ask()).response).toBe(FIXED);
			await answer(newClient(), { key: KEY, body: { message: "When do you open?" } });
			expect((await ask()).response).toBe(safetyText(FOUND, "US", OWN));
			expect((await ask()).response).toContain(
				"From the practice: Dr. Lee is on call. [020 7946 0000](tel:02079460000)",
			);
			vi.setSystemTime(now + 3_600_000 + 30_000);
			expect((await ask()).response).toBe(FIXED);
		} finally {
			vi.useRealTimers();
		}
	});

	it("make its own phrases hints", async () => {
		const body = { message: "Help, my aligner: STUCK IN MY throat" };
		const line = helpLine({ class: "medical_emergency", language: "en" }, "US", OWN);
		expect(await answer(newClient(), { key: KEY, body: { message: `${body.message}!` } })).toMatchObject({
			safety: { class: "medical_emergency", tier: 2, text: line },
		});
		expect(await answer(newClient(), { key: CHADIS_KEY, body })).not.toHaveProperty("safety");
	});

	it("take no built-in class away", async () => {
		await run("UPDATE org_config SET safety_phrases = '[]' WHERE org_id = 'org_pannu_dental'");
		expect(await answer(newClient(), { key: KEY, body: { message: "I want to die" } })).toMatchObject({
			safety: { class: "self_harm", tier: 1 },
		});
	});

	it("are the deployment's country where there are none", async () => {
		const call = { body: { message: "I want to die" }, env: { COUNTRY: "CA" } };
		expect((await answer(newClient(), call)).response).toBe(safetyText(FOUND, "CA"));
	});
});
