import { describe, expect, it } from "vitest";
import { harness } from "./harness.ts";

const BASE = "https://generativelanguage.googleapis.com/v1beta/models";
const MODEL = "gemini-embedding-2";
const KEY = { "x-goog-api-key": "key-1" };

const contentOf = (...texts: string[]) => ({ parts: texts.map((text) => ({ text })) });

async function embed(body: Record<string, unknown>, model = MODEL, method = "embedContent"): Promise<unknown> {
	return (await harness().post(`${BASE}/${model}:${method}`, body, KEY)).json();
}

async function vector(text: string, more: Record<string, unknown> = {}, model = MODEL): Promise<number[]> {
	return Object(await embed({ content: contentOf(text), outputDimensionality: 768, ...more }, model)).embedding.values;
}

function dot(one: readonly number[], other: readonly number[]): number {
	return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}

describe("embedContent", () => {
	it("gives a vector of the asked size and of unit length, the same each time; 3,072 numbers unasked", async () => {
		const first = await vector("Where can I park?");
		expect([first.length, dot(first, first)]).toEqual([768, expect.closeTo(1, 6)]);
		expect(await vector("Where can I park?")).toEqual(first);
		expect(await vector("Where can I park?", { outputDimensionality: undefined })).toHaveLength(3072);
		const small = await vector("Where can I park?", { outputDimensionality: 128 });
		expect([small.length, dot(small, small)]).toEqual([128, expect.closeTo(1, 6)]);
		const wordless = await vector("And?");
		expect(dot(wordless, wordless)).toBeCloseTo(1, 6);
	});

	it("lays texts that share words or synonyms near one another, and others not", async () => {
		const question = await vector("task: search result | query: where can I leave my car?");
		const parking = await vector("title: Parking | text: There is free parking behind the house.");
		const hours = await vector("title: none | text: We open on Monday.");
		expect(dot(question, parking)).toBeGreaterThan(dot(question, hours) + 0.1);
	});

	it("reads a text without the words that only say what it is for", async () => {
		const plain = await vector("Where can I park?");
		expect(await vector("task: search result | query: Where can I park?")).toEqual(plain);
		expect(await vector("title: none | text: Where can I park?")).toEqual(plain);
	});

	it("makes one vector of several parts, and none of unit length by the first model", async () => {
		const fused = Object(await embed({ content: contentOf("Where can", " I park?"), outputDimensionality: 768 }));
		expect(fused.embedding.values).toEqual(await vector("Where can I park?"));
		const first = await vector("Where can I park?", {}, "gemini-embedding-001");
		expect(dot(first, first)).toBeCloseTo(0.49, 6);
	});
});

describe("batchEmbedContents", () => {
	const batch = (texts: readonly string[], model = `models/${MODEL}`) => ({
		requests: texts.map((text) => ({ model, content: contentOf(text), outputDimensionality: 256 })),
	});

	it("gives a vector for each request, in order", async () => {
		const { embeddings } = Object(await embed(batch(["Parking", "Hours"]), MODEL, "batchEmbedContents"));
		const alone = await vector("Hours", { outputDimensionality: 256 });
		expect(embeddings).toEqual([{ values: expect.any(Array) }, { values: alone }]);
	});

	it.each([
		["more than 100 requests", batch(Array.from({ length: 101 }, (_, index) => `Text ${index}`)), /at most 100/],
		["no request", { requests: [] }, /requests is not specified/],
		["another model than the path's", batch(["Parking"], "models/gemini-embedding-001"), /must be models/],
		["no text", batch([""]), /required oneof field 'data'/],
		[
			"an option that there is not",
			{ requests: [{ ...batch(["Parking"]).requests[0], embedContentConfig: {} }] },
			/Unknown name "embedContentConfig" at 'requests\[0\]'/,
		],
		[
			"too many numbers",
			{ requests: [{ ...batch(["Parking"]).requests[0], outputDimensionality: 4096 }] },
			/between 128 and 3072/,
		],
	])("refuses %s", async (_, body, message) => {
		expect(await embed(body, MODEL, "batchEmbedContents")).toMatchObject({
			error: { code: 400, status: "INVALID_ARGUMENT", message: expect.stringMatching(message) },
		});
	});
});

describe("either", () => {
	it("is refused to a model that does not embed or is retired, and answers faults as its vendor does", async () => {
		for (const model of ["text-embedding-004", "gemini-3.5-flash-lite"])
			expect(await embed({ content: contentOf("Hi") }, model)).toMatchObject({ error: { code: 404 } });
		const { post, faults } = harness();
		await faults("key-1", { status: 429, path: ":embedContent", retry_after_seconds: 3 });
		const response = await post(`${BASE}/${MODEL}:embedContent`, { content: contentOf("Hi") }, KEY);
		expect([response.status, await response.json()]).toEqual([
			429,
			{ error: expect.objectContaining({ status: "RESOURCE_EXHAUSTED" }) },
		]);
	});
});
