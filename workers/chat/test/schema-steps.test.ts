import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SCHEMA_VERSION } from "../../lib/d1/schema-version.ts";
import { resetDatabase } from "../../lib/test/database.ts";
import {
	LAST_VERSION,
	NEXT_VERSION,
	OUTDATED,
	SCHEMA_LINE,
	inAnHour,
	schemaLines,
	stepBack,
	stepForward,
} from "../../lib/test/schema-steps.ts";
import { CHADIS_KEY, STREAMED, eventsOf, newClient } from "./client.ts";
import { NOTHING_WRITTEN, written } from "./tables.ts";

beforeEach(() => resetDatabase(env.DB));
afterEach(() => resetDatabase(env.DB));

const ASKED = { key: CHADIS_KEY, body: { message: "When do you open?", visitor_id: "v-1" } };

async function health(): Promise<[number, unknown]> {
	const response = await inAnHour(() => newClient().call({ path: "/health", method: "GET" }));
	return [response.status, await response.json()];
}

describe("on a database one migration ahead, the chat", () => {
	beforeEach(() => stepForward(env.DB));

	it("is healthy and says both versions", async () => {
		expect(await health()).toEqual([
			200,
			{
				status: "ok",
				worker: "chadis-chat",
				checks: { db: "ok" },
				schema: { expected: SCHEMA_VERSION, found: NEXT_VERSION },
			},
		]);
	});

	it("answers whole, streamed and without a key, and keeps what was said", async () => {
		const client = newClient();
		const whole: Record<string, unknown> = await (await client.call(ASKED)).json();
		expect(whole).toMatchObject({ finish: "stop", session_id: expect.any(String) });
		const body = { ...ASKED.body, session_id: whole["session_id"] };
		const streamed = await client.call({ ...ASKED, body, headers: STREAMED });
		expect(eventsOf(await streamed.text()).at(-1)).toMatchObject({ event: "done", data: { finish: "stop" } });
		expect((await client.call({ body: { message: "And on Sunday?" } })).status).toBe(200);
		expect(await written()).toMatchObject({ sessions: 1, messages: 4, used: 2, legacy: 1 });
		const headers = { "X-Visitor-Id": "v-1" };
		const history = await client.call({
			key: CHADIS_KEY,
			path: `/sessions/${String(whole["session_id"])}`,
			method: "GET",
			headers,
		});
		expect(await history.json()).toMatchObject({ messages: [{ role: "user" }, { role: "assistant" }, {}, {}] });
	});
});

describe("on a database one migration behind, the chat", () => {
	beforeEach(() => stepBack(env.DB, "turns"));

	it("is not healthy and says both versions", async () => {
		expect(await health()).toEqual([
			503,
			{
				status: "failed",
				worker: "chadis-chat",
				checks: { db: "failed" },
				schema: { expected: SCHEMA_VERSION, found: LAST_VERSION },
			},
		]);
	});

	it.each([{}, STREAMED])(
		"refuses a turn with both versions and one line in the log, and asks no model (%j)",
		async (headers) => {
			const client = newClient();
			const lines = await schemaLines(async () => {
				const response = await client.call({ ...ASKED, headers });
				expect([response.status, await response.json()]).toMatchObject([503, { error: OUTDATED }]);
			});
			expect(lines).toEqual([expect.objectContaining(SCHEMA_LINE)]);
			expect(await client.asked()).toEqual([]);
			expect(await written()).toEqual(NOTHING_WRITTEN);
		},
	);
});
