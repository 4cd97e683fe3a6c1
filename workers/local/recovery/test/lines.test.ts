import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { logLinesIn, physicalLines } from "../lines.ts";

const LINE = '{"level":"error","event":"turn_not_logged","message_id":"m1","reason":"over}loaded \\"x\\""}';
const READ = { level: "error", event: "turn_not_logged", message_id: "m1", reason: 'over}loaded "x"' };
/** What `wrangler tail --format json` prints of an invocation. */
const EVENT = {
	wallTime: 12,
	outcome: "ok",
	scriptName: "chadis-chat",
	exceptions: [],
	logs: [
		{ message: ["something else"], level: "log", timestamp: 1 },
		{ message: [LINE], level: "error", timestamp: 2 },
		{ message: [LINE.replace("m1", "m2")], level: "error", timestamp: 3 },
	],
	event: { request: { url: "https://a.example/", headers: { a: '{"level":"' } } },
};

async function linesOf(chunks: Iterable<string>): Promise<unknown[]> {
	const found: unknown[] = [];
	for await (const text of physicalLines(Readable.from(chunks))) found.push(...logLinesIn(text));
	return found;
}

describe("a worker's lines are found", () => {
	it.each([
		["as the worker printed them", LINE],
		["behind what a terminal puts before them", `  (error) ${LINE}`],
		["with colours round them", `\u001b[31m${LINE}\u001b[39m`],
		["among garbage", `}}{"level":"{"level": 7 ${LINE} {"level":"error"`],
	])("%s", (_, text) => {
		expect(logLinesIn(text)).toEqual([READ]);
	});

	it.each([
		["as wrangler tail --format json prints it", JSON.stringify(EVENT, null, 2)],
		["on one line", JSON.stringify(EVENT)],
		["as Logpush has it", JSON.stringify({ Logs: EVENT.logs.map(({ message }) => ({ Message: message })) })],
	])("in a tail event %s, each once", async (_, text) => {
		expect(await linesOf([text])).toEqual([READ, { ...READ, message_id: "m2" }]);
	});

	it("whole across the chunks in which a file is read, and not where half of them is missing", async () => {
		const text = `${LINE}\n${LINE.slice(0, 40)}\n${LINE}`;
		for (const size of [1, 7, 64])
			expect(
				await linesOf(
					Array.from({ length: Math.ceil(text.length / size) }, (_, n) => text.slice(n * size, (n + 1) * size)),
				),
			).toEqual([READ, READ]);
	});

	it("in 100 MB, of which never more than a line is kept", async () => {
		const megabyte = "x".repeat(1_000_000);
		function* chunks(): Generator<string> {
			for (let n = 0; n < 50; n++) yield `${"garbage { ".repeat(100)}\n`.repeat(1000);
			yield `${LINE}\n`;
			// One line without an end.
			for (let n = 0; n < 50; n++) yield megabyte;
			yield `\n${LINE}`;
		}
		const before = process.memoryUsage().heapUsed;
		expect(await linesOf(chunks())).toEqual([READ, READ]);
		expect(process.memoryUsage().heapUsed - before).toBeLessThan(80_000_000);
	});
});
