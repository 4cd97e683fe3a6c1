import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { skipPauses } from "../../../lib/test/pauses.ts";
import type { Fault } from "../../../local/stand-ins/wire.ts";
import { CHADIS_KEY, STREAMED, eventsOf, expectError, newClient } from "../../test/client.ts";
import type { Client } from "../../test/client.ts";
import { rows, run } from "../../test/tables.ts";

beforeEach(async () => {
	await resetDatabase(env.DB);
	// The shortest wait before a second try.
	vi.spyOn(Math, "random").mockReturnValue(0);
	skipPauses([SHORTEST_PAUSE_MS]);
});
afterEach(() => vi.restoreAllMocks());

const SHORTEST_PAUSE_MS = 100;
const FIRST = "gemini-3.5-flash-lite";
const FALLBACK = "gemini-3.1-flash-lite";
const GOOD: Fault = { reply: { text: "We open at nine." } };
const SLOW: Fault = { hang: true };
const FALLBACK_TEXT = "Please call us: 555 0100.";
const MODES: [string, Record<string, string>][] = [
	["whole", {}],
	["streamed", STREAMED],
];

/** The models that were asked, in order. */
async function models(client: Client): Promise<string[]> {
	return (await client.asked()).map(({ path }) => /models\/([^:]+)/.exec(path)?.[1] ?? "");
}

/** The JSON answer, whichever way it came. */
async function answerOf(response: Response): Promise<unknown> {
	const text = await response.text();
	return response.headers.get("Content-Type")?.startsWith("text/event-stream") === true
		? eventsOf(text).at(-1)?.data
		: JSON.parse(text);
}

