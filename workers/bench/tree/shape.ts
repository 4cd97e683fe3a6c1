/** The shape of sources, in numbers: how long files and functions are, what is documented, what imports itself in a circle. */
import { globSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, join } from "node:path";
import { parse, tokenizer } from "acorn";
import type { Node } from "acorn";
import { transform } from "esbuild";

/** A file to measure. */
export interface Source {
	path: string;
	/** The folder that it was found below, which an import that begins with `@/` names. */
	root: string;
	text: string;
}

/** What is counted of some sources together. */
export interface Shape {
	files: number;
	/** Files over 200 lines. */
	longFiles: number;
	/** Lines of each function that has statements, nested ones among them. */
	functionLines: number[];
	/** Exports that are declared where they are exported. */
	exports: number;
	/** Those of them that stand right below a docstring. */
	documented: number;
	/** How often a type is given up: `any`, and a `!` behind what may be absent. */
	givenUp: number;
	/** Files that come back to themselves by what they import, types among it. */
	inCircles: number;
	/** The most files side by side. */
	largestFolder: number;
}

const LONG_FILE_LINES = 200;
const LEFT_OUT = /(?:^|\/)(?:tests?|node_modules)\/|\.(?:test|spec|d)\.ts$/;
const EXPORT = /^export (?:(?:default|declare|abstract|async) )*(?:function|const|class|interface|type|enum)\b/;
const IMPORT = /\b(?:from|import)\s*\(?\s*["']((?:\.|@\/)[^"']*)["']/g;

/** The TypeScript below a folder, without tests and without files that only declare. */
export function sourcesIn(root: string): Source[] {
	const paths = globSync("**/*.ts", { cwd: root }).filter((path) => !LEFT_OUT.test(path));
	return paths.map((path) => ({ path: join(root, path), root, text: readFileSync(join(root, path), "utf8") }));
}

export async function shapeOf(sources: readonly Source[]): Promise<Shape> {
	const documented = sources.flatMap(exportsDocumented);
	const folders = Map.groupBy(sources, ({ path }) => dirname(path));
	return {
		files: sources.length,
		longFiles: sources.filter(({ text }) => linesOf(text) > LONG_FILE_LINES).length,
		functionLines: (await Promise.all(sources.map(functionLines))).flat(),
		exports: documented.length,
		documented: documented.filter(Boolean).length,
		givenUp: sources.reduce((sum, source) => sum + typesGivenUp(source), 0),
		inCircles: filesInCircles(sources),
		largestFolder: Math.max(0, ...Array.from(folders.values(), (files) => files.length)),
	};
}

function linesOf(text: string): number {
	return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

/** Counted in the source itself, whatever becomes of its lines when the types are taken off for the parser. */
async function functionLines({ text }: Source): Promise<number[]> {
	const { code, map } = await transform(text, { loader: "ts", sourcemap: "external", target: "es2024" });
	const sourceMap = new SourceMap(JSON.parse(map));
	const starts = [0, ...Array.from(code.matchAll(/\n/g), ({ index }) => index + 1)];
	const lineAt = (position: number): number => {
		const row = starts.findLastIndex((start) => start <= position);
		const entry = sourceMap.findEntry(row, position - (starts[row] ?? 0));
		return "originalLine" in entry ? entry.originalLine : 0;
	};
	const functions = functionsIn(parse(code, { ecmaVersion: "latest", sourceType: "module" }));
	return functions.map(({ start, end }) => lineAt(end - 1) - lineAt(start) + 1);
}

function functionsIn(node: Node): Node[] {
	const hasStatements = "body" in node && isNode(node.body) && node.body.type === "BlockStatement";
	const children = Object.values(node)
		.flatMap((value: unknown) => (Array.isArray(value) ? value : [value]))
		.filter(isNode);
	return [...(hasStatements && node.type.includes("Function") ? [node] : []), ...children.flatMap(functionsIn)];
}

function isNode(value: unknown): value is Node {
	return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

function exportsDocumented({ text }: Source): boolean[] {
	const lines = text.split("\n");
	return lines.flatMap((line, index) => (EXPORT.test(line) ? [(lines[index - 1] ?? "").trimEnd().endsWith("*/")] : []));
}

function typesGivenUp({ text }: Source): number {
	const tokens = [...tokenizer(text, { ecmaVersion: "latest", sourceType: "module" })];
	const words = tokens.map(({ start, end }) => text.slice(start, end));
	return words.filter((word, index) => {
		const [before = "", after = ""] = [words[index - 1], words[index + 1]];
		if (word === "any") return !/^(?:\.|\?\.)$/.test(before) && !/^[:(]$/.test(after);
		const isAdjacent = tokens[index - 1]?.end === tokens[index]?.start;
		return word === "!" && isAdjacent && /^(?:[\w$]+|[\])}])$/.test(before);
	}).length;
}

function filesInCircles(sources: readonly Source[]): number {
	const known = new Set(sources.map(({ path }) => path));
	const imports = new Map(sources.map((source) => [source.path, importsOf(source, known)]));
	return sources.filter(({ path }) => {
		const reached = new Set<string>();
		const waiting = [...(imports.get(path) ?? [])];
		for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
			if (reached.has(next)) continue;
			reached.add(next);
			waiting.push(...(imports.get(next) ?? []));
		}
		return reached.has(path);
	}).length;
}

/** The measured files that a file imports. */
function importsOf({ path, root, text }: Source, known: ReadonlySet<string>): string[] {
	return Array.from(text.matchAll(IMPORT), ([, name = ""]) => {
		const target = name.startsWith("@/") ? join(root, name.slice(2)) : join(dirname(path), name);
		const candidates = [target, target.replace(/\.js$/, ".ts"), `${target}.ts`, join(target, "index.ts")];
		return candidates.filter((candidate) => known.has(candidate)).slice(0, 1);
	}).flat();
}
