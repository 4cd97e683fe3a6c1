import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { WholeEntry } from "../../../lib/knowledge/whole.ts";
import type { Model, ModelSettings } from "../../gemini/models.ts";
import { helpOf } from "../../safety/texts/help.ts";
import { answerTurn } from "../../turn/answer.ts";
import type { Turn } from "../../turn/turn.ts";

afterEach(() => {
	vi.restoreAllMocks();
});

const MODEL: Model = { name: "m", inputPrice: 1, cachedPrice: 1, outputPrice: 1, thinkingLevel: undefined };
const MODELS: ModelSettings = {
	endpoint: {
		baseUrl: "https://gemini.example",
		prepare: () => Promise.resolve(),
		url: () => "https://gemini.example/answer",
		credential: () => Promise.resolve({ headers: {}, isRenewable: () => false }),
	},
	models: new Map([["m", MODEL]]),
	model: MODEL,
	fallback: undefined,
	maxOutputTokens: 1000,
	timeoutMs: 20_000,
	worstCostUsdMicros: 1,
};
const passage = (id: string): WholeEntry => ({
	knowledgeId: id,
	kind: "article",
	title: id,
	content: "It is free.",
	sourceUrl: null,
});
const TURN: Turn = {
	sessionId: null,
	messageId: "m",
	fallbackMessage: "Sorry.",
	ready: undefined,
	spentUsdMicros: 0,
	models: MODELS,
	prompt: { instructions: "Answer.", messages: [{ role: "user", text: "Is it?" }] },
	citable: [passage("one"), passage("two"), passage("three")],
	safety: { danger: undefined, help: helpOf("US") },
	hiding: undefined,
	books: { kind: "none" },
};

const utf8 = new TextEncoder();

/** The stream of an answer, an event for each of its pieces. */
function streamOf(pieces: readonly string[]): Uint8Array {
	const events = pieces.map((text, index) => ({
		candidates: [{ content: { parts: [{ text }] }, ...(index === pieces.length - 1 ? { finishReason: "STOP" } : {}) }],
	}));
	return utf8.encode(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""));
}

/** What a visitor is shown of a stream whose bytes come so many at a time; `isWhole` = it ended as it should. */
async function shownOf(bytes: Uint8Array, size: number) {
	const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
		bytes.slice(n * size, (n + 1) * size),
	);
	vi.spyOn(globalThis, "fetch").mockImplementation(() => {
		const body = new ReadableStream<Uint8Array>({
			start(controller) {
				for (const chunk of chunks) controller.enqueue(chunk);
				controller.close();
			},
		});
		return Promise.resolve(new Response(body, { headers: { "Content-Type": "text/event-stream" } }));
	});
	vi.spyOn(console, "log").mockImplementation(() => undefined);
	let shown = "";
	const asked = { clock: () => 0, startedAt: 0 };
	const answer = await answerTurn(asked, TURN, "streamed", (text) => {
		shown += text;
	}).catch(() => undefined);
	return { shown, answer };
}

const ANSWERS: [string[], string[]][] = [
	[
		["It is free [", "[1, 2", "]], says ", "the page [[1]", "[", "3]].\n\n[[2]]\n"],
		["one", "two", "three"],
	],
	[["[?", "] I do not ", "know [[1-", "3]]."], []],
	[["**[", "?]** Größe 🧸 \\[\\[", "2\\]\\]", " und [[2 and 3]]"], []],
	[
		["[[1]] Ja [[2", " – 3]] da"],
		["one", "two", "three"],
	],
];

/** What no visitor may see: brackets, and the numbers of marks. */
const TRACE = /[[\]\\?\d]/;

describe("a stream with marks", () => {
	it.each(ANSWERS)("shows the same in pieces of any size: %j", async (pieces, titles) => {
		const bytes = streamOf(pieces);
		const whole = await shownOf(bytes, bytes.length);
		expect(whole.answer?.sources.map(({ title }) => title)).toEqual(titles);
		expect(whole.shown).toBe(whole.answer?.text);
		expect(whole.shown).not.toMatch(TRACE);
		for (const size of [1, 7, 64]) expect(await shownOf(bytes, size)).toEqual(whole);
	});

	it.each(ANSWERS)("shows no part of one wherever it is cut off: %j", async (pieces) => {
		const bytes = streamOf(pieces);
		const { shown: all } = await shownOf(bytes, bytes.length);
		// One that ends before its first event is asked for again, after a pause.
		const first = streamOf(pieces.slice(0, 1)).length;
		for (const size of [1, 7, 64]) {
			for (let at = first; at < bytes.length - 2; at++) {
				const { shown } = await shownOf(bytes.slice(0, at), size);
				expect(shown, `cut at ${at}`).not.toMatch(TRACE);
				expect(all.startsWith(shown.trimEnd()), `cut at ${at}: ${shown}`).toBe(true);
			}
		}
	});

	it("shows the same however the vendor cuts its text", async () => {
		const piece = fc.constantFrom(
			"[",
			"[[",
			"]",
			"]]",
			"1",
			"-",
			",",
			" and ",
			" ",
			"?",
			"\\",
			"a",
			"ü",
			"🧸",
			"\n",
			"*",
		);
		await fc.assert(
			fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 25 }), async (pieces) => {
				const text = pieces.join("");
				const [cut, whole] = [await shownOf(streamOf(pieces), 64), await shownOf(streamOf([text]), 1000)];
				expect(cut.answer?.text).toBe(whole.answer?.text);
				expect(cut.shown).toBe(cut.answer?.text);
			}),
			{ numRuns: 300 },
		);
	});
});
