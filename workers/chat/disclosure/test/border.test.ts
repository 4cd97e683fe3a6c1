import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, STREAMED, eventsOf, expectError, newClient } from "../../test/client.ts";
import { converse } from "../../test/routes.ts";
import { NOTHING_WRITTEN, rows, run, watched, written } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));

const CHILD = "My name is Zoe and I'm 9 years old, my tooth hurts";
const HUMAN = "Are you a real person?";
const set = (columns: string) => run(`UPDATE org_config SET ${columns} WHERE org_id = 'org_chadis'`);

describe.each([
	["a child", CHILD, /^Thank you for telling me\. .*ask a grown-up.*Happy Teeth/],
	[
		"whoever asks whether a person answers",
		HUMAN,
		/^No\. .*AI assistant of Happy Teeth.*To reach a person: \(555\) 010-0100$/,
	],
])("%s", (_, message, text) => {
	beforeEach(() => set("display_name = 'Happy Teeth', contact = ' (555)\n010-0100 '"));

	it("is answered by rule: no model is asked, no word kept, nothing taken of the plan, and it counts", async () => {
		const client = newClient();
		const { db, trips } = watched();
		const response = await client.call({
			key: CHADIS_KEY,
			body: { message },
			env: { DB: db, GEMINI_API_KEY: undefined },
		});
		expect(response.status).toBe(200);
		expect(await response.json()).toEqual({
			response: expect.stringMatching(text),
			session_id: null,
			latency_ms: expect.any(Number),
			message_id: null,
			finish: "curated",
			sources: [],
		});
		expect(trips()).toBe(2);
		expect(await client.asked()).toEqual([]);
		expect(await written()).toEqual({ ...NOTHING_WRITTEN, metrics: 1 });
		expect(await rows("SELECT messages, curated, sessions, visitors FROM metrics_daily")).toEqual([
			{ messages: 1, curated: 1, sessions: 0, visitors: 0 },
		]);
	});

	it("is answered so within a conversation, which goes on as it was, and streamed", async () => {
		const { session_id } = await converse({ visitor: "v-1" });
		const before = await rows("SELECT * FROM chat_sessions");
		const response = await newClient().call({
			key: CHADIS_KEY,
			body: { message, visitor_id: "v-1", session_id },
			headers: STREAMED,
		});
		const events = eventsOf(await response.text());
		expect(events.map(({ event }) => event)).toEqual(["session", "delta", "done"]);
		expect(events[0]?.data).toEqual({ session_id, message_id: null });
		expect(events[1]?.data).toEqual({ text: expect.stringMatching(text) });
		expect(await rows("SELECT * FROM chat_sessions")).toEqual(before);
		expect(await rows("SELECT COUNT(*) AS count FROM chat_messages")).toEqual([{ count: 2 }]);
	});

	it("is answered where the plan is used up, and not where the site or its consent says no", async () => {
		await run("UPDATE plans SET monthly_messages = 0");
		const ask = (origin?: string) => newClient().call({ key: CHADIS_KEY, body: { message }, origin });
		expect((await ask()).status).toBe(200);
		await set("consent = 'required'");
		expect((await ask()).status).toBe(403);
		await run("UPDATE portal_sites SET allowed_origins = '[]'");
		await expectError(await ask("https://x.example"), 403, "origin_not_allowed");
		await run("UPDATE portal_sites SET status = 'paused'");
		await expectError(await ask(), 403, "site_inactive");
	});

	it("is answered in the name of the deployment without a key, which takes nothing of the day", async () => {
		const client = newClient();
		const response = await client.call({ body: { message }, env: { LEGACY_NAME: "Happy Teeth" } });
		expect(await response.json()).toMatchObject({
			finish: "curated",
			session_id: null,
			response: expect.stringContaining("Happy Teeth"),
		});
		expect(await client.asked()).toEqual([]);
		expect(await written()).toEqual(NOTHING_WRITTEN);
		await expectError(
			await newClient().call({ body: { message }, env: { LEGACY_MODE: "off" } }),
			401,
			"site_key_required",
		);
	});
});

it("danger to life goes before: a child who wants to die is told whom to call", async () => {
	const response = await newClient().call({ key: CHADIS_KEY, body: { message: "I am 12 and I want to kill myself" } });
	expect(await response.json()).toMatchObject({ finish: "safety", safety: { class: "self_harm" } });
});

describe("a child whose words hint at danger", () => {
	const message = "im 9 years old and my friend wants to kill herself";
	const counted = () => rows("SELECT org_id, class, tier, count FROM safety_daily");

	it.each([{}, STREAMED])(
		"is told to ask a grown-up, and whom to call: nothing is kept or sent on (%j)",
		async (headers) => {
			const client = newClient();
			const text = await (await client.call({ key: CHADIS_KEY, body: { message, visitor_id: "v-1" }, headers })).text();
			const events = "Accept" in headers ? eventsOf(text) : [];
			const body: unknown = events.at(-1)?.data ?? JSON.parse(text);
			expect(body).toMatchObject({
				response: expect.stringMatching(/ask a grown-up[\s\S]*\n\n.*\[988\]\(tel:988\)/),
				finish: "curated",
				message_id: null,
				safety: { class: "self_harm", tier: 2, text: expect.stringContaining("988") },
			});
			if (events.length > 0)
				expect(events.map(({ event }) => event)).toEqual(["session", "delta", "delta", "safety", "done"]);
			expect(await client.asked()).toEqual([]);
			expect(await written()).toEqual({ ...NOTHING_WRITTEN, metrics: 1 });
			expect(await counted()).toEqual([{ org_id: "org_chadis", class: "self_harm", tier: 2, count: 1 }]);
		},
	);

	it("gets the fixed text where the site cannot be read, and no answer where consent is missing", async () => {
		const response = await newClient().call({ key: CHADIS_KEY, body: { message }, env: { DB: undefined } });
		expect(await response.json()).toMatchObject({ finish: "safety", safety: { class: "self_harm", tier: 2 } });
		await set("consent = 'required'");
		const refused = await newClient().call({ key: CHADIS_KEY, body: { message } });
		expect(refused.status).toBe(403);
		expect(await refused.json()).toMatchObject({ error: { code: "consent_required" } });
	});
});

it("counts an answer by rule once, though its booking is sent again", async () => {
	let isLost = true;
	const { db } = watched(undefined, (trip) => {
		if (trip === 2 && isLost) {
			isLost = false;
			throw new Error("D1_ERROR: Network connection lost.");
		}
	});
	await newClient().call({ key: CHADIS_KEY, body: { message: HUMAN }, env: { DB: db } });
	expect(await rows("SELECT messages FROM metrics_daily")).toEqual([{ messages: 1 }]);
});
