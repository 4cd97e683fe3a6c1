import { expect, test } from "vitest";
import { withProbes } from "../trace/probes.ts";
import type { FunctionPlace } from "../trace/probes.ts";
import { linesOf, walkOf } from "../trace/walk.ts";

/** Runs a module with probes; what it entered after it was read, by name. */
async function enteredIn(code: string, call: string): Promise<string[]> {
	const places: FunctionPlace[] = [];
	const probed = withProbes(code, "sample.ts", (place) => places.push(place) - 1);
	const text = `const enteredFunctions = [];\n${probed}\nenteredFunctions.length = 0;\nawait ${call};\nexport { enteredFunctions };`;
	const module: { enteredFunctions: number[] } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
	return module.enteredFunctions.map((index) => places[index]?.name ?? "?");
}

test("every function with a name is entered once a call, in order", async () => {
	const code = `
		async function outer() { await inner(); return arrow(2).twice; }
		const inner = async () => helper({ of: 1 });
		const arrow = (n) => ({ twice: n * 2 });
		function helper({ of }) { return of; }
	`;
	expect(await enteredIn(code, "outer()")).toEqual(["outer", "inner", "helper", "arrow"]);
});

test("methods, constructors, accessors and generators count; a callback without a name does not", async () => {
	const code = `
		class Shape {
			#side = 1;
			constructor() { this.#area(); }
			get side() { return this.#side; }
			#area() { return this.#side ** 2; }
		}
		function* numbers() { yield 1; yield 2; }
		const table = { run() { return [...numbers()].map((n) => n + new Shape().side); } };
	`;
	const each = ["constructor", "area", "side"];
	expect(await enteredIn(code, "table.run()")).toEqual(["run", "numbers", ...each, ...each]);
});

test("what a probed function answers stays the same", async () => {
	const places: FunctionPlace[] = [];
	const code = "const add = (a, b = a) => (a, a + b); export const sums = [add(1), add(1, 2)];";
	const probed = withProbes(code, "sample.ts", (place) => places.push(place) - 1);
	const text = `const enteredFunctions = [];\n${probed}`;
	const module: { sums: number[] } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
	expect(module.sums).toEqual([2, 3]);
});

const PLACES = [
	{ file: "index.ts", name: "fetch" },
	{ file: "body.ts", name: "read" },
	{ file: "body.ts", name: "join" },
	{ file: "log.ts", name: "log" },
];

test("a walk counts functions and files once, entries and changes of file every time", () => {
	expect(walkOf([0, 1, 2, 1, 0, 3, 3, 0], PLACES)).toEqual({ functions: 4, entries: 8, files: 3, changesOfFile: 4 });
	expect(walkOf([], PLACES)).toEqual({ functions: 0, entries: 0, files: 0, changesOfFile: 0 });
});

test("a walk is shown as the files come to, with what was entered there", () => {
	expect(linesOf([0, 1, 1, 2, 0], PLACES)).toEqual(["index.ts: fetch", "body.ts: read ×2, join", "index.ts: fetch"]);
});
