import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { NODE_PACKAGES, advice, installedNode, isNewEnough } from "../launch.mjs";
import { ROOT } from "../root.ts";

/** The Node of the machine, which npm puts behind the one that comes with the packages. */
const SYSTEM_NODE = "/usr/bin/node";
const systemVersion = existsSync(SYSTEM_NODE)
	? execFileSync(SYSTEM_NODE, ["--version"], { encoding: "utf8" }).trim().slice(1)
	: undefined;
const isSystemOld = systemVersion !== undefined && Number.parseInt(systemVersion, 10) < 22;

const folder = mkdtempSync(join(tmpdir(), "koby-launch-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a Node", () => {
	it.each([
		["20.20.2", false],
		["22.17.1", false],
		["22.18.0", true],
		["22.22.0", true],
		["23.11.1", false],
		["24.0.0", true],
		["24.12.0", true],
		["25.2.1", false],
		["26.0.0", true],
		["26.10.0", true],
		["28.1.0", true],
	])("of version %s is new enough: %s", (version, expected) => {
		expect(isNewEnough(version)).toBe(expected);
	});
});

describe("the Node of a platform", () => {
	it("comes by an optional package, each of which package.json names", () => {
		const { optionalDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
		expect(Object.values(NODE_PACKAGES).sort()).toEqual(Object.keys(optionalDependencies).sort());
	});

	it("is not looked for where there is none", () => {
		expect(installedNode("sunos", "x64")).toBeUndefined();
		expect(installedNode("linux", "ppc64")).toBeUndefined();
	});

	it.each(Object.keys(NODE_PACKAGES))("of %s is to be had by npm ci, or from nodejs.org", (name) => {
		const [platform = "", arch = ""] = name.split("-");
		const text = advice("20.20.2", platform, arch);
		expect(text).toContain(`Node 20.20.2 on ${name} is too old for this project, which needs 22.18, 24 or 26`);
		expect(text).toContain("Run `npm ci`");
		expect(text).toContain("nodejs.org");
	});

	it("is to be had from nodejs.org alone where no package is published", () => {
		const text = advice("18.19.0", "freebsd", "x64");
		expect(text).toContain("Node 18.19.0 on freebsd-x64 is too old");
		expect(text).toContain("No Node package is published for this platform: install Node 24 or 26 from nodejs.org");
		expect(text).not.toContain("npm ci");
	});
});

describe("a script", () => {
	const script = join(folder, "script.ts");
	// No Node before 22.18 reads a type.
	writeFileSync(
		script,
		"const seen: string[] = [process.versions.node, ...process.argv.slice(1)];\nconsole.log(JSON.stringify(seen));\nprocess.exitCode = 3;\n",
	);
	/** Launches the script, with no Node in the PATH that npm has put there. */
	const launch = (node: string, ...args: string[]) =>
		spawnSync(node, [join(ROOT, "workers/local/launch.mjs"), ...args], {
			encoding: "utf8",
			env: { ...process.env, PATH: "/usr/bin:/bin" },
		});

	it("is loaded by a Node that is new enough itself, with its arguments", () => {
		const { status, stdout, stderr } = launch(process.execPath, script, "one", "two words");
		expect(stderr).toBe("");
		expect(JSON.parse(stdout)).toEqual([process.versions.node, script, "one", "two words"]);
		expect(status).toBe(3);
	});

	it.skipIf(!isSystemOld)(
		`is run under the Node of the packages by one that is too old (needs a Node before 22 at ${SYSTEM_NODE})`,
		() => {
			const { status, stdout, stderr } = launch(SYSTEM_NODE, script, "one", "two words");
			expect(stderr).toBe("");
			const [version = "", ...rest]: string[] = JSON.parse(stdout);
			expect(version).not.toBe(systemVersion);
			expect(isNewEnough(version)).toBe(true);
			expect(rest).toEqual([script, "one", "two words"]);
			expect(status).toBe(3);
		},
	);

	it("that is not named is asked for", () => {
		const { status, stderr } = launch(process.execPath);
		expect(stderr).toContain("Use: node workers/local/launch.mjs <script> [argument ...]");
		expect(status).toBe(1);
	});
});
