import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { SWEEP_CRON } from "../../lib/site/sweep/sweep-cron.ts";
import { ROOT } from "../../local/root.ts";
import { nodeOutbound } from "../../local/run/outbound.ts";
import { createStandIns } from "../../local/stand-ins/index.ts";
import { ask, makeOrg, warmUp } from "../trial/eval/ask.ts";
import { answeredBy, customerNames, knowledgeOf, readArticles, readQuestions } from "../trial/eval/data.ts";
import { liveCost, liveVendor, requireAgreed } from "../trial/eval/live.ts";
import { variablesOf } from "../trial/eval/modes.ts";
import { startWorkers } from "../trial/eval/workers.ts";
import { NotTried } from "../trial/parts/trial.ts";

const LIMIT_MS = 90_000;
const KEY = "AQ.live-key-of-a-test";

const CUSTOMERS = customerNames().map((name) => ({
	articles: readArticles(name),
	questions: readQuestions(name, "seen"),
}));

test("without a key a live run ends with a sentence and the exit code 2", () => {
	const { status, stderr } = spawnSync(
		process.execPath,
		[join(ROOT, "workers/bench/trial/trial.ts"), "eval", "--live", "--yes"],
		{ encoding: "utf8", env: { ...process.env, GEMINI_API_KEY: " " } },
	);
	expect([status, stderr.trim()]).toEqual([
		2,
		"Nothing was measured: set GEMINI_API_KEY in the environment to ask the vendor itself, or leave out --live to ask its stand-in.",
	]);
});

describe("the vendor of a live run", () => {
	test("is asked at its own host, or at a stand-in of it on this machine", () => {
		expect(liveVendor({ GEMINI_API_KEY: ` ${KEY}\n` })).toEqual({
			apiKey: KEY,
			baseUrl: "https://generativelanguage.googleapis.com",
		});
		const here = "http://127.0.0.1:9999";
		expect(liveVendor({ GEMINI_API_KEY: KEY, GEMINI_BASE_URL: here }).baseUrl).toBe(here);
	});

	test.each([
		"https://evil.example",
		"http://generativelanguage.googleapis.com",
		"https://generativelanguage.googleapis.com@evil.example",
		"https://generativelanguage.googleapis.com.evil.example",
		"nowhere",
	])("is never looked for at %s", (GEMINI_BASE_URL) => {
		expect(() => liveVendor({ GEMINI_API_KEY: KEY, GEMINI_BASE_URL })).toThrow(NotTried);
	});

	test("costs what is said before, and is not asked until somebody has agreed to that", () => {
		const both = liveCost({ modes: ["both"], customers: CUSTOMERS });
		const words = liveCost({ modes: ["words"], customers: CUSTOMERS });
		// 64 kB of articles at 0.20 USD a million tokens.
		expect(both - words).toBeCloseTo(0.0042, 3);
		expect(liveCost({ modes: ["both", "words"], customers: CUSTOMERS })).toBeCloseTo(both + words, 9);
		expect(words).toBeGreaterThan(0.1);
		expect(words).toBeLessThan(2);
		const run = { modes: ["both"] as const, customers: CUSTOMERS };
		expect(() => requireAgreed(run, false)).toThrow(`costs at most about ${both.toFixed(2)} USD`);
	});
});

const ends: (() => void)[] = [];
afterEach(() => {
	for (const end of ends.splice(0)) end();
});

/** Gemini as a server on this machine, and what it was asked with. */
async function geminiHere(): Promise<{ baseUrl: string; asked: { method: string; key: unknown }[] }> {
	const asked: { method: string; key: unknown }[] = [];
	const answer = nodeOutbound(createStandIns());
	const server = createServer((incoming, outgoing) => {
		asked.push({ method: incoming.url?.split(":").at(-1) ?? "", key: incoming.headers["x-goog-api-key"] });
		void answer(incoming, outgoing);
	});
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	ends.push(() => void server.close());
	const address = server.address();
	return { baseUrl: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`, asked };
}

test(
	"a live run has the vendor embed articles and questions and answer these, with the key that it was given",
	async () => {
		const { baseUrl, asked } = await geminiHere();
		const workers = await startWorkers(
			variablesOf("both"),
			liveVendor({ GEMINI_API_KEY: KEY, GEMINI_BASE_URL: baseUrl }),
		);
		try {
			const [question] = readQuestions("dental", "seen");
			const articles = readArticles("dental").filter(
				({ id }, index) => index < 3 || question?.expected.some(({ articleId }) => articleId === id),
			);
			const org = await makeOrg(workers, "dental", articles);
			await workers.schedule("chadis-chat", SWEEP_CRON);
			await warmUp(workers, org);
			if (question === undefined) throw new Error("The seen half has no question.");
			const outcome = await ask(workers, org, question, 0);
			expect(outcome).toMatchObject({ isShown: true, finish: "stop" });
			expect(workers.embedded()).toBe(1);
		} finally {
			await workers.stop();
		}
		expect(new Set(asked.map(({ key }) => key))).toEqual(new Set([KEY]));
		const times = (name: string): number => asked.filter(({ method }) => method === name).length;
		expect(times("batchEmbedContents")).toBeGreaterThan(0);
		expect(times("embedContent")).toBe(1);
		expect(times("generateContent")).toBe(2);
	},
	LIMIT_MS,
);

describe("knowledge of a size", () => {
	test.each([1500, 3000, 12_000])("of %i tokens is as much as fits, a customer's own first", (tokens) => {
		const own = readArticles("dental");
		const articles = knowledgeOf("dental", tokens);
		const bytes = articles.reduce((sum, { title, body }) => sum + Buffer.byteLength(title + body) + 16, 0);
		expect(bytes).toBeLessThanOrEqual(tokens * 4);
		expect(bytes).toBeGreaterThan(tokens * 4 - 2000);
		expect(articles.slice(0, own.length)).toEqual(own.slice(0, articles.length));
	});

	test("is asked what it answers, and what nothing answers", () => {
		const articles = knowledgeOf("dental", 1500);
		const all = readQuestions("dental", "seen");
		const some = answeredBy(all, articles);
		const unanswered = all.filter(({ expected }) => expected.length === 0);
		expect(some.length).toBeGreaterThan(unanswered.length);
		expect(some.length).toBeLessThan(all.length);
		expect(answeredBy(all, [])).toEqual(unanswered);
		expect(answeredBy(all, knowledgeOf("dental", undefined))).toEqual(all);
	});
});
