import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createFolder, removeFolder, startLocal } from "../test/local-run.ts";

// What the usual tools say of the product's own API documents: each is fetched from a run, checked by two linters, and made into
// types and a client by two generators, which strict TypeScript compiles; then a typed client is used against the run.

const HERE = dirname(fileURLToPath(import.meta.url));
const GENERATED = join(HERE, "dist");
const DOCUMENTS = {
	portal: "/portal/openapi.json",
	chat: "/chat/openapi.json",
	voice: "/voice/openapi.json",
	conversation: "/conversation/openapi.json",
	joined: "/openapi.json",
};

const require = createRequire(import.meta.url);
const run = promisify(execFile);
let passed = 0;
let failed = 0;

/** Path of a tool's program within its package. */
function tool(name: string, program: string): string {
	return join(HERE, "node_modules", name, program);
}

const TOOLS = {
	redocly: tool("@redocly/cli", "bin/cli.js"),
	spectral: tool("@stoplight/spectral-cli", "dist/index.js"),
	types: tool("openapi-typescript", "bin/cli.js"),
	orval: tool("orval", "dist/bin/orval.mjs"),
	tsc: require.resolve("typescript/bin/tsc"),
};

/** Runs a tool; it passes by its exit code, and as long as it does not say what `refused` names. */
async function check(name: string, program: string, args: readonly string[], refused?: RegExp): Promise<void> {
	const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1" };
	try {
		const { stdout, stderr } = await run(process.execPath, [program, ...args], { cwd: HERE, env, maxBuffer: 2 ** 26 });
		if (refused?.test(stdout + stderr)) throw Object.assign(new Error("warnings"), { stdout, stderr });
		passed += 1;
		console.log(`ok     ${name}`);
	} catch (error) {
		failed += 1;
		const { stdout = "", stderr = "" } = error instanceof Error ? Object(error) : {};
		console.log(`FAILED ${name}\n${String(stdout)}${String(stderr) || String(error)}`);
	}
}

async function checkDocument(name: string, file: string): Promise<void> {
	await check(`redocly ${name}`, TOOLS.redocly, ["lint", "--config", "redocly.yaml", file], /You have \d+ warning/);
	await check(`spectral ${name}`, TOOLS.spectral, [
		"lint",
		"--ruleset",
		".spectral.yaml",
		"--fail-severity",
		"hint",
		file,
	]);
	await check(`openapi-typescript ${name}`, TOOLS.types, [file, "--output", join(GENERATED, `${name}.ts`)]);
	const orval = [
		"--input",
		file,
		"--output",
		join(GENERATED, `orval/${name}.ts`),
		"--client",
		"fetch",
		"--mode",
		"single",
	];
	await check(`orval ${name}`, TOOLS.orval, orval);
}

const folder = createFolder();
await rm(GENERATED, { recursive: true, force: true });
await mkdir(GENERATED);
const product = await startLocal(folder);
try {
	for (const [name, path] of Object.entries(DOCUMENTS)) {
		const file = join(GENERATED, `${name}.json`);
		await writeFile(file, await (await fetch(product.origin + path)).text());
		await checkDocument(name, file);
	}
	await check("what was generated compiles", TOOLS.tsc, ["-p", "tsconfig.generated.json"]);
	await check("the typed client compiles", TOOLS.tsc, ["-p", "tsconfig.client.json"]);
	await check("the typed client works", join(HERE, "client.ts"), [product.origin]);
} finally {
	await product.interrupt();
	removeFolder(folder);
}
console.log(`\napi-tools: ${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
