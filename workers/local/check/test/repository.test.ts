import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../../root.ts";

// What no linter looks for; imports, layers and the shape of the code are in biome.json and knip.json.

function read(path: string): string {
	return readFileSync(join(ROOT, path), "utf8");
}

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

/** This file names what it looks for. */
const OWN_PATH = "workers/local/check/test/repository.test.ts";

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

	it("silences no compiler and leaves nothing to do", () => {
		const marks = /@ts-(?:expect-error|nocheck)|\bTODO\b|\bFIXME\b/;
		const code = trackedFiles().filter((path) => /\.(?:ts|mjs|css|sql)$/.test(path) && path !== OWN_PATH);
		expect(code.length).toBeGreaterThan(0);
		expect(code.filter((path) => marks.test(read(path)))).toEqual([]);
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
