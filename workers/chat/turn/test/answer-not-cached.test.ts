import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import type { Fault } from "../../../local/stand-ins/wire.ts";
import { cacheQuestion } from "../answer-cache.ts";
import { QUESTION, cachingClient } from "./caching.ts";
import { CHADIS_KEY, STREAMED, eventsOf, expectError, newClient } from "../../test/client.ts";

beforeEach(() => resetDatabase(env.DB));

describe("an answer", () => {
	const unfit: [string, Fault, string][] = [
		["blocked", { reply: { block_reason: "SAFETY" } }, "blocked"],
		["cut", { reply: { text: "We open at", finish_reason: "MAX_TOKENS" } }, "length"],
	];

	it.each(unfit)("that was %s is not kept", async (_, fault, finish) => {
		const client = cachingClient();
		await client.gemini(fault);
		expect(await client.ask()).toMatchObject({ finish });
		expect(await client.ask()).toMatchObject({ finish: "stop" });
	});

	it("that broke off is not kept", async () => {
		const client = cachingClient();
		await client.gemini({ cut_after: 1, reply: { pieces: ["We open", " at nine."] } });
		expect(eventsOf(await (await client.call({ key: CHADIS_KEY, headers: STREAMED })).text()).at(-1)).toMatchObject({
			event: "error",
		});
		expect(await client.ask()).toMatchObject({ finish: "stop" });
	});

	it.each([
		["longer than 200 characters", "a".repeat(201)],
		["made of marks alone", "?!…"],
	])("to a message %s is not kept", async (_, message) => {
		const client = cachingClient();
		await client.ask(message);
		expect(await client.ask(message)).toMatchObject({ finish: "stop" });
	});

	it("to a question that was not asked before costs the cache nothing; the second is kept for the third", async () => {
		const client = newClient();
		const calls = [vi.spyOn(caches.default, "match"), vi.spyOn(caches.default, "put")];
		const call = { host: `${crypto.randomUUID()}.test`, key: CHADIS_KEY };
		const finishes: unknown[] = [];
		for (const uses of [0, 1, 1]) {
			finishes.push(Object(await (await client.call(call)).json()).finish);
			expect(calls.map(({ mock }) => mock.calls.length)).toEqual([finishes.length - 1, uses]);
		}
		for (const spy of calls) spy.mockRestore();
		expect(finishes).toEqual(["stop", "stop", "cached"]);
	});

	it("of the legacy bot is not kept", async () => {
		const client = cachingClient();
		const legacy = { host: "legacy.test", body: { message: QUESTION } };
		for (let times = 0; times < 2; times++)
			expect(await (await client.call(legacy)).json()).toMatchObject({ finish: "stop" });
		expect(await client.asked()).toHaveLength(2);
	});

	it("is asked of the model when the cache fails, which costs a line of the log", async () => {
		const client = cachingClient();
		const lines = vi.spyOn(console, "warn").mockImplementation(() => undefined);
		const failing = [
			vi.spyOn(caches.default, "match").mockRejectedValue(new Error("cache")),
			vi.spyOn(caches.default, "put").mockRejectedValue(new Error("cache")),
		];
		expect(await client.ask()).toMatchObject({ finish: "stop" });
		for (const spy of failing) spy.mockRestore();
		const whose = { request_id: expect.any(String), org_id: "org_chadis", site_id: "site_chadis" };
		expect(lines.mock.calls.map(([line]) => JSON.parse(String(line)))).toEqual([
			{ level: "warn", event: "answer_cache_failed", ...whose, operation: "match" },
			{ level: "warn", event: "answer_cache_failed", ...whose, operation: "put" },
		]);
		lines.mockRestore();
	});

	it.each(["[]", "{}", "<html>", '{"siteId":"site_chadis","configVersion":1,"model":"m","text":"x"}'])(
		"that is not in its form (%s) is none",
		async (body) => {
			const client = cachingClient();
			vi.spyOn(console, "warn").mockImplementation(() => undefined);
			const match = vi.spyOn(caches.default, "match").mockResolvedValue(new Response(body));
			expect(await client.ask()).toMatchObject({ finish: "stop" });
			match.mockRestore();
			vi.restoreAllMocks();
		},
	);

	it("is kept for five minutes at a path that nobody serves", async () => {
		const client = cachingClient();
		const put = vi.spyOn(caches.default, "put");
		await client.ask();
		const [[url, response] = []] = put.mock.calls;
		put.mockRestore();
		expect(response?.headers.get("Cache-Control")).toBe("public, max-age=300");
		const { pathname, host } = new URL(String(url));
		expect(pathname).toMatch(/^\/answers\/[0-9a-f]{64}$/);
		await expectError(await client.call({ host, method: "GET", path: pathname }), 404, "not_found");
	});
});

describe("two messages", () => {
	it.each([
		[QUESTION, "  when do you\nopen "],
		["¿Cuándo abren?", "cuándo abren"],
		["営業時間は？", "営業時間は"],
		["Cafe\u0301", "CAFÉ!"],
	])("%j and %j are one question", (one, other) => {
		expect(cacheQuestion(one)).toBe(cacheQuestion(other));
	});

	it.each([
		["Do you support C++?", "Do you support C?"],
		["Is it 1.5 hours?", "Is it 15 hours?"],
		["Is it -5?", "Is it 5?"],
		["Do you open at 9?", "Do you open at 9:30?"],
		[`${"x".repeat(199)}a`, `${"x".repeat(199)}b`],
	])("%j and %j are two", (one, other) => {
		expect(cacheQuestion(one)).not.toBe(cacheQuestion(other));
	});
});
