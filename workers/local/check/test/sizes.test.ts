import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { build } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";
import { makeWidget } from "../../build/build-widget.ts";
import { KIB, bundleSize } from "../sizes.ts";
import type { Size } from "../sizes.ts";
import { weighWidget, widgetCheck } from "../weights.ts";

const root = mkdtempSync(join(tmpdir(), "koby-sizes-"));
afterAll(() => rmSync(root, { recursive: true }));

/** Text that does not compress. */
const noise = (bytes: number): string => JSON.stringify(randomBytes(bytes).toString("base64"));

describe("the size of a bundle", () => {
	it("counts code, and neither the widget nor a language's words nor what OpenAPI says", async () => {
		const files: Record<string, string> = {
			"index.ts": `import { a } from "./dist/widget.js"; import { b } from "./knowledge/english/words.ts"; import { c } from "./x/openapi.ts"; import { d } from "./x/openapi-parts.ts"; import { e } from "./openapis.ts"; export default [a, b, c, d, e];`,
			"dist/widget.js": `export const a = ${noise(10 * KIB)};`,
			"knowledge/english/words.ts": `export const b = ${noise(10 * KIB)};`,
			"x/openapi.ts": `export const c = ${noise(10 * KIB)};`,
			"x/openapi-parts.ts": `export const d = ${noise(10 * KIB)};`,
			"openapis.ts": `export const e = ${noise(5 * KIB)};`,
		};
		for (const [name, text] of Object.entries(files)) {
			mkdirSync(join(root, name, ".."), { recursive: true });
			writeFileSync(join(root, name), text);
		}
		await build({
			entryPoints: [join(root, "index.ts")],
			outfile: join(root, "out/index.js"),
			bundle: true,
			minify: true,
			format: "esm",
			sourcemap: true,
		});
		const { whole, counted } = bundleSize(join(root, "out"));
		expect(whole).toBeGreaterThan(45);
		expect(counted).toBeGreaterThan(5);
		expect(counted).toBeLessThan(6);
	});
});

describe("the size of the widget", () => {
	it("is said file by file, with what each may weigh", async () => {
		const sizes: Size[] = [];
		expect(await widgetCheck(sizes).run()).toBeUndefined();
		const files = Object.keys((await makeWidget()).files).map((file) => file.slice(0, file.indexOf(".")));
		expect(files).toEqual(
			expect.arrayContaining(["panel", "later", "voice", "looks", "trouble", "words-en", "words-ar"]),
		);
		expect(sizes.map(({ name }) => name.replace(/ \(\d+ bytes\)$/, "")).sort()).toEqual(
			["widget", ...files].map((name) => `${name}.js`).sort(),
		);
	});

	it("is a fault in each file that is over its limit, and in a panel that waits for another", () => {
		const files = {
			"widget.js": noise(5 * KIB),
			"panel.0.js": `import{a}from"./later.1.js";${noise(17 * KIB)}`,
			"later.1.js": noise(7 * KIB),
			"voice.2.js": noise(5 * KIB),
		};
		expect(weighWidget(files, [])).toEqual([
			expect.stringMatching(/^widget\.js weighs \d+ bytes gzip, more than 4096/),
			expect.stringMatching(/^panel\.0\.js weighs \d+ bytes gzip, more than 16384/),
			expect.stringMatching(/^panel\.0\.js waits for another file/),
			expect.stringMatching(/^later\.1\.js weighs \d+ bytes gzip, more than 6144/),
		]);
	});
});
