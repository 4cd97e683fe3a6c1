import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { ROOT } from "../root.ts";

const require = createRequire(import.meta.url);

export interface CommandResult {
	exitCode: number | null;
	stdout: string;
	/** Both streams, as they came. */
	output: string;
}

/**
 * Runs a script with this Node to its end. It reads no input, sends no usage figures and writes no colours.
 * @param limitMs after which it is ended, ms; then `exitCode` is null
 */
export function runScript(
	script: string,
	args: readonly string[],
	cwd = ROOT,
	limitMs?: number,
): Promise<CommandResult> {
	const child = spawn(process.execPath, [script, ...args], {
		cwd,
		...(limitMs === undefined ? {} : { timeout: limitMs, killSignal: "SIGKILL" }),
		env: {
			...process.env,
			CLOUDFLARE_CF_FETCH_ENABLED: "false",
			WRANGLER_SEND_METRICS: "false",
			WRANGLER_HIDE_BANNER: "true",
			NO_COLOR: "1",
			// Wrangler is fifteen megabytes of JavaScript, which each of its starts would compile anew.
			NODE_COMPILE_CACHE: join(tmpdir(), "koby-compile-cache"),
			FORCE_COLOR: "0",
		},
		stdio: ["ignore", "pipe", "pipe"],
	});
	const result: CommandResult = { exitCode: null, stdout: "", output: "" };
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		result.stdout += text;
		result.output += text;
	});
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		result.output += text;
	});
	return new Promise((done, fail) => {
		child.on("error", fail);
		child.on("close", (exitCode) =>
			done({ exitCode, stdout: result.stdout, output: stripVTControlCharacters(result.output) }),
		);
	});
}

/** The wrangler of this repository, as a script for `runScript`. */
export const WRANGLER = join(dirname(require.resolve("wrangler/package.json")), "wrangler-dist/cli.js");

/** Runs the wrangler of this repository. */
export function runWrangler(args: readonly string[], cwd = ROOT): Promise<CommandResult> {
	return runScript(WRANGLER, args, cwd);
}

/** Runs the TypeScript compiler of this repository. */
export function runTsc(project: string): Promise<CommandResult> {
	return runScript(join(dirname(require.resolve("typescript/package.json")), "bin/tsc"), ["-p", project]);
}

/** Runs the linter and formatter of this repository. */
export function runBiome(args: readonly string[]): Promise<CommandResult> {
	return runScript(join(dirname(require.resolve("@biomejs/biome/package.json")), "bin/biome"), args);
}

/** Runs the search for what nobody uses. */
export function runKnip(args: readonly string[]): Promise<CommandResult> {
	return runScript(join(dirname(require.resolve("knip")), "../bin/knip.js"), args);
}

/** The address of the registry that npm is set up with here, without a trailing slash. */
export async function npmRegistry(): Promise<string> {
	const npm = process.env.npm_execpath;
	const fallback = process.env.npm_config_registry ?? "";
	const address = npm === undefined ? fallback : (await runScript(npm, ["config", "get", "registry"])).stdout;
	return address.trim().replace(/\/+$/, "");
}
