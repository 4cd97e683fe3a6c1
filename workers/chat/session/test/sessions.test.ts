import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, expectError, newClient, sessionOf } from "../../test/client.ts";
import { converse, endSession, rate, readSession } from "../../test/routes.ts";
import { rows, run } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe("a visitor's session", () => {
	it("is shown in order, with its ratings and its end", async () => {
		const client = newClient();
		await client.gemini({ reply: { text: "At nine." } }, { reply: { text: "At five." } });
		const body = { message: "When do you open?", visitor_id: "v-1" };
		const first: Record<string, string> = await (await client.call({ key: CHADIS_KEY, body })).json();
		const second: Record<string, string> = await (
			await client.call({ key: CHADIS_KEY, body: { ...body, message: "And close?", session_id: first.session_id } })
		).json();
		const talk = {
			key: CHADIS_KEY,
			visitor: "v-1",
			session_id: first.session_id ?? "",
			message_id: first.message_id ?? "",
		};
		await client.call(rate("down")(talk, CHADIS_KEY));
		const response = await client.call(readSession(talk, CHADIS_KEY));
		const [session] = await rows("SELECT last_message_at FROM chat_sessions");
		const message = {
			id: expect.any(String),
			created_at: expect.stringMatching(INSTANT),
			rating: null,
			finish: null,
			sources: [],
			status: "done",
		};
		const answer = { ...message, role: "assistant", finish: "stop" };
		expect(await response.json()).toEqual({
			session_id: first.session_id,
			messages: [
				{ ...message, role: "user", text: "When do you open?" },
				{ ...answer, id: first.message_id, text: "At nine.", rating: "down" },
				{ ...message, role: "user", text: "And close?" },
				{ ...answer, id: second.message_id, text: "At five." },
			],
			expires_at: new Date(Date.parse(String(session?.last_message_at)) + 86_400_000).toISOString(),
		});
		expect(response.headers.get("Cache-Control")).toBe("no-store");
	});

	it.each([
		["standard", [{ title: "Where to park?", url: "https://www.example.com/park" }]],
		["no_store", []],
	])("has with an answer what it rests on, where words are kept: privacy %s", async (privacy, sources) => {
		await run(`INSERT INTO knowledge (id, org_id, kind, title, question_key, body, source_url)
			VALUES ('kn', 'org_chadis', 'answer', 'Where to park?', 'where to park', 'Behind.', 'https://www.example.com/park')`);
		await run("UPDATE org_config SET privacy = ?1 WHERE org_id = 'org_chadis'", privacy);
		const talk = await converse({ visitor: "v-1", message: "Where to park?" });
		const shown: { messages: unknown[] } = await (await newClient().call(readSession(talk, talk.key))).json();
		expect(shown.messages).toMatchObject([{ sources: [] }, { finish: "curated", sources }]);
	});

	it("has no more of them than its row can bear", async () => {
		const rest = "x".repeat(900);
		const cited = Array.from({ length: 40 }, (_, n) => `[[${n + 1}]]`).join(" ");
		const insert = `
			WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 39)
			INSERT INTO knowledge (id, org_id, kind, title, question_key, body, source_url)
			SELECT 'kn' || i, 'org_chadis', 'article', 'Title ' || i, NULL, 'Parking number ' || i, 'https://www.example.com/' || i || ?1 FROM n`;
		await run(insert, rest);
		await run("UPDATE orgs SET knowledge_version = knowledge_version + 1, knowledge_bytes = 2000");
		const client = newClient();
		await client.gemini({ reply: { text: `Behind. ${cited}` } });
		const body = { message: "Parking?", visitor_id: "v-1" };
		const given: Record<string, string> & { sources: unknown[] } = await (
			await client.call({ key: CHADIS_KEY, body })
		).json();
		const talk = { key: CHADIS_KEY, visitor: "v-1", session_id: given.session_id ?? "", message_id: "" };
		const shown: { messages: { sources: unknown[] }[] } = await (
			await newClient().call(readSession(talk, CHADIS_KEY))
		).json();
		const kept = shown.messages[1]?.sources ?? [];
		expect(given.sources.length).toBeGreaterThan(8);
		expect(kept).toEqual(given.sources.slice(0, 8));
	});

	it("is shown by its newest 200 messages", async () => {
		const talk = await converse();
		const insert = `
			WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
			INSERT INTO chat_messages (id, org_id, session_id, role, content)
			SELECT 'm' || i, 'org_chadis', ?1, IIF(i % 2 = 0, 'user', 'assistant'), 'message ' || i FROM n`;
		await run(insert, talk.session_id);
		const shown: { messages: { text: string }[] } = await (await newClient().call(readSession(talk, talk.key))).json();
		expect(shown.messages.map(({ text }) => text)).toEqual(Array.from({ length: 200 }, (_, i) => `message ${800 + i}`));
	});

	it("holds nothing of another's", async () => {
		await converse({ visitor: "v-2", message: "A secret" });
		const talk = await converse({ visitor: "v-1" });
		expect(await (await newClient().call(readSession(talk, talk.key))).text()).not.toContain("A secret");
	});

	it("that the visitor resets is over: kept for the customer, begun anew by the next message, not found any more", async () => {
		const talk = await converse({ visitor: "v-1" });
		const other = await converse({ visitor: "v-1" });
		const response = await newClient().call(endSession(talk, talk.key));
		expect([response.status, await response.text()]).toEqual([204, ""]);
		expect(await rows("SELECT id, ended_at FROM chat_sessions WHERE ended_at IS NOT NULL")).toEqual([
			{ id: talk.session_id, ended_at: expect.stringMatching(INSTANT) },
		]);
		expect(await rows("SELECT COUNT(*) AS n FROM chat_messages WHERE session_id = ?1", talk.session_id)).toEqual([
			{ n: 2 },
		]);
		const body = { message: "Hello", visitor_id: "v-1", session_id: talk.session_id };
		expect(await sessionOf(await newClient().call({ key: talk.key, body }))).not.toBe(talk.session_id);
		await expectError(await newClient().call(endSession(talk, talk.key)), 404, "not_found");
		expect((await newClient().call(readSession(other, other.key))).status).toBe(200);
	});

	it.each([
		"/sessions",
		"/sessions/",
		"/sessions/x",
		`/sessions/${"a".repeat(37)}`,
		`/sessions/${crypto.randomUUID().toUpperCase()}A`,
		"/sessions/%00",
		`/sessions/${crypto.randomUUID()}/`,
	])("is at no path such as %s", async (path) => {
		await expectError(await newClient().call({ method: "GET", path, key: CHADIS_KEY }), 404, "not_found");
	});
});
