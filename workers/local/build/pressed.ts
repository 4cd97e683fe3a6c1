import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ROOT } from "../root.ts";

/** Where what was pressed lies, a file each by the digest of what it was made of. May be deleted at any time. */
const KEPT = join(ROOT, "dist/pressed");

const { resolve } = createRequire(import.meta.url);

/**
 * What esbuild has made smaller once more: 3 % of the panel. It takes seconds, and every start, check and test run wants the same,
 * so what was pressed once is kept; anything else of the text, of the options or of the minifier's package is pressed anew.
 */
export async function pressed(code: string, isModule: boolean, folder = KEPT): Promise<string> {
	const options = { module: isModule, ecma: 2020, compress: { passes: 3 }, format: { comments: false } } as const;
	const minifier = await readFile(resolve("terser/package.json"), "utf8");
	const digest = createHash("sha256")
		.update(JSON.stringify([minifier, options, code]))
		.digest("hex");
	const file = join(folder, `${digest}.js`);
	const kept = await readFile(file, "utf8").catch(() => undefined);
	if (kept !== undefined) return kept;
	// Loading it takes a start's time as well.
	const { minify } = await import("terser");
	const made = (await minify(code, options)).code ?? code;
	await keep(folder, file, made);
	return made;
}

/** Whole or not at all: another process may be reading, or writing the same. */
async function keep(folder: string, file: string, text: string): Promise<void> {
	const draft = join(folder, `${randomUUID()}.draft`);
	await mkdir(folder, { recursive: true });
	await writeFile(draft, text);
	await rename(draft, file);
}
