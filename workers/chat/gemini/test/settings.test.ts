import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, expectError, newClient } from "../../test/client.ts";
import { NOTHING_WRITTEN, written } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));

const PRICES = { input: 1, output: 1 };

describe("a deployment", () => {
	it.each([
		["without a model", { GEMINI_MODEL: undefined }],
		["whose model is not in the table", { GEMINI_MODEL: "gemini-of-nobody" }],
		["whose fallback model is not in the table", { GEMINI_FALLBACK_MODEL: "gemini-of-nobody" }],
		["without the table", { GEMINI_MODELS: undefined }],
		["whose table is not JSON", { GEMINI_MODELS: "{" }],
		["whose table lacks a price", { GEMINI_MODELS: { "gemini-3.5-flash-lite": { input: 1 } } }],
		[
			"whose table has a price that is no number",
			{ GEMINI_MODELS: { "gemini-3.5-flash-lite": { ...PRICES, cached: "1" } } },
		],
		[
			"whose table has an unknown thinking level",
			{ GEMINI_MODELS: { "gemini-3.5-flash-lite": { ...PRICES, thinking_level: "SOME" } } },
		],
		["whose table has a name that is none", { GEMINI_MODELS: { "../models": PRICES } }],
		["whose time limit is no number", { GEMINI_TIMEOUT_MS: "20 s" }],
		["whose token cap is no number", { GEMINI_MAX_OUTPUT_TOKENS: "many" }],
		["whose body cap is no number", { MAX_BODY_BYTES: "32k" }],
		["that would send the key to another host", { GEMINI_BASE_URL: "https://evil.example" }],
		["that would send the key in the clear", { GEMINI_BASE_URL: "http://generativelanguage.googleapis.com" }],
		[
			"that would send the key to this machine in production",
			{ GEMINI_BASE_URL: "http://127.0.0.1:9000", ENVIRONMENT: "production" },
		],
	])("%s answers that it is not set up, and spends nothing", async (_, bindings) => {
		const client = newClient();
		await expectError(await client.call({ key: CHADIS_KEY, env: bindings }), 503, "not_configured");
		expect(await client.asked()).toEqual([]);
		expect(await written()).toEqual(NOTHING_WRITTEN);
	});

	it("may give its table as JSON, call another model by way of the gateway's host in development, and send no thinking level", async () => {
		const client = newClient();
		const models = { "gemini-3.8-flash": PRICES, "gemini-3.1-flash-lite": PRICES };
		const bindings = {
			GEMINI_MODEL: "gemini-3.8-flash",
			GEMINI_MODELS: JSON.stringify(models),
			GEMINI_BASE_URL: "http://127.0.0.1:9000/",
		};
		expect((await client.call({ key: CHADIS_KEY, env: bindings })).status).toBe(200);
		const [asked] = await client.asked();
		expect(asked?.path).toBe("/v1beta/models/gemini-3.8-flash:generateContent");
		expect(asked?.body).toMatchObject({ generationConfig: { maxOutputTokens: 1024 } });
		expect(JSON.stringify(asked?.body)).not.toContain("thinking");
	});
});
