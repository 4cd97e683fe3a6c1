import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join, posix, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../../root.ts";

const WORKERS = ["portal", "chat", "voice"];
const MAX_LINES = 300;
/** What shipped code may import besides its own files: packages of the run time, and what a build of ours makes. */
const PACKAGES = ["jose", "stripe", "cloudflare:workers", "koby-widget"];

const sources = globSync("{workers,schema}/**/*.ts", { cwd: ROOT, exclude: ["**/node_modules/**", "**/env.d.ts"] })
	.map((path) => path.replaceAll("\\", "/"))
	.sort();
const shipped = sources.filter((path) => /^workers\/(lib|portal|chat|voice)\//.test(path) && !path.includes("/test/"));

function read(path: string): string {
	return readFileSync(join(ROOT, path), "utf8");
}

/** What a module names after `from`, `import` or `import(`. */
function specifiers(text: string): string[] {
	return [...text.matchAll(/(?:^import|^(?:import|export)\b[^;"]*?\bfrom|\bimport\()\s*"([^"]+)"/gm)].flatMap(
		([, name]) => name ?? [],
	);
}

/** The repository's path of a relative import, the name of a package otherwise. */
function target(importer: string, specifier: string): string {
	return specifier.startsWith(".") ? posix.join(posix.dirname(importer), specifier) : specifier;
}

function imports(paths: string[]): { importer: string; imported: string }[] {
	return paths.flatMap((importer) =>
		specifiers(read(importer)).map((specifier) => ({ importer, imported: target(importer, specifier) })),
	);
}

/** The text without comments and without what strings and templates say. */
function codeOnly(text: string): string {
	return text.replace(
		/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g,
		(match) => (/^["'`]/.test(match) ? '""' : ""),
	);
}

const UNSAFE: Record<string, RegExp> = {
	any: /:\s*any\b|\bas\s+any\b|[<,]\s*any\b/,
	"non-null assertion": /[\w)\]]!(?!=)/,
	enum: /\benum\s+\w/,
};

function unsafe(text: string): string[] {
	const code = codeOnly(text);
	return Object.entries(UNSAFE)
		.filter(([, pattern]) => pattern.test(code))
		.map(([name]) => name);
}

describe("imports", () => {
	it("of lib stay in lib", () => {
		const wrong = imports(shipped.filter((path) => path.startsWith("workers/lib/"))).filter(
			({ imported }) => !imported.startsWith("workers/lib/") && !PACKAGES.includes(imported),
		);
		expect(wrong).toEqual([]);
	});

	it.each(WORKERS)("of %s stay in it and lib, and reach no test, stand-in or benchmark", (worker) => {
		const own = shipped.filter((path) => path.startsWith(`workers/${worker}/`));
		expect(own.length).toBeGreaterThan(0);
		const isAllowed = (imported: string): boolean =>
			new RegExp(`^workers/(?:lib|${worker})/(?!test/)`).test(imported) || PACKAGES.includes(imported);
		expect(imports(own).filter(({ imported }) => !isAllowed(imported))).toEqual([]);
	});

	it("of a worker's tests reach no other worker", () => {
		const wrong = WORKERS.flatMap((worker) => {
			const others = WORKERS.filter((name) => name !== worker);
			const tests = sources.filter((path) => path.startsWith(`workers/${worker}/test/`));
			return imports(tests).filter(({ imported }) => others.some((other) => imported.startsWith(`workers/${other}/`)));
		});
		expect(wrong).toEqual([]);
	});

	it("name files with their suffix", () => {
		const ownFiles = imports(sources).filter(({ imported }) => /^(?:workers|schema)\//.test(imported));
		expect(ownFiles.length).toBeGreaterThan(0);
		expect(ownFiles.filter(({ imported }) => posix.extname(imported) === "")).toEqual([]);
	});

	it("are found in every form", () => {
		expect(
			specifiers(
				'import a from "../../test/a.ts";\nimport {\n\tb,\n} from "b";\nimport "c";\nexport type { D } from "../../test/d.ts";\nawait import("e");\nconst f = "from";',
			),
		).toEqual(["./a.ts", "b", "c", "./d.ts", "e"]);
	});
});

describe("code", () => {
	it(`has at most ${MAX_LINES} lines a file`, () => {
		const long = sources
			.map((path) => ({ path, lines: read(path).trimEnd().split("\n").length }))
			.filter(({ lines }) => lines > MAX_LINES);
		expect(long).toEqual([]);
	});

	it("that ships has no any, no non-null assertion and no enum", () => {
		expect(
			shipped.map((path) => ({ path, found: unsafe(read(path)) })).filter(({ found }) => found.length > 0),
		).toEqual([]);
	});

	it("silences no check and leaves nothing to do", () => {
		const marks = /@ts-(?:ignore|expect-error|nocheck)|eslint-disable|\bTODO\b|\bFIXME\b/;
		expect(sources.filter((path) => !path.endsWith("/imports.test.ts") && marks.test(read(path)))).toEqual([]);
	});

	it.each([
		["const a: any = 1;", ["any"]],
		["f(x as any)", ["any"]],
		["new Map<string, any>()", ["any"]],
		["const a = b!.c;", ["non-null assertion"]],
		["f(b[0]!)", ["non-null assertion"]],
		["const enum A { B }", ["enum"]],
		['const a = "x!"; // any: any!\nif (a !== b && !c) throw `as any`;', []],
	])("such as %s is judged %j", (text, found) => {
		expect(unsafe(text)).toEqual(found);
	});
});

/** The repository's files: those that git knows, or all but what is made when there is no git. */
function trackedFiles(): string[] {
	try {
		return execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
			.split("\0")
			.filter((path) => path !== "" && existsSync(join(ROOT, path)));
	} catch {
		const files = globSync("**/*", {
			cwd: ROOT,
			withFileTypes: true,
			exclude: (entry) => ["node_modules", ".git", ".wrangler"].includes(entry.name),
		});
		return files.filter((entry) => entry.isFile()).map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
	}
}

describe("the repository", () => {
	const FOREIGN: Record<string, RegExp> = {
		"a path of one machine": /(?<![\w.:/])\/(?:work|root|home\/\w+|Users\/\w+)\/\w/,
		"a package registry": /\bregistry\.[\w-]+\.\w+/,
		"a secret":
			/\bsk_(?:live|test)_[A-Za-z0-9]{20,}|\bwhsec_[A-Za-z0-9+/=]{24,}|\bAIza[\w-]{35}|\bAQ\.[\w-]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/=]{40}/,
	};

	it("holds no machine's path, registry or secret", () => {
		const found = trackedFiles().flatMap((path) => {
			const text = read(path);
			return Object.entries(FOREIGN)
				.filter(([, pattern]) => pattern.test(text))
				.map(([what]) => `${path}: ${what}`);
		});
		expect(found).toEqual([]);
	});

	it("has a lockfile that installs from any registry", () => {
		expect(read("package-lock.json")).not.toContain('"resolved"');
	});

	it("pins every package to one version", () => {
		const { dependencies, devDependencies, optionalDependencies, overrides }: Record<string, object> = JSON.parse(
			read("package.json"),
		);
		const versions = Object.values({ ...dependencies, ...devDependencies, ...optionalDependencies, ...overrides });
		const exact = /^(?:npm:@?[\w./-]+@)?\d+\.\d+\.\d+(-[0-9A-Za-z]+([.-][0-9A-Za-z]+)*)?$/;
		expect(versions.filter((version) => !exact.test(String(version)))).toEqual([]);
	});
});
