import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { shapeOf, sourcesIn } from "../tree/shape.ts";
import type { Source } from "../tree/shape.ts";

const root = mkdtempSync(join(tmpdir(), "koby-shape-"));
afterAll(() => rmSync(root, { recursive: true }));

function source(text: string, path = "sample.ts"): Source {
	return { path: `/src/${path}`, root: "/src", text };
}

test("a function has the lines of its source, types, templates and comments among them", async () => {
	const text = `
interface Shape {
	side: number;
}

export async function area(
	shape: Shape,
	scale: number,
): Promise<string> {
	// A comment.
	const sql = \`
		SELECT 1
	\`;

	return [shape].map((one) => {
		return one.side * scale;
	}).join(sql);
}

const table = {
	run() { return 1; },
	short: () => 1,
};
class Box { get side() { return table.run(); } }
`;
	const { functionLines } = await shapeOf([source(text)]);
	expect(functionLines).toEqual([13, 3, 1, 1]);
});

test("an export is documented that stands right below a docstring", async () => {
	const text = `/** A number. */
export const one = 1;

export interface Two { a: number }
// No docstring.
export type Three = Two;
/** A function. @throws {Error} */
export async function four(): Promise<void> {}
const five = 5;
export { five };
`;
	expect(await shapeOf([source(text)])).toMatchObject({ exports: 4, documented: 2 });
});

test("a type is given up by any and by a mark, not by a negation, a text, a comment or a method of that name", async () => {
	const given = "let a: any = 1; const b = (a as any[])[0]!; const c = b!.d()!; class E { f!: string }";
	const kept = `const g = !a; const h = a !== b; if (!(a)) Promise.any([]); // any, any!
const text = "any!"; const i = \`any \${!a}\`; const j = { any: 1 };`;
	expect(await shapeOf([source(given)])).toMatchObject({ givenUp: 6 });
	expect(await shapeOf([source(kept)])).toMatchObject({ givenUp: 0 });
});

test("files in circles are found by their imports, types among them, and the others are not", async () => {
	const files = {
		"a.ts": 'import type { B } from "./room/b.js";',
		"room/b.ts": 'export * from "@/room/c";',
		"room/c.ts": 'const a = await import("../a.ts");',
		"room/d.ts": 'import { a } from "../a.ts"; import { parse } from "acorn";',
		"e.ts": 'import "./e.ts";',
	};
	const sources = Object.entries(files).map(([path, text]) => source(text, path));
	expect(await shapeOf(sources)).toMatchObject({ files: 5, inCircles: 4, largestFolder: 3 });
});

test("tests, declarations and packages are left out", () => {
	const paths = ["a.ts", "room/b.ts", "room/b.test.ts", "test/c.ts", "d.d.ts", "node_modules/e/f.ts", "latest/g.ts"];
	for (const path of paths) {
		mkdirSync(join(root, path, ".."), { recursive: true });
		writeFileSync(join(root, path), "");
	}
	expect(
		sourcesIn(root)
			.map(({ path }) => path.slice(root.length + 1))
			.sort(),
	).toEqual(["a.ts", "latest/g.ts", "room/b.ts"]);
});

test("a file of 200 lines is not long, one of 201 is", async () => {
	const lines = (count: number): string => "a;\n".repeat(count);
	expect(await shapeOf([source(lines(200), "a.ts"), source(lines(201), "b.ts")])).toMatchObject({ longFiles: 1 });
});
