import { describe, expect, it } from "vitest";
import { harness } from "./harness.ts";

const BASE = "https://generativelanguage.googleapis.com/v1beta/models";
const WHOLE = `${BASE}/gemini-3.5-flash-lite:generateContent`;
const KEY = { "x-goog-api-key": "key-1" };

function asking(text: string, more: Record<string, unknown> = {}) {
	return { contents: [{ role: "user", parts: [{ text }] }], ...more };
}

describe("Gemini's refusals", () => {
	const refused: [string, unknown, RegExp][] = [
		[
			"an unknown field",
			asking("Hi", { foo: 1 }),
			/^Invalid JSON payload received\. Unknown name "foo": Cannot find field\.$/,
		],
		[
			"an unknown setting",
			asking("Hi", { generationConfig: { model: "x" } }),
			/Unknown name "model" at 'generation_config'/,
		],
		["a penalty", asking("Hi", { generationConfig: { frequencyPenalty: 1 } }), /^Penalty is not enabled/],
		[
			"a last turn of the model",
			{ contents: [{ role: "model", parts: [{ text: "Hi" }] }] },
			/last content has the role user/,
		],
		[
			"another role",
			{ contents: [{ role: "system", parts: [{ text: "Hi" }] }] },
			/^Please use a valid role: user, model\.$/,
		],
		["no contents", {}, /contents is not specified/],
		["an empty text", asking(""), /required oneof field 'data'/],
		["six stop sequences", asking("Hi", { generationConfig: { stopSequences: [..."abcdef"] } }), /stop_sequences/],
		[
			"a level beside a budget",
			asking("Hi", { generationConfig: { thinkingConfig: { thinkingLevel: "LOW", thinkingBudget: 1 } } }),
			/only one of/,
		],
		[
			"an unknown threshold",
			asking("Hi", { safetySettings: [{ category: "HARM_CATEGORY_HARASSMENT", threshold: "HIGH" }] }),
			/safety_settings\[0\]\.threshold/,
		],
	];
	it.each(refused)("refuses %s with 400 INVALID_ARGUMENT", async (_name, body, message) => {
		const { post } = harness();
		const response = await post(WHOLE, body, KEY);
		expect(response.status).toBe(400);
		expect(await response.json()).toMatchObject({
			error: { code: 400, message: expect.stringMatching(message), status: "INVALID_ARGUMENT" },
		});
	});

	it("refuses a body that is not JSON", async () => {
		const { fetch } = harness();
		const response = await fetch(WHOLE, { method: "POST", headers: KEY, body: JSON.stringify(asking("Hi")) });
		expect(response.status).toBe(400);
	});

	it("refuses the thinking level that a model does not have", async () => {
		const { post } = harness();
		const body = asking("Hi", { generationConfig: { thinkingConfig: { thinkingLevel: "MINIMAL" } } });
		expect((await post(WHOLE, body, KEY)).status).toBe(200);
		expect((await post(`${BASE}/gemini-3.8-flash:generateContent`, body, KEY)).status).toBe(400);
	});

	it("answers a retired model with 404", async () => {
		const { post } = harness();
		const response = await post(`${BASE}/gemini-2.0-flash:generateContent`, asking("Hi"), KEY);
		expect(response.status).toBe(404);
		expect(await response.json()).toEqual({
			error: {
				code: 404,
				message:
					"models/gemini-2.0-flash is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.",
				status: "NOT_FOUND",
			},
		});
	});

	it("answers an invalid key with 400 API_KEY_INVALID, none with 403, two with 400", async () => {
		const { post } = harness();
		const invalid = await post(WHOLE, asking("Hi"), { "x-goog-api-key": "invalid-key" });
		expect(invalid.status).toBe(400);
		expect(await invalid.json()).toEqual({
			error: {
				code: 400,
				message: "API key not valid. Please pass a valid API key.",
				status: "INVALID_ARGUMENT",
				details: [
					{
						"@type": "type.googleapis.com/google.rpc.ErrorInfo",
						reason: "API_KEY_INVALID",
						domain: "googleapis.com",
						metadata: { service: "generativelanguage.googleapis.com" },
					},
				],
			},
		});
		expect((await post(WHOLE, asking("Hi"))).status).toBe(403);
		expect((await post(`${WHOLE}?key=other`, asking("Hi"), KEY)).status).toBe(400);
	});

	it("carries RetryInfo in a 429", async () => {
		const { post, faults } = harness();
		await faults("key-1", { status: 429, retry_after_seconds: 1.5 });
		const response = await post(WHOLE, asking("Hi"), KEY);
		expect(response.status).toBe(429);
		expect(await response.json()).toMatchObject({
			error: {
				code: 429,
				status: "RESOURCE_EXHAUSTED",
				details: [
					{ "@type": "type.googleapis.com/google.rpc.QuotaFailure" },
					{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "1.5s" },
				],
			},
		});
	});
});
