import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { PAGES } from "../../guides/pages.ts";
import { ROOT } from "../../root.ts";

const READMES = [...PAGES, "workers/README.md"];

/** What the tools make, and what an engineer may make. */
const MADE = /^(?:\.wrangler|dist|node_modules)\/|^\.dev\.vars$|^backup\.sql$|^erased\.json$/;
const ROOMS = "workers|schema|lib|portal|chat|voice|local|bench|\\.ci|\\.\\.";
/** A path below a room, or a file at the top. */
const PATH = new RegExp(
	`^(?:(?:${ROOMS})/[\\w.*{},/-]*|[\\w.-]+\\.(?:ts|mjs|toml|json|sql|md)|\\.dev\\.vars\\.example)$`,
);
/** What npm runs without being told by a script. */
const BUILT_IN = ["ci"];

function read(path: string): string {
	return readFileSync(join(ROOT, path), "utf8");
}

/** The texts between marks of code, in sentences and in blocks. */
function codeOf(markdown: string): string[] {
	return Array.from(
		markdown.matchAll(/```[\w ]*\n([\s\S]*?)```|`([^`\n]+)`/g),
		([, block = "", span = ""]) => block + span,
	);
}

function pathsIn(markdown: string): string[] {
	const words = codeOf(markdown).flatMap((code) => code.split(/[\s"'()|;]+/));
	const links = Array.from(markdown.matchAll(/\]\((?!https?:)([^)#\s]+)/g), ([, target = ""]) => target);
	const paths = words.filter((word) => PATH.test(word)).concat(links);
	return [...new Set(paths.map((path) => path.replace(/[.,:]$/, "")))].filter((path) => !MADE.test(path));
}

function scriptsIn(markdown: string): string[] {
	const named = codeOf(markdown).flatMap((code) => [
		...Array.from(code.matchAll(/\bnpm run (?:-s )?([\w:-]+)/g), ([, name = ""]) => name),
		...Array.from(code.matchAll(/\bnpm (start|test|ci|install)\b/g), ([, name = ""]) => name),
		...Array.from(code.matchAll(/^(bench:\w+)$/g), ([, name = ""]) => name),
	]);
	return [...new Set(named)];
}

/**
 * Whether a path is there, from the top or from the README's own folder; `*` and `{a,b}` stand for something that is. A name
 * without a folder may be of any file below it.
 */
function exists(path: string, folder: string): boolean {
	const exclude = ["node_modules/**"];
	return [path.replace(/\/$/, ""), ...(path.includes("/") ? [] : [`**/${path}`])].some((pattern) =>
		[ROOT, join(ROOT, folder)].some((cwd) => globSync(pattern, { cwd, exclude }).length > 0),
	);
}

describe.each(READMES)("%s", (readme) => {
	const text = read(readme);

	it("names paths that exist", () => {
		const paths = pathsIn(text);
		expect(paths.length).toBeGreaterThan(0);
		expect(paths.filter((path) => !exists(path, dirname(readme)))).toEqual([]);
	});

	it("names npm scripts that exist", () => {
		const { scripts }: { scripts: Record<string, string> } = JSON.parse(read("package.json"));
		const named = scriptsIn(text);
		expect(named.filter((name) => !Object.hasOwn(scripts, name) && !BUILT_IN.includes(name))).toEqual([]);
	});

	it("names functions that the sources have", () => {
		const sources = globSync("workers/**/*.{ts,mjs}", { cwd: ROOT, exclude: ["**/*.test.ts"] })
			.map(read)
			.join("\n");
		const names = codeOf(text).filter((code) => /^[a-z]+(?:[A-Z][a-z]+)+$/.test(code));
		expect([...new Set(names)].filter((name) => !new RegExp(`\\b${name}\\b`).test(sources))).toEqual([]);
	});
});

describe("a README", () => {
	it("is read for paths wherever they stand in code, and for nothing else", () => {
		const markdown =
			"See `workers/lib/log.ts`, `chat/{index,bindings}.ts` and [the map](workers/README.md).\n" +
			"`dist/widget.js`, `/portal/overview`, `text/event-stream` and workers/none.ts are none.\n" +
			"```sh\nnpx wrangler deploy --config wrangler-chat.toml --file schema/portal-schema.sql\n```\n";
		expect(pathsIn(markdown).sort()).toEqual([
			"chat/{index,bindings}.ts",
			"schema/portal-schema.sql",
			"workers/README.md",
			"workers/lib/log.ts",
			"wrangler-chat.toml",
		]);
		expect(exists("chat/{index,bindings}.ts", "workers")).toBe(true);
		expect(exists("bindings.ts", "workers")).toBe(true);
		expect(exists("chat/nothing.ts", "workers")).toBe(false);
		expect(exists("nothing.ts", "workers")).toBe(false);
	});

	it("is read for npm scripts by their whole names", () => {
		const markdown = "`npm run bench:own -- --rounds 3`, `bench:sql`, `npm ci && npm start`, npm run none.";
		expect(scriptsIn(markdown).sort()).toEqual(["bench:own", "bench:sql", "ci", "start"]);
	});
});