describe.each(MODES)("a %s answer", (_mode, headers) => {
	const call = { key: CHADIS_KEY, headers };

	const recovers: [string, Fault, string][] = [
		["500", { status: 500 }, FALLBACK],
		["502 that is not Gemini's", { status: 502, body: "<html>" }, FIRST],
		["503", { status: 503 }, FALLBACK],
		["a connection that drops", { reset: true }, FIRST],
		["a page instead of JSON", { replace: "html" }, FIRST],
		["bytes that are no text", { replace: "garbage" }, FIRST],
		["nothing at all", { replace: "empty" }, FIRST],
		["JSON that is no answer", { body: "[]" }, FIRST],
		["an answer without text", { reply: { no_content: true } }, FIRST],
		["429 with a short wait", { status: 429, retry_after_seconds: 0.05 }, FIRST],
		["429 with a long wait", { status: 429, retry_after_seconds: 22 }, FALLBACK],
		["429 without a wait", { status: 429 }, FALLBACK],
		["404: the model is gone", { status: 404 }, FALLBACK],
		["504", { status: 504 }, FALLBACK],
		["no answer in the first try's share of the time", SLOW, FALLBACK],
	];

	it.each(recovers)("survives %s", async (_, fault, second) => {
		const client = newClient();
		await client.gemini(fault, GOOD);
		const limit = fault === SLOW ? { env: { GEMINI_TIMEOUT_MS: "1500" } } : {};
		expect(await answerOf(await client.call({ ...call, ...limit }))).toMatchObject({
			response: "We open at nine.",
			finish: "stop",
		});
		expect(await models(client)).toEqual([FIRST, second]);
		expect(await rows("SELECT model FROM chat_messages WHERE role = 'assistant'")).toEqual([{ model: second }]);
		expect(await rows("SELECT messages, errors FROM metrics_daily")).toEqual([{ messages: 1, errors: 0 }]);
	});

	const ends: [string, Fault, number, string][] = [
		["400", { status: 400 }, 1, "5"],
		["a key that is not valid", { status: 400, code: "API_KEY_INVALID" }, 1, "5"],
		["a place that Gemini does not serve", { status: 400, code: "FAILED_PRECONDITION" }, 1, "5"],
		["401", { status: 401 }, 1, "5"],
		["403", { status: 403 }, 1, "5"],
		[
			"a redirect",
			{ redirect: `https://generativelanguage.googleapis.com/v1beta/models/${FALLBACK}:generateContent`, status: 307 },
			1,
			"5",
		],
		["503 twice", { status: 503, times: 2 }, 2, "5"],
		["429 twice", { status: 429, times: 2, retry_after_seconds: 22.5 }, 2, "23"],
		["a page twice", { replace: "html", times: 2 }, 2, "5"],
	];

	it.each(ends)("gives way to a 503 after %s", async (_, fault, tries, retryAfter) => {
		const lines = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const client = newClient();
		await client.gemini(fault);
		const response = await client.call({ ...call, origin: "https://anyone.example" });
		expect(response.headers.get("Retry-After")).toBe(retryAfter);
		expect(response.headers.get("Access-Control-Allow-Origin")).toBe("https://anyone.example");
		await expectError(response, 503, "model_unavailable");
		expect(await models(client)).toHaveLength(tries);
		expect(lines.mock.calls.join()).not.toMatch(/key-|leaked|location|quota|overloaded/);
		lines.mockRestore();
		expect(await rows("SELECT role FROM chat_messages")).toEqual([{ role: "user" }]);
		expect(await rows("SELECT messages FROM usage_daily")).toEqual([{ messages: 0 }]);
	});

	it("gives way to a 503 when the time is up, both tries together", async () => {
		const client = newClient();
		await client.gemini({ ...SLOW, times: 2 });
		await expectError(await client.call({ ...call, env: { GEMINI_TIMEOUT_MS: "600" } }), 503, "model_unavailable");
		expect(await models(client)).toEqual([FIRST, FALLBACK]);
		expect((await client.asked()).map(({ response }) => response)).toEqual(["cancelled", "cancelled"]);
	});

	it.each([500, 503])("asks the same model again after %i when there is no other", async (status) => {
		const client = newClient();
		await client.gemini({ status }, GOOD);
		expect((await client.call({ ...call, env: { GEMINI_FALLBACK_MODEL: "" } })).status).toBe(200);
		expect(await models(client)).toEqual([FIRST, FIRST]);
	});

	it.each([404, 429, 504])("gives way to a 503 after %i when there is no other model to go to", async (status) => {
		const client = newClient();
		await client.gemini({ status });
		await expectError(await client.call({ ...call, env: { GEMINI_FALLBACK_MODEL: "" } }), 503, "model_unavailable");
		expect(await models(client)).toEqual([FIRST]);
	});

	const blocked: [string, Fault, number][] = [
		["a blocked prompt", { reply: { block_reason: "PROHIBITED_CONTENT" } }, 1],
		["a blocked answer", { reply: { no_content: true, finish_reason: "SAFETY" } }, 1],
		["recitation", { reply: { no_content: true, finish_reason: "RECITATION" } }, 1],
		["thoughts that used all the tokens", { reply: { no_content: true, finish_reason: "MAX_TOKENS" } }, 1],
		["thoughts alone, twice", { times: 2, reply: { pieces: [], thought: "Hmm." } }, 2],
		["no content, twice", { times: 2, reply: { no_content: true } }, 2],
		["white space, twice", { times: 2, reply: { text: " \n\t " } }, 2],
		["an unknown reason without text", { reply: { no_content: true, finish_reason: "NEW_REASON" } }, 1],
		["an unknown reason with text", { reply: { text: "We open at nine.", finish_reason: "TOO_NEW" } }, 1],
		["a reason that names a part of an answer", { reply: { text: "We open", finish_reason: "CONTINUATION" } }, 1],
	];

	it.each(blocked)("is the fallback message after %s", async (_, fault, tries) => {
		await run("UPDATE org_config SET fallback_message = ?1", FALLBACK_TEXT);
		const client = newClient();
		await client.gemini(fault);
		const response = await client.call(call);
		expect(response.status).toBe(200);
		expect(await answerOf(response)).toMatchObject({ response: FALLBACK_TEXT, finish: "blocked" });
		expect(await models(client)).toEqual(Array.from({ length: tries }, () => FIRST));
		expect(await rows("SELECT content, finish FROM chat_messages WHERE role = 'assistant'")).toEqual([
			{ content: FALLBACK_TEXT, finish: "blocked" },
		]);
		expect(await rows("SELECT messages, blocked, errors FROM metrics_daily")).toEqual([
			{ messages: 1, blocked: 1, errors: 0 },
		]);
	});

	it.each([
		["cut by the token limit", { finish_reason: "MAX_TOKENS" }, "length"],
		["preceded by thoughts", { thought: "The visitor wants the hours." }, "stop"],
		["from a model about to retire", { model_status: { modelStage: "DEPRECATED", message: "Soon gone." } }, "stop"],
	])("stands when it is %s", async (_, reply, finish) => {
		const client = newClient();
		await client.gemini({ reply: { text: "We open at nine.", ...reply } });
		expect(await answerOf(await client.call(call))).toMatchObject({ response: "We open at nine.", finish });
	});

	it("is well-formed text without controls, capped", async () => {
		const client = newClient();
		const pieces = String.raw`  \u0000A\ud83d\ude00B\r\n\u0007C\u009f\tD\ud800E`;
		const body = `{"candidates":[{"content":{"parts":[{"text":"${pieces}${"x".repeat(30_000)}"}]},"finishReason":"STOP"}]}`;
		await client.gemini({ body: headers === STREAMED ? `data: ${body}` : body });
		const text = "A😀B\nC\tD\ufffdE";
		const expected = text + "x".repeat(20_000 - text.length);
		expect(await answerOf(await client.call(call))).toMatchObject({ response: expected, finish: "length" });
		expect(await rows("SELECT content FROM chat_messages WHERE role = 'assistant'")).toEqual([{ content: expected }]);
	});

	it("may not be over a megabyte", async () => {
		const client = newClient();
		await client.gemini({
			times: 2,
			body: `{"candidates":[{"content":{"parts":[{"text":"${"x".repeat(1_100_000)}"}]},"finishReason":"STOP"}]}`,
		});
		await expectError(await client.call(call), 503, "model_unavailable");
	});

	it("from a model about to retire is told to the operator once, in a line without the vendor's text", async () => {
		const lines = vi.spyOn(console, "warn").mockImplementation(() => undefined);
		const client = newClient();
		// A model of its own for each way, since an isolate tells each only once.
		const GEMINI_MODEL = headers === STREAMED ? "gemini-2.5-flash" : "gemini-2.5-pro";
		const env = { GEMINI_MODEL, GEMINI_MODELS: { [GEMINI_MODEL]: { input: 1, output: 1 } }, GEMINI_FALLBACK_MODEL: "" };
		await client.gemini({
			times: 2,
			reply: {
				text: "We open at nine.",
				model_status: { modelStage: "LEGACY", message: "Soon gone.", retirementTime: "2026-12-01T00:00:00Z" },
			},
		});
		const first = await client.call({ ...call, env });
		expect([first.status, (await client.call({ ...call, env })).status]).toEqual([200, 200]);
		expect(lines.mock.calls.map(([line]): unknown => JSON.parse(String(line)))).toEqual([
			{
				level: "warn",
				event: "gemini_model_retiring",
				request_id: first.headers.get("X-Request-Id"),
				org_id: "org_chadis",
				site_id: "site_chadis",
				model: GEMINI_MODEL,
				stage: "LEGACY",
			},
		]);
	});

	it("counts the tokens of both tries", async () => {
		const usage = { promptTokenCount: 1000, candidatesTokenCount: 0 };
		const client = newClient();
		await client.gemini(
			{ reply: { no_content: true, usage } },
			{ reply: { text: "We open at nine.", usage: { ...usage, candidatesTokenCount: 100 } } },
		);
		await client.call(call);
		expect(await rows("SELECT input_tokens, output_tokens, cost_usd_micros FROM metrics_daily")).toEqual([
			{ input_tokens: 2000, output_tokens: 100, cost_usd_micros: 850 },
		]);
	});
});
