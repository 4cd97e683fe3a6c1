import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { CHADIS_KEY, PANNU_KEY, STREAMED, UUID, eventsOf, newClient } from "../../test/client.ts";
import { rows, run, written } from "../../test/tables.ts";

beforeEach(() => resetDatabase(env.DB));

const call = { key: CHADIS_KEY, headers: STREAMED };
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** The writes of a stream cut every `size` bytes. */
function cut(bytes: Uint8Array, size: number): string[] {
	return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
		base64(bytes.slice(index * size, (index + 1) * size)),
	);
}

const chunk = (text: string, finishReason?: string): string =>
	JSON.stringify({
		candidates: [
			{ content: { role: "model", parts: [{ text }] }, ...(finishReason === undefined ? {} : { finishReason }) },
		],
	});

describe("a streamed answer", () => {
	it("is the session, the pieces as Gemini gives them, and the whole", async () => {
		const client = newClient();
		await client.gemini({ reply: { pieces: ["We open", " at nine", "."] } });
		const response = await client.call({ ...call, origin: "https://anyone.example" });
		const text = await response.text();
		const events = eventsOf(text);
		const session = { session_id: expect.stringMatching(UUID), message_id: expect.stringMatching(UUID) };
		expect(events).toEqual([
			{ event: "session", data: session },
			{ event: "delta", data: { text: "We open" } },
			{ event: "delta", data: { text: " at nine" } },
			{ event: "delta", data: { text: "." } },
			{
				event: "done",
				data: { response: "We open at nine.", ...session, latency_ms: expect.any(Number), finish: "stop", sources: [] },
			},
		]);
		expect(events[0]?.data).toEqual({ session_id: expect.anything(), message_id: expect.anything() });
		expect(text.endsWith("\n\n")).toBe(true);
		expect(Object.fromEntries(response.headers)).toMatchObject({
			"content-type": "text/event-stream; charset=utf-8",
			"cache-control": "no-store, no-transform",
			"access-control-allow-origin": "https://anyone.example",
			"x-content-type-options": "nosniff",
			"x-request-id": expect.stringMatching(UUID),
		});
		expect((await client.asked()).map(({ path }) => path)).toEqual([
			"/v1beta/models/gemini-3.5-flash-lite:streamGenerateContent?alt=sse",
		]);
	});

	it("is recorded as a whole one is", async () => {
		const client = newClient();
		await client.gemini({ reply: { pieces: ["We open", " at nine."] } });
		const events = eventsOf(await (await client.call(call)).text());
		const { message_id, session_id }: Record<string, unknown> = Object(events.at(-1)?.data);
		expect(await rows("SELECT id, session_id, role, content FROM chat_messages ORDER BY rowid")).toEqual([
			{ id: expect.stringMatching(UUID), session_id, role: "user", content: "When do you open?" },
			{ id: message_id, session_id, role: "assistant", content: "We open at nine." },
		]);
		expect(await written()).toMatchObject({ sessions: 1, messages: 2, metrics: 1, used: 1 });
	});

	it("without a site key has no session", async () => {
		const events = eventsOf(await (await newClient().call({ headers: STREAMED })).text());
		expect(events[0]).toEqual({
			event: "session",
			data: { session_id: null, message_id: expect.stringMatching(UUID) },
		});
		expect(events.at(-1)).toMatchObject({ event: "done", data: { session_id: null } });
	});

	it.each([1, 2, 3, 7, 64])("is whole when its bytes come %i at a time, whatever ends the lines", async (size) => {
		for (const end of ["\n", "\r\n", "\r"]) {
			const client = newClient();
			const lines = [
				": a comment",
				"event: message",
				`data: ${chunk("Größe: ")}`,
				"",
				`data:${chunk("😀 日本")}`,
				"",
				"id: 7",
				"retry: 10",
			];
			const last = [`data: ${chunk(" fin", "STOP")}`];
			await client.gemini({
				chunks_base64: cut(encode([...lines, "", ...last].join(end)), size),
				content_type: "text/event-stream",
			});
			const events = eventsOf(await (await client.call(call)).text());
			expect(events.map(({ data }) => data).slice(1, -1)).toEqual([
				{ text: "Größe:" },
				// Blanks wait for what follows them: a citation mark would take them along.
				{ text: " 😀 日本" },
				{ text: " fin" },
			]);
			expect(events.at(-1)).toMatchObject({ event: "done", data: { response: "Größe: 😀 日本 fin", finish: "stop" } });
		}
	});

	it("keeps a character together whose halves come in two pieces", async () => {
		const client = newClient();
		const events = [chunk("A\ud83d"), chunk("\ude00B"), chunk("C\ud83d", "STOP")].map((data) => `data: ${data}\n\n`);
		await client.gemini({ chunks_base64: events.map((event) => base64(encode(event))) });
		const sent = eventsOf(await (await client.call(call)).text());
		expect(sent.map(({ data }) => data).slice(1, -1)).toEqual([
			{ text: "A" },
			{ text: "😀B" },
			{ text: "C" },
			{ text: "\ufffd" },
		]);
		expect(sent.at(-1)).toMatchObject({ data: { response: "A😀BC\ufffd" } });
	});

	it("shows the fallback message for an answer that is blocked before its first text", async () => {
		const client = newClient();
		await client.gemini({ reply: { block_reason: "SAFETY" } });
		const events = eventsOf(await (await client.call(call)).text());
		expect(events.map(({ event }) => event)).toEqual(["session", "delta", "done"]);
		expect(events[1]?.data).toEqual({ text: expect.stringMatching(/^I'm sorry/) });
	});

	it("replaces by the fallback message what is blocked half way, and keeps none of it", async () => {
		await run("UPDATE org_config SET fallback_message = 'Let us change the subject.'");
		const client = newClient();
		await client.gemini({ reply: { pieces: ["Something bad"], finish_reason: "SAFETY" } });
		const events = eventsOf(await (await client.call(call)).text());
		expect(events.at(-1)).toMatchObject({
			event: "done",
			data: { response: "Let us change the subject.", finish: "blocked" },
		});
		expect(await rows("SELECT content, finish FROM chat_messages WHERE role = 'assistant'")).toEqual([
			{ content: "Let us change the subject.", finish: "blocked" },
		]);
	});

	it("goes out while Gemini is still speaking", async () => {
		const client = newClient();
		await client.gemini({ stall_after: 1, reply: { pieces: ["We open", " at nine."] } });
		const { response, settled } = client.start({ ...call, env: { GEMINI_TIMEOUT_MS: "1000" } });
		const reader = (await response).body?.getReader();
		let seen = "";
		while (!seen.includes("We open")) seen += new TextDecoder().decode((await reader?.read())?.value);
		const [asked] = await client.asked();
		expect(asked?.response).toBe("open");
		await reader?.cancel();
		await settled();
	});
});

describe("a streamed answer that breaks off", () => {
	const breaks: [string, Parameters<ReturnType<typeof newClient>["gemini"]>[0]][] = [
		["by an error event", { error_event_after: 1, status: 503 }],
		["by a dropped connection", { cut_after: 1 }],
		["by a clean end that says no reason", { end_after: 1 }],
		["by silence", { stall_after: 1 }],
		[
			"by half an event",
			{ chunks_base64: [base64(encode(`data: ${chunk("We open")}\r\n\r\ndata: {"candidates":[{"con`))] },
		],
		[
			"by an error object outside any event",
			{
				chunks_base64: [base64(encode(`data: ${chunk("We open")}\r\n\r\n{"error":{"code":500,"status":"INTERNAL"}}`))],
			},
		],
		[
			"in the middle of a character",
			{ chunks_base64: [base64(encode(`data: ${chunk("We open")}\n\n`)), base64(new Uint8Array([0xf0, 0x9f]))] },
		],
	];

	it.each(breaks)("%s ends with an error, counts as one, and costs the plan nothing", async (_, fault) => {
		const client = newClient();
		await client.gemini({ reply: { pieces: ["We open", " at nine."] }, ...fault });
		const limit = fault.stall_after === undefined ? {} : { env: { GEMINI_TIMEOUT_MS: "1000" } };
		const response = await client.call({ ...call, key: PANNU_KEY, ...limit });
		const events = eventsOf(await response.text());
		expect(response.status).toBe(200);
		expect(events.map(({ event }) => event)).toEqual(["session", "delta", "error"]);
		expect(events.at(-1)?.data).toEqual({
			error: {
				code: "model_unavailable",
				message: expect.any(String),
				request_id: response.headers.get("X-Request-Id"),
			},
		});
		expect(await client.asked()).toHaveLength(1);
		expect(await rows("SELECT role, content FROM chat_messages")).toEqual([
			{ role: "user", content: "When do you open?" },
		]);
		expect(await rows("SELECT sessions, messages, errors FROM metrics_daily")).toEqual([
			{ sessions: 1, messages: 0, errors: 1 },
		]);
		expect(await rows("SELECT messages FROM usage_daily")).toEqual([{ messages: 0 }]);
	});

	it("before its first text is tried again as if nothing had been said", async () => {
		const client = newClient();
		await client.gemini(
			{ reply: { thought: "Hmm.", text: "Never seen" }, cut_after: 1 },
			{ reply: { text: "We open at nine." } },
		);
		const events = eventsOf(await (await client.call(call)).text());
		expect(events.at(-1)).toMatchObject({ event: "done", data: { response: "We open at nine." } });
		expect(await client.asked()).toHaveLength(2);
	});

	it("by an error event before its first text goes where the error leads", async () => {
		const client = newClient();
		await client.gemini({ error_event_after: 0, status: 429 });
		const events = eventsOf(await (await client.call(call)).text());
		expect(events.at(-1)).toMatchObject({ event: "done", data: { finish: "stop" } });
		expect((await client.asked()).map(({ path }) => path.split(":")[0])).toEqual([
			"/v1beta/models/gemini-3.5-flash-lite",
			"/v1beta/models/gemini-3.1-flash-lite",
		]);
	});
});
