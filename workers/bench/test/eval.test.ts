import { createServer } from "node:http";
import { expect, test } from "vitest";
import { questionKey, terms } from "../../lib/knowledge/terms.ts";
import { findingsOf, missesOf, tableHead, tableRows } from "../trial/eval/score.ts";
import type { Outcome } from "../trial/eval/ask.ts";
import { HALVES, TYPES, customerNames, readArticles, readQuestions } from "../trial/eval/data.ts";
import type { Half, Question, QuestionType } from "../trial/eval/data.ts";
import { createRecorder } from "../trial/eval/recorder.ts";
import { MODES, WHOLE_TOKENS, modesOf, requireKnown, variablesOf } from "../trial/eval/modes.ts";

const CUSTOMERS = customerNames();
const BYTES_PER_TOKEN = 4;
const UNANSWERED: readonly QuestionType[] = ["unanswerable", "chit-chat"];

interface Asked extends Question {
	customer: string;
	half: Half;
}

const ASKED: Asked[] = CUSTOMERS.flatMap((customer) =>
	HALVES.flatMap((half) => readQuestions(customer, half).map((question) => ({ ...question, customer, half }))),
);

test("there are three customers, 80 articles and 120 questions at least", () => {
	expect(CUSTOMERS).toHaveLength(3);
	expect(CUSTOMERS.flatMap(readArticles).length).toBeGreaterThanOrEqual(80);
	expect(ASKED.length).toBeGreaterThanOrEqual(120);
});

test.each(CUSTOMERS)("the articles of %s read like a website's and fit in what is shown whole", (customer) => {
	const articles = readArticles(customer);
	for (const { id, title, body } of articles) {
		const words = body.split(/\s+/).length;
		expect.soft(words, id).toBeGreaterThanOrEqual(60);
		expect.soft(words, id).toBeLessThanOrEqual(250);
		expect.soft(title, id).toMatch(/\w/);
		expect.soft(id).toMatch(/^[a-z0-9-]+$/);
	}
	for (const field of ["id", "title", "body"] as const)
		expect(new Set(articles.map((article) => article[field])).size).toBe(articles.length);
	const bytes = articles.reduce((sum, { title, body }) => sum + Buffer.byteLength(title + body), 0);
	expect(bytes).toBeLessThanOrEqual(WHOLE_TOKENS * BYTES_PER_TOKEN);
});

test("each customer has the same number of questions of each type in both halves", () => {
	for (const type of TYPES) {
		const counts = CUSTOMERS.flatMap((customer) =>
			HALVES.map(
				(half) => ASKED.filter((one) => one.type === type && one.customer === customer && one.half === half).length,
			),
		);
		expect.soft(new Set(counts).size, type).toBe(1);
		expect.soft(counts[0], type).toBeGreaterThanOrEqual(3);
	}
});

test("what answers a question stands in its article and in no other of that customer", () => {
	for (const { customer, text, expected } of ASKED) {
		for (const { articleId, sentence } of expected) {
			const holding = readArticles(customer).filter(({ body }) => body.includes(sentence));
			expect.soft(sentence.length, text).toBeGreaterThan(5);
			expect
				.soft(
					holding.map(({ id }) => id),
					text,
				)
				.toEqual([articleId]);
		}
	}
});

test("only what nothing answers has no article, and only follow-ups and chit-chat have something before them", () => {
	for (const { type, text, earlier, expected } of ASKED) {
		expect.soft(expected.length === 0, text).toBe(UNANSWERED.includes(type));
		if (type === "follow-up") expect.soft(earlier.length, text).toBeGreaterThan(0);
		else if (type !== "chit-chat") expect.soft(earlier, text).toEqual([]);
	}
});

