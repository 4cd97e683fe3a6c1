import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, PANNU_KEY, newClient, sessionOf } from "../../test/client.ts";
import type { Client } from "../../test/client.ts";
import { rows, run } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));

const DAY_MS = 86_400_000;
const instant = (ageMs: number): string => new Date(Date.now() - ageMs).toISOString();

/** Says something and returns the session it was said in. */
async function say(
	client: Client,
	message: string,
	more: Record<string, unknown> = {},
	key = CHADIS_KEY,
): Promise<string> {
	return sessionOf(await client.call({ key, body: { message, ...more } }));
}

/** What Gemini was last shown of the conversation. */
async function shown(client: Client): Promise<string[]> {
	const last = (await client.asked()).at(-1);
	const body: { contents: { role: string; parts: { text: string }[] }[] } = JSON.parse(JSON.stringify(last?.body));
	return body.contents.map(({ role, parts }) => `${role}: ${parts.map(({ text }) => text).join("")}`);
}

describe("a session", () => {
	it("goes on with what was said before", async () => {
		const client = newClient();
		await client.gemini({ reply: { text: "One." } }, { reply: { text: "Two." } });
		const session_id = await say(client, "First");
		expect(await say(client, "Second", { session_id })).toBe(session_id);
		expect(await say(client, "Third", { session_id })).toBe(session_id);
		expect(await shown(client)).toEqual(["user: First", "model: One.", "user: Second", "model: Two.", "user: Third"]);
		expect(await rows("SELECT id, message_count FROM chat_sessions")).toEqual([{ id: session_id, message_count: 6 }]);
		expect(await rows("SELECT sessions, messages, visitors FROM metrics_daily")).toEqual([
			{ sessions: 1, messages: 3, visitors: 1 },
		]);
	});

	it("goes on for the visitor who began it", async () => {
		const client = newClient();
		const session_id = await say(client, "First", { visitor_id: "v-1" });
		expect(await say(client, "Second", { visitor_id: "v-1", session_id })).toBe(session_id);
	});

	it.each([
		["unknown", crypto.randomUUID()],
		["no UUID", "'; DROP TABLE chat_sessions; --"],
		["of another form", "A".repeat(5000)],
		["malformed text", "\ud800\u0000"],
		["empty", ""],
	])("that is %s quietly becomes a new one", async (_, session_id) => {
		const client = newClient();
		const begun = await say(client, "Hello", { session_id });
		expect(begun).not.toBe(session_id);
		expect(await shown(client)).toEqual(["user: Hello"]);
		expect(await rows("SELECT id FROM chat_sessions")).toEqual([{ id: begun }]);
	});

	it.each([
		["of another site", { visitor_id: "v-1" }, PANNU_KEY, null],
		["of another visitor", { visitor_id: "v-2" }, CHADIS_KEY, null],
		["of a named visitor, asked for by nobody", {}, CHADIS_KEY, null],
		["of another org", { visitor_id: "v-1" }, CHADIS_KEY, "UPDATE chat_sessions SET org_id = 'org_pannu_dental'"],
		["that has ended", { visitor_id: "v-1" }, CHADIS_KEY, `UPDATE chat_sessions SET ended_at = '${instant(0)}'`],
		[
			"idle for 24 hours",
			{ visitor_id: "v-1" },
			CHADIS_KEY,
			`UPDATE chat_sessions SET last_message_at = '${instant(DAY_MS + 1000)}'`,
		],
	])("%s quietly becomes a new one, and shows nothing of the old", async (_, more, key, change) => {
		const client = newClient();
		const session_id = await say(client, "A secret", { visitor_id: "v-1" });
		if (change !== null) await run(change);
		const begun = await say(client, "Hello", { ...more, session_id }, key);
		expect(begun).not.toBe(session_id);
		expect(await shown(client)).toEqual(["user: Hello"]);
		expect(await rows("SELECT COUNT(*) AS n FROM chat_messages WHERE session_id = ?1", session_id)).toEqual([{ n: 2 }]);
	});

	it.each([
		["is answered", {}],
		["fails", { status: 403 }],
	])("erased while its next turn is under way stays so, and the turn is not counted (it %s)", async (_, fault) => {
		const client = newClient();
		await client.gemini({ reply: { text: "One." } }, { delay_ms: 300, ...fault });
		const session_id = await say(client, "First");
		const { response, settled } = client.start({ key: CHADIS_KEY, body: { message: "Second", session_id } });
		await expect.poll(async () => (await client.asked()).length).toBe(2);
		await run("DELETE FROM chat_sessions");
		await response;
		await settled();
		expect(await rows("SELECT id FROM chat_sessions")).toEqual([]);
		expect(await rows("SELECT id FROM chat_messages")).toEqual([]);
		expect(await rows("SELECT question FROM question_stats")).toEqual([{ question: "first" }]);
		expect(await rows("SELECT messages + errors AS turns FROM metrics_daily")).toEqual([{ turns: 1 }]);
		expect(await rows("SELECT messages FROM usage_daily")).toEqual([{ messages: 1 }]);
		expect(await rows("SELECT id FROM turns")).toEqual([]);
	});

	it("of nobody in particular is not given to a named visitor", async () => {
		const client = newClient();
		const session_id = await say(client, "A secret");
		expect(await say(client, "Hello", { visitor_id: session_id.slice(1), session_id })).not.toBe(session_id);
	});

	it("idle for just under 24 hours goes on", async () => {
		const client = newClient();
		const session_id = await say(client, "First");
		await run("UPDATE chat_sessions SET last_message_at = ?1", instant(DAY_MS - 60_000));
		expect(await say(client, "Second", { session_id })).toBe(session_id);
	});

	it("leaves turns that failed or were blocked out of what Gemini is shown", async () => {
		const client = newClient();
		await client.gemini(
			{ reply: { text: "One." } },
			{ reply: { block_reason: "SAFETY" } },
			{ status: 403 },
			{ reply: { text: "Four." } },
		);
		const session_id = await say(client, "First");
		await say(client, "Blocked", { session_id });
		expect((await client.call({ key: CHADIS_KEY, body: { message: "Failed", session_id } })).status).toBe(503);
		await say(client, "Fourth", { session_id });
		await say(client, "Fifth", { session_id });
		expect(await shown(client)).toEqual(["user: First", "model: One.", "user: Fourth", "model: Four.", "user: Fifth"]);
	});

	it("shows Gemini no more than its newest turns, and reads no more rows when it is long", async () => {
		const client = newClient();
		const session_id = await say(client, "First");
		const message = `
			WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
			INSERT INTO chat_messages (id, org_id, session_id, role, content)
			SELECT 'm' || i, 'org_chadis', ?1, IIF(i % 2 = 0, 'user', 'assistant'), ?2 || i FROM n`;
		await run(message, session_id, "message ");
		await say(client, "Last", { session_id });
		const contents = await shown(client);
		expect(contents).toHaveLength(21);
		expect([contents.at(0), contents.at(-2), contents.at(-1)]).toEqual([
			"user: message 980",
			"model: message 999",
			"user: Last",
		]);
	});

	it("shows Gemini whole turns within a budget of characters", async () => {
		const client = newClient();
		await client.gemini({ times: 5, reply: { text: "x".repeat(3999) } });
		const session_id = await say(client, "1");
		for (const message of ["2", "3", "4", "5", "6"]) await say(client, message, { session_id });
		expect((await shown(client)).map((text) => text.slice(0, 9))).toEqual([
			...["user: 2", "model: xx", "user: 3", "model: xx", "user: 4", "model: xx", "user: 5", "model: xx", "user: 6"],
		]);
	});
});
