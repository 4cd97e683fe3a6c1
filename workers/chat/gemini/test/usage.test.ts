import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, STREAMED, newClient } from "../../test/client.ts";
import { rows } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));
afterEach(() => vi.restoreAllMocks());

const USED =
	"SELECT input_tokens, cached_tokens, output_tokens, cost_usd_micros FROM chat_messages WHERE role = 'assistant'";
const TOO_MUCH = 2 ** 40;

describe.each<[string, Record<string, string>]>([
	["whole", {}],
	["streamed", STREAMED],
])("the tokens of a %s answer", (_mode, headers) => {
	const used = async (usage: Record<string, number>, more = {}): Promise<{ booked: unknown; fields: unknown[] }> => {
		const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const client = newClient();
		await client.gemini({ reply: { text: "We open at nine.", usage } });
		const response = await client.call({ key: CHADIS_KEY, headers, env: { GEMINI_MAX_OUTPUT_TOKENS: "500" }, ...more });
		await response.text();
		const lines = errors.mock.calls.map(([line]): unknown => JSON.parse(String(line)));
		return { booked: (await rows(USED))[0], fields: lines.map((line) => [Object(line).event, Object(line).field]) };
	};

	it("are booked as far as the call can have used them", async () => {
		const usage = {
			promptTokenCount: 900,
			cachedContentTokenCount: 0,
			candidatesTokenCount: 1000,
			thoughtsTokenCount: 1000,
		};
		expect(await used(usage)).toEqual({
			booked: { input_tokens: 900, cached_tokens: 0, output_tokens: 2000, cost_usd_micros: 270 + 5000 },
			fields: [],
		});
	});

	it.each<[string, Record<string, number>, object]>([
		[
			"promptTokenCount",
			{ promptTokenCount: TOO_MUCH, candidatesTokenCount: 4 },
			{ input_tokens: 0, output_tokens: 4 },
		],
		["toolUsePromptTokenCount", { promptTokenCount: 900, toolUsePromptTokenCount: TOO_MUCH }, { input_tokens: 900 }],
		["cachedContentTokenCount", { promptTokenCount: 900, cachedContentTokenCount: TOO_MUCH }, { cached_tokens: 0 }],
		[
			"candidatesTokenCount",
			{ promptTokenCount: 900, candidatesTokenCount: 1001 },
			{ input_tokens: 900, output_tokens: 0 },
		],
		["thoughtsTokenCount", { candidatesTokenCount: 5, thoughtsTokenCount: TOO_MUCH }, { output_tokens: 5 }],
	])("are left out and logged where they cannot be: %s", async (field, usage, booked) => {
		const all = { thoughtsTokenCount: 0, candidatesTokenCount: 0, ...usage };
		const { fields, ...rest } = await used(all);
		expect(rest.booked).toMatchObject(booked);
		expect(fields).toEqual([["gemini_usage_refused", field]]);
	});

	// A stream has told usable counts before, which stand.
	it.each([-1, 0.5, 1e300])("are left out where they are no count: %d", async (count) => {
		const { booked } = await used({ promptTokenCount: count, candidatesTokenCount: count, thoughtsTokenCount: 0 });
		const { input_tokens: input, output_tokens: output } = Object(booked);
		expect([input, output].every((one) => Number.isInteger(one) && one >= 0 && one < 200)).toBe(true);
		expect(Object(booked).cost_usd_micros).toBeLessThan(100);
	});
});
