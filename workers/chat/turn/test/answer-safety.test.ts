import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, STREAMED, eventsOf, newClient } from "../../test/client.ts";
import { rows, run } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));

describe("an answer", () => {
	it("leaves as a JSON string, whatever markup the model put in it", async () => {
		const response = await newClient().call({ key: CHADIS_KEY, body: { message: "[[html]]" } });
		expect(response.headers.get("Content-Type")).toBe("application/json; charset=utf-8");
		expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
		expect(await response.json()).toMatchObject({
			response: expect.stringMatching(/^<img src=x onerror="alert\(1\)">/),
			finish: "stop",
		});
		const stream = await newClient().call({ key: CHADIS_KEY, body: { message: "[[html]]" }, headers: STREAMED });
		expect(stream.headers.get("X-Content-Type-Options")).toBe("nosniff");
		expect(eventsOf(await stream.text()).at(-1)).toMatchObject({
			event: "done",
			data: { response: expect.stringContaining("<script>") },
		});
	});

	it.each([
		["whole", {}],
		["streamed", STREAMED],
	])("costs no more than the cap, which is always sent (%s)", async (_, headers) => {
		const client = newClient();
		await client.gemini({ reply: { text: "word ".repeat(2000) } });
		const response = await client.call({ key: CHADIS_KEY, headers, env: { GEMINI_MAX_OUTPUT_TOKENS: undefined } });
		await response.text();
		const [asked, ...more] = await client.asked();
		expect(asked?.body).toMatchObject({ generationConfig: { maxOutputTokens: 1024 } });
		expect(more).toEqual([]);
		expect(await rows("SELECT finish, length(content) AS chars FROM chat_messages WHERE role = 'assistant'")).toEqual([
			{ finish: "length", chars: 4096 },
		]);
	});
});

describe("a bot whose owner has said nothing", () => {
	it("is told to say that it does not know, rather than to promise", async () => {
		await run("UPDATE org_config SET instructions = NULL");
		const client = newClient();
		await client.call({ key: CHADIS_KEY });
		const [asked] = await client.asked();
		expect(JSON.stringify(asked?.body)).toContain("When you do not know the answer, say so");
	});
});

describe("the log", () => {
	it("holds nothing that a visitor typed, whatever becomes of it", async () => {
		const spies = [vi.spyOn(console, "log"), vi.spyOn(console, "warn"), vi.spyOn(console, "error")].map((spy) =>
			spy.mockImplementation(() => undefined),
		);
		const client = newClient();
		const call = {
			key: CHADIS_KEY,
			body: {
				message: "My card is 4111 1111 1111 1111, my mail ann@private.example",
				visitor_id: "ann@private.example",
			},
		};
		await client.gemini(
			{ reply: { text: "So it is 4111 1111 1111 1111?" } },
			{ status: 403 },
			{ reply: { block_reason: "SAFETY" } },
			{ replace: "garbage", times: 2 },
		);
		const statuses: number[] = [];
		for (let times = 0; times < 4; times++) statuses.push((await client.call(call)).status);
		statuses.push((await client.call({ ...call, key: "sk_nobody_live_abc123" })).status);
		statuses.push((await client.call({ ...call, body: { ...call.body, session_id: 1 } })).status);
		const logged = spies.flatMap((spy) => spy.mock.calls.map(String)).join("\n");
		vi.restoreAllMocks();
		expect(statuses).toEqual([200, 503, 200, 503, 401, 422]);
		expect(logged).toContain("model_unavailable");
		// One random id in a few thousand has "4111" in it, and no visitor typed that.
		const told = logged.replace(/"request_id":"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"/g, "");
		expect(told).not.toBe(logged);
		expect(told).not.toMatch(/4111|private|sk_|key-/);
	});
});
