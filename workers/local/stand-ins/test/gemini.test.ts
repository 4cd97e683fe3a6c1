import { describe, expect, it } from "vitest";
import { harness } from "./harness.ts";

const BASE = "https://generativelanguage.googleapis.com/v1beta/models";
const WHOLE = `${BASE}/gemini-3.5-flash-lite:generateContent`;
const STREAM = `${BASE}/gemini-3.5-flash-lite:streamGenerateContent`;
const KEY = { "x-goog-api-key": "key-1" };

function asking(text: string, more: Record<string, unknown> = {}) {
	return { contents: [{ role: "user", parts: [{ text }] }], ...more };
}

interface Chunk {
	candidates?: { content?: { parts: { text: string }[] }; finishReason?: string }[];
	usageMetadata: Record<string, unknown>;
	modelVersion: string;
	responseId: string;
	error?: unknown;
}

function events(body: string): Chunk[] {
	const frames = body.split("\r\n\r\n");
	expect(frames.pop()).toBe("");
	return frames.map((frame) => JSON.parse(frame.replace(/^data: /, "")));
}

function textOf(chunks: Chunk[]): string {
	return chunks
		.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? [])
		.map(({ text }) => text)
		.join("");
}

describe("generateContent", () => {
	it("answers with the question quoted, usage and the model's name", async () => {
		const { post } = harness();
		const response = await post(WHOLE, asking("When are you open?"), KEY);
		expect(response.status).toBe(200);
		expect(await response.json()).toEqual({
			candidates: [
				{
					content: { role: "model", parts: [{ text: expect.stringContaining("“When are you open?”") }] },
					finishReason: "STOP",
					index: 0,
				},
			],
			usageMetadata: {
				promptTokenCount: 5,
				candidatesTokenCount: 40,
				totalTokenCount: 45,
				promptTokensDetails: [{ modality: "TEXT", tokenCount: 5 }],
			},
			modelVersion: "gemini-3.5-flash-lite",
			responseId: expect.any(String),
		});
	});

	it("stops at maxOutputTokens", async () => {
		const { post } = harness();
		const response = await post(WHOLE, asking("Hi", { generationConfig: { maxOutputTokens: 3 } }), KEY);
		const body: Chunk = JSON.parse(await response.text());
		expect(body.candidates?.[0]?.finishReason).toBe("MAX_TOKENS");
		expect(textOf([body])).toBe("You asked: “");
	});

	it("reads the instruction back on [[echo]]", async () => {
		const { post } = harness();
		const body = asking("[[echo]]", { systemInstruction: { parts: [{ text: "Be kind." }] } });
		expect(textOf([JSON.parse(await (await post(WHOLE, body, KEY)).text())])).toBe("Be kind.");
	});

	it("tells a blocked prompt as 200 without candidates", async () => {
		const { post } = harness();
		const response = await post(WHOLE, asking("[[blocked]]"), KEY);
		expect(response.status).toBe(200);
		expect(await response.json()).toEqual({
			promptFeedback: { blockReason: "PROHIBITED_CONTENT" },
			usageMetadata: { promptTokenCount: 3, totalTokenCount: 3 },
			modelVersion: "gemini-3.5-flash-lite",
			responseId: expect.any(String),
		});
	});

	it.each([
		["[[empty]]", "STOP"],
		["[[safety]]", "SAFETY"],
	])("leaves content out on %s", async (text, finishReason) => {
		const { post } = harness();
		const body: Chunk = JSON.parse(await (await post(WHOLE, asking(text), KEY)).text());
		expect(body.candidates).toEqual([{ finishReason, index: 0 }]);
	});

	it("says what a test gives it to say", async () => {
		const { post, faults } = harness();
		await faults("key-1", {
			reply: { text: "Nine to five.", thought: "Hmm.", usage: { cachedContentTokenCount: 2 }, finish_reason: "OTHER" },
		});
		const body: Chunk = JSON.parse(await (await post(WHOLE, asking("Hours?"), KEY)).text());
		expect(body.candidates).toEqual([
			{
				content: { role: "model", parts: [{ text: "Hmm.", thought: true }, { text: "Nine to five." }] },
				finishReason: "OTHER",
				index: 0,
			},
		]);
		expect(body.usageMetadata.cachedContentTokenCount).toBe(2);
	});
});

