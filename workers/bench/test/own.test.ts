import { expect, test } from "vitest";
import { alike, difference } from "../own/compare.ts";
import { profileTimes, sourceFiles } from "../own/self-time.ts";

const answer = (body: string, status = 200) => ({ status, body: Buffer.from(body) });
const ID = "0b0f2f0e-58a7-4f43-9f0c-5f3b8c1f6d11";
const OTHER_ID = "7287a0f5-bc16-4632-a22f-706663d4bbf2";

test("responses are alike that differ in ids, instants and times taken", () => {
	const one = `{"id":"${ID}","at":"2026-11-28T20:15:00.123Z","latency_ms":13,"text":"Hello"}`;
	const other = `{"id":"${OTHER_ID}","at":"2026-11-29T01:02:03Z","latency_ms":0,"text":"Hello"}`;
	expect(alike(answer(one), answer(other))).toBe(true);
});

test("responses are not alike that say something else, or with another status", () => {
	expect(alike(answer('{"text":"Hello"}'), answer('{"text":"Goodbye"}'))).toBe(false);
	expect(alike(answer("{}"), answer("{}", 503))).toBe(false);
	expect(alike(answer('{"messages":1}'), answer('{"messages":2}'))).toBe(false);
});

test("what a request asks for is the difference of two counts over the requests between", () => {
	const before = { roundTrips: 2, statements: 9, limiterCalls: 2, fetches: 1, cacheMatches: 1, cachePuts: 0 };
	const after = { roundTrips: 8, statements: 36, limiterCalls: 8, fetches: 4, cacheMatches: 1, cachePuts: 3 };
	expect(difference(after, before, 3)).toEqual({
		roundTrips: 2,
		statements: 9,
		limiterCalls: 2,
		fetches: 1,
		cacheMatches: 0,
		cachePuts: 1,
	});
});

const BUNDLE = "// workers/lib/log.ts\nfunction log() {}\n// workers/chat/index.ts\nfunction fetch() {}\n";

function node(id: number, functionName: string, url: string, lineNumber: number, children: number[] = []) {
	return { id, callFrame: { functionName, url, lineNumber }, children };
}

test("each line of a bundle is of the file named before it", () => {
	expect(sourceFiles(BUNDLE).slice(1, 4)).toEqual([
		"workers/lib/log.ts",
		"workers/chat/index.ts",
		"workers/chat/index.ts",
	]);
});

test("the runtime's work is charged to the function of ours that asked for it, and idling to nobody", () => {
	const profile = {
		nodes: [
			node(1, "(root)", "", -1, [2, 5]),
			node(2, "fetch", "koby-worker", 3, [3]),
			node(3, "log", "koby-worker", 1, [4]),
			node(4, "stringify", "", -1),
			node(5, "(idle)", "", -1),
		],
		samples: [2, 3, 4, 4, 5],
		timeDeltas: [10, 20, 30, 40, 50],
	};
	const { functions, charged, byFile } = profileTimes(profile, sourceFiles(BUNDLE));
	expect(functions).toEqual([
		{ name: "stringify", us: 70 },
		{ name: "log  workers/lib/log.ts:2", us: 20 },
		{ name: "fetch  workers/chat/index.ts:4", us: 10 },
	]);
	expect(charged).toEqual([
		{ name: "log  workers/lib/log.ts:2", us: 90 },
		{ name: "fetch  workers/chat/index.ts:4", us: 10 },
	]);
	expect(byFile).toEqual([
		{ name: "workers/lib/log.ts", us: 90 },
		{ name: "workers/chat/index.ts", us: 10 },
	]);
});
