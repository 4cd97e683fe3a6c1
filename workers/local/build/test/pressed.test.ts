import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { minify } from "terser";
import { afterAll, expect, it } from "vitest";
import { pressed } from "../pressed.ts";

const folder = mkdtempSync(join(tmpdir(), "koby-pressed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CODE = "const long = 1; export function twice(value) { return value * 2 * long; }";

it("presses a text once, and anew what differs in the text or in what it is", async () => {
	const made = await pressed(CODE, true, folder);
	const options = { module: true, ecma: 2020, compress: { passes: 3 }, format: { comments: false } } as const;
	expect(made).toBe((await minify(CODE, options)).code);
	const files = readdirSync(folder);
	expect(files).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.js$/)]);
	const [file = ""] = files;
	expect(readFileSync(join(folder, file), "utf8")).toBe(made);

	// Marked, to tell what was kept from what is made.
	writeFileSync(join(folder, file), "kept");
	expect(await pressed(CODE, true, folder)).toBe("kept");
	expect(await pressed(`${CODE}\n`, true, folder)).toBe(made);
	expect(await pressed("f(1 + 1);", false, folder)).toBe("f(2);");
	expect(await pressed("f(1 + 1);", true, folder)).toBe("f(2);");
	expect(readdirSync(folder)).toHaveLength(4);
});

it("gives the same to all who ask at once, and leaves no draft", async () => {
	const texts = await Promise.all(Array.from({ length: 5 }, () => pressed("g(2 + 2);", true, folder)));
	expect(new Set(texts)).toEqual(new Set(["g(4);"]));
	expect(readdirSync(folder).filter((name) => !name.endsWith(".js"))).toEqual([]);
});