describe("streamGenerateContent", () => {
	it("sends SSE events with cumulative usage and the finish reason last", async () => {
		const { post } = harness();
		const response = await post(`${STREAM}?alt=sse`, asking("When are you open?"), KEY);
		expect(response.headers.get("content-type")).toBe("text/event-stream");
		const chunks = events(await response.text());
		expect(chunks.length).toBeGreaterThan(3);
		expect(textOf(chunks)).toContain("“When are you open?”");
		expect(chunks.map((chunk) => chunk.candidates?.[0]?.finishReason)).toEqual([
			...chunks.slice(1).map(() => undefined),
			"STOP",
		]);
		const counts = chunks.map((chunk) => Number(chunk.usageMetadata.candidatesTokenCount));
		expect(counts).toEqual([...counts].sort((one, other) => one - other));
		expect(new Set(chunks.map((chunk) => chunk.responseId)).size).toBe(1);
	});

	it("sends one JSON array without alt=sse", async () => {
		const { post } = harness();
		const response = await post(STREAM, asking("Hi"), KEY);
		expect(response.headers.get("content-type")).toBe("application/json; charset=UTF-8");
		expect(textOf(JSON.parse(await response.text()))).toContain("“Hi”");
	});

	it("breaks off with an error event, and ends without a finish reason, on a fault", async () => {
		const { post, faults } = harness();
		await faults("key-1", { error_event_after: 1, status: 503 }, { end_after: 2 });
		const failed = events(await (await post(`${STREAM}?alt=sse`, asking("Hi"), KEY)).text());
		expect(failed.map((chunk) => chunk.error)).toEqual([
			undefined,
			{ code: 503, message: "The model is overloaded. Please try again later.", status: "UNAVAILABLE" },
		]);
		const ended = events(await (await post(`${STREAM}?alt=sse`, asking("Hi"), KEY)).text());
		expect(ended.map((chunk) => chunk.candidates?.[0]?.finishReason)).toEqual([undefined, undefined]);
	});

	it("breaks off in the other ways that streams do", async () => {
		const { post, faults } = harness();
		const reply = { pieces: ["One", " two", " three"], chunk_finish_reason: "STOP" };
		const error = '"status": "UNAVAILABLE"';
		const shapes = (["bare", "below", "beside_text", "list"] as const).map((error_shape) => ({
			...{ reply, error_shape, error_event_after: 1, status: 503 },
		}));
		await faults("key-1", ...shapes, { reply, page_after: 1 }, { reply, half_after: 1 });
		const texts: string[] = [];
		for (let calls = 0; calls < 6; calls++)
			texts.push(await (await post(`${STREAM}?alt=sse`, asking("Hi"), KEY)).text());
		const [bare = "", below = "", beside = "", list = "", page = "", half = ""] = texts;
		for (const text of texts) expect(text).toMatch(/^data: \{.*"One".*"finishReason":"STOP".*\r\n/);
		expect(bare).toMatch(new RegExp(`\\}\r\n\r\n\\{\n[\\s\\S]*${error}[\\s\\S]*\\}$`));
		expect(below).toMatch(new RegExp(`\\}\r\n\\{\n[\\s\\S]*${error}[\\s\\S]*\\}$`));
		expect(beside).toMatch(/data: \{.*" two".*"error":\{.*\}\r\n\r\n$/);
		expect(list).toMatch(/data: \[\{"error":\{.*\}\]\r\n\r\n$/);
		expect(page).toMatch(/<html>.*<\/html>.*" two".*" three"/s);
		expect(half.split("data: ")).toHaveLength(3);
		expect(half).toMatch(/data: \{"candidates":\[\{"content".{0,200}$/);
	});

	it("sends an error status with its object in a list, when asked to", async () => {
		const { post, faults } = harness();
		await faults("key-1", { status: 429, error_shape: "list" });
		const response = await post(`${STREAM}?alt=sse`, asking("Hi"), KEY);
		expect([response.status, await response.json()]).toEqual([
			429,
			[{ error: expect.objectContaining({ code: 429 }) }],
		]);
	});
});
