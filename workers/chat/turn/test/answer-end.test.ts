import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { skipPauses } from "../../../lib/test/pauses.ts";
import type { Fault, ReplyOverride } from "../../../local/stand-ins/wire.ts";
import { CHADIS_KEY, PANNU_KEY, STREAMED, eventsOf, expectError, newClient } from "../../test/client.ts";
import { rows } from "../../test/tables.ts";
import { cachingClient } from "./caching.ts";

beforeEach(async () => {
	await resetDatabase(env.DB);
	// The shortest wait before a second try.
	vi.spyOn(Math, "random").mockReturnValue(0);
	skipPauses([SHORTEST_PAUSE_MS]);
});
afterEach(() => vi.restoreAllMocks());

const SHORTEST_PAUSE_MS = 100;
const PIECES = ["Parking is behind", " the building,", " and free."];
const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const chunk = (text: string, finishReason?: string): string => {
	const content = { role: "model", parts: [{ text }] };
	return JSON.stringify({ candidates: [{ content, ...(finishReason === undefined ? {} : { finishReason }) }] });
};
const event = (data: string): string => `data: ${data}\n\n`;

/** How a stream is broken after two of its pieces. */
const BREAKS: [string, Fault][] = [
	["an error object as an event of its own", { error_event_after: 2, status: 500 }],
	["an error object outside any event", { error_event_after: 2, error_shape: "bare", status: 503 }],
	["an error object right below an event", { error_event_after: 2, error_shape: "below", status: 429 }],
	["an error object beside a text", { error_event_after: 2, error_shape: "beside_text", status: 503 }],
	["an error object in a list", { error_event_after: 2, error_shape: "list", status: 499 }],
	["a reset", { cut_after: 2 }],
	["half a chunk", { half_after: 2 }],
	["a page of a proxy, and the rest of the answer", { page_after: 2 }],
	["silence", { stall_after: 2 }],
];
/** What chunks in the middle say of their finish, as models, their older versions and SDKs between write it. */
const REASONS = ["STOP", "", "FINISH_REASON_UNSPECIFIED", "MAX_TOKENS"];
const BROKEN = BREAKS.flatMap(([what, fault]) =>
	REASONS.map((reason): [string, string, Fault, ReplyOverride] => [
		what,
		reason,
		fault,
		{ pieces: PIECES, chunk_finish_reason: reason },
	]),
);