test("no question is asked twice of a customer, however it is spelt", () => {
	const keys = ASKED.map(({ customer, earlier, text }) => [customer, ...[...earlier, text].map(questionKey)].join("|"));
	expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test("a question in other words shares no term with the article that answers it", () => {
	for (const { customer, text, expected } of ASKED.filter(({ type }) => type === "other wording")) {
		const articles = readArticles(customer).filter(({ id }) => expected.some(({ articleId }) => articleId === id));
		const known = new Set(articles.flatMap(({ title, body }) => terms(`${title}\n${body}`)));
		expect
			.soft(
				terms(text).filter((term) => known.has(term)),
				text,
			)
			.toEqual([]);
	}
});

test("a question with a typo has a word that no article of the customer has", () => {
	for (const { customer, text } of ASKED.filter(({ type }) => type === "typo")) {
		const known = new Set(readArticles(customer).flatMap(({ title, body }) => terms(`${title}\n${body}`)));
		expect
			.soft(
				terms(text).filter((term) => !known.has(term)),
				text,
			)
			.not.toEqual([]);
	}
});

test("a mode that cannot be without a variable says which one the workers lack", () => {
	const needed = Object.keys(MODES.both.sets);
	expect(() => requireKnown("both", needed)).toThrow(needed[0]);
	expect(() => requireKnown("both", Object.keys(MODES.both.switchesOff))).not.toThrow();
	expect(variablesOf("words").get("KNOWLEDGE_WHOLE_TOKENS")).toBe("0");
	expect(modesOf("words, both")).toEqual(["words", "both"]);
	expect(() => modesOf("guessing")).toThrow("--mode must be one or several of");
});

/** An outcome of a question of this type of the one customer. */
function outcome(type: QuestionType, over: Partial<Outcome> = {}): Outcome {
	const expected = UNANSWERED.includes(type) ? [] : [{ articleId: "hours", sentence: "open" }];
	return {
		customer: "dental",
		question: { type, earlier: [], text: `a ${type} question`, expected },
		isShown: true,
		rank: 1,
		sources: 1,
		finish: "stop",
		isMarked: false,
		passageChars: 100,
		promptChars: 400,
		ms: 20,
		...over,
	};
}

test("the table has a line for each type, with shares of what is shown, or of what has sources though nothing answers", () => {
	const outcomes = [
		outcome("plain"),
		outcome("plain", { isShown: false, rank: null }),
		outcome("synonym", { rank: 4 }),
		outcome("unanswerable"),
		outcome("unanswerable", { sources: 0, isMarked: true }),
	];
	const lines = `${tableHead(["dental"])}\n${tableRows("words", ["dental"], outcomes)}`.split("\n");
	expect(lines).toHaveLength(2 + TYPES.length + 1);
	expect(lines[2]).toBe("| words | plain | 2 | 0.50 | 0.50 | 0.50 | 1.00 | 0.00 | 100 | 400 | 20 |");
	expect(lines[3]).toBe("| words | synonym | 1 | 1.00 | 1.00 | 0.00 | 1.00 | 0.00 | 100 | 400 | 20 |");
	expect(lines[6]).toBe("| words | **English** | 3 | 0.67 | 0.67 | 0.33 | 1.00 | 0.00 | 100 | 400 | 20 |");
	expect(lines[9]).toBe("| words | unanswerable | 2 |  | 0.50 |  | 0.50 | 0.50 | 100 | 400 | 20 |");
});

test("a bar is missed by too little shown, by sources beside chit-chat and by an answer that failed, and told one by one", () => {
	const good = [outcome("plain"), outcome("follow-up"), outcome("Spanish"), outcome("chit-chat", { sources: 0 })];
	for (const mode of ["words", "both", "whole"] as const)
		expect(findingsOf(mode, good).filter(({ expected, found }) => expected !== found)).toEqual([]);
	const bad = [
		outcome("plain", { isShown: false }),
		outcome("follow-up", { isShown: false }),
		outcome("Spanish", { isShown: false, finish: "error 503" }),
		outcome("chit-chat"),
	];
	const missed = (mode: "words" | "whole") =>
		findingsOf(mode, bad).filter(({ expected, found }) => expected !== found).length;
	expect([missed("words"), missed("whole")]).toEqual([4, 5]);
	expect(findingsOf("both", [outcome("plain")]).map(({ promise }) => promise)).toEqual([
		"both: English shown at least 0.97 (1.000)",
		"both: chit-chat with sources",
		"both: questions that got no answer at all",
	]);
	expect(missesOf(good)).toEqual([]);
	expect(missesOf(bad)).toHaveLength(4);
});

/** What a vendor here at this machine says to whoever asks. */
async function vendor(type: string, body: string): Promise<{ origin: string; close: () => void }> {
	const server = createServer((_, response) => response.writeHead(200, { "Content-Type": type }).end(body));
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	const address = server.address();
	return {
		origin: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
		close: () => server.close(),
	};
}

const said = (text: string): string => JSON.stringify({ candidates: [{ content: { parts: [{ text }] } }] });

test.each([
	["whole", "generateContent", "application/json", said("[?] I do not know.")],
	[
		"streamed",
		"streamGenerateContent?alt=sse",
		"text/event-stream",
		`data: ${said("[?] I do")}\r\n\r\ndata: ${said(" not know.")}\r\n\r\n`,
	],
])(
	"what the model was told and what it said, %s, is kept once, and the answer passed on as it is",
	async (_, method, type, body) => {
		const { origin, close } = await vendor(type, body);
		const recorder = createRecorder();
		const request = { systemInstruction: { parts: [{ text: "You are the website assistant." }] }, contents: [] };
		const response = await recorder.fetch(
			new Request(`${origin}/v1beta/models/gemini-3.5-flash-lite:${method}`, {
				method: "POST",
				headers: { "Content-Type": "application/json", Connection: "keep-alive" },
				body: JSON.stringify(request),
			}),
		);
		expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([200, type, body]);
		expect(recorder.take()).toEqual([{ instructions: "You are the website assistant.", reply: "[?] I do not know." }]);
		expect(recorder.take()).toEqual([]);
		close();
	},
);

test("without --live no request leaves this machine, and with it none but those to Gemini", async () => {
	const statusOf = async (liveUrl: string | undefined, url: string) =>
		(await createRecorder(liveUrl).fetch(new Request(url))).status;
	const gemini = "https://generativelanguage.googleapis.com";
	expect(await statusOf(undefined, `${gemini}/v1beta/models/m:generateContent`)).toBe(421);
	expect(await statusOf(gemini, "https://api.elevenlabs.io/v1/text-to-speech/v")).toBe(421);
	expect(await statusOf(gemini, "https://generativelanguage.googleapis.com.evil.example/v1beta/models/m")).toBe(421);
});