describe("a streamed text whose chunks named a finish reason", () => {
	it.each(BROKEN)("and that is followed by %s (%j) is broken: shown, not counted as answered", async (...given) => {
		const [, , fault, reply] = given;
		const client = newClient();
		await client.gemini({ ...fault, reply });
		const limit = fault.stall_after === undefined ? {} : { env: { GEMINI_TIMEOUT_MS: "700" } };
		const response = await client.call({ key: PANNU_KEY, headers: STREAMED, ...limit });
		const events = eventsOf(await response.text());
		expect(events.map(({ event: name }) => name)).toEqual(["session", "delta", "delta", "error"]);
		expect(events.slice(1, 3).map(({ data }) => data)).toEqual([{ text: PIECES[0] }, { text: PIECES[1] }]);
		expect(events[3]?.data).toMatchObject({ error: { code: "model_unavailable" } });
		expect(await client.asked()).toHaveLength(1);
		expect(await rows("SELECT role, content FROM chat_messages")).toEqual([
			{ role: "user", content: "When do you open?" },
		]);
		expect(await rows("SELECT messages, errors FROM metrics_daily")).toEqual([{ messages: 0, errors: 1 }]);
		expect(await rows("SELECT messages FROM usage_daily")).toEqual([{ messages: 0 }]);
		expect(await rows("SELECT COUNT(*) AS n FROM turns")).toEqual([{ n: 0 }]);
	});

	const untold: [string, string[]][] = [
		["ends, then goes on without a reason", [chunk("We open", "STOP"), chunk(" at nine")]],
		["ends without one but the empty", [chunk("We open"), chunk(" at nine", "")]],
		["ends without one but the unspecified", [chunk("We open", "FINISH_REASON_UNSPECIFIED")]],
	];

	it.each(untold)("and that %s is broken", async (_, chunks) => {
		const client = newClient();
		await client.gemini({ chunks_base64: chunks.map((data) => base64(event(data))) });
		const events = eventsOf(await (await client.call({ key: CHADIS_KEY, headers: STREAMED })).text());
		expect(events.at(-1)).toMatchObject({ event: "error" });
	});

	it("on each chunk, and that ends by itself, is whole", async () => {
		const client = newClient();
		await client.gemini({ reply: { pieces: PIECES, chunk_finish_reason: "STOP" } });
		const events = eventsOf(await (await client.call({ key: CHADIS_KEY, headers: STREAMED })).text());
		expect(events.at(-1)).toMatchObject({ event: "done", data: { response: PIECES.join(""), finish: "stop" } });
	});

	it("and whose last words come before a chunk of counts alone is whole", async () => {
		const client = newClient();
		const counts = JSON.stringify({ usageMetadata: { promptTokenCount: 7 }, modelVersion: "m" });
		await client.gemini({
			chunks_base64: [chunk("We open at ten.", "STOP"), counts].map((data) => base64(event(data))),
		});
		const events = eventsOf(await (await client.call({ key: CHADIS_KEY, headers: STREAMED })).text());
		expect(events.at(-1)).toMatchObject({ event: "done", data: { response: "We open at ten.", finish: "stop" } });
	});

	it("and is then withheld stays withheld, whatever breaks after that", async () => {
		const client = newClient();
		const chunks = [chunk("Copied", "STOP"), chunk(" words", "RECITATION"), chunk(" and more", "STOP"), "{"];
		await client.gemini({ chunks_base64: chunks.map((data) => base64(event(data))) });
		const events = eventsOf(await (await client.call({ key: CHADIS_KEY, headers: STREAMED })).text());
		expect(events.map(({ event: name }) => name)).toEqual(["session", "delta", "done"]);
		expect(events.at(-1)).toMatchObject({ data: { finish: "blocked", response: expect.stringMatching(/^I'm sorry/) } });
	});
});

describe("a broken answer and the cache", () => {
	it.each(BREAKS.filter(([, { stall_after }]) => stall_after === undefined))(
		"never meet: after %s the next who asks gets the model's own",
		async (_, fault) => {
			const client = cachingClient();
			const stump = { ...fault, reply: { pieces: PIECES, chunk_finish_reason: "STOP" } };
			await client.gemini(stump, stump, { reply: { text: "Behind the building." } });
			for (let times = 0; times < 2; times++) {
				const response = await client.call({ key: CHADIS_KEY, headers: STREAMED });
				expect(eventsOf(await response.text()).at(-1)).toMatchObject({ event: "error" });
			}
			expect(await client.ask()).toMatchObject({ response: "Behind the building.", finish: "stop" });
			expect(await client.ask()).toMatchObject({ response: "Behind the building.", finish: "cached" });
		},
	);
});

describe("a whole text with an error about it", () => {
	const error = { code: 503, status: "UNAVAILABLE", message: "overloaded" };
	const text = JSON.parse(chunk("Parking is behind", "STOP"));
	const bodies: [string, string][] = [
		["an error object beside it", JSON.stringify({ ...text, error })],
		["an error object behind it in a list", JSON.stringify([text, { error }])],
		["an error object alone in a list", JSON.stringify([{ error }])],
		["an error that is a text", JSON.stringify({ ...text, error: "overloaded" })],
		["half of it", JSON.stringify(text).slice(0, -20)],
		["a page behind it", `${JSON.stringify(text)}\n<html>502</html>`],
	];

	it.each(bodies)("(%s) is asked for again", async (_, body) => {
		const client = newClient();
		await client.gemini({ body }, { reply: { text: "In the yard." } });
		expect(await (await client.call({ key: CHADIS_KEY })).json()).toMatchObject({ response: "In the yard." });
		expect(await client.asked()).toHaveLength(2);
	});

	it.each(bodies)("(%s), and again, is a 503 that costs nothing", async (_, body) => {
		const client = newClient();
		await client.gemini({ body, times: 2 });
		await expectError(await client.call({ key: PANNU_KEY }), 503, "model_unavailable");
		expect(await rows("SELECT role FROM chat_messages")).toEqual([{ role: "user" }]);
		expect(await rows("SELECT messages FROM usage_daily")).toEqual([{ messages: 0 }]);
	});

	it("that a dropped connection cuts is asked for again", async () => {
		const client = newClient();
		const [first, second] = [chunk("Parking is").slice(0, 30), chunk("Parking is").slice(30)].map(base64);
		await client.gemini(
			{ chunks_base64: [first ?? "", second ?? ""], cut_after: 1 },
			{ reply: { text: "In the yard." } },
		);
		expect(await (await client.call({ key: CHADIS_KEY })).json()).toMatchObject({ response: "In the yard." });
	});
});
