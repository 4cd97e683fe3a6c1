import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { dump } from "./dump.ts";
import type { Dump } from "./dump.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const WRANGLER = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
export const SCHEMA = join(ROOT, "schema/portal-schema.sql");
export const DEMO_DATA = join(ROOT, "schema/demo-data.sql");

export interface Run {
	exitCode: number | null;
	stdout: string;
	/** Both streams. */
	output: string;
}

/** A folder as staff have it: the portal's toml, and the local state that wrangler keeps beside it. */
export function createProject(): string {
	const folder = mkdtempSync(join(tmpdir(), "koby-schema-"));
	copyFileSync(join(ROOT, "wrangler-portal.toml"), join(folder, "wrangler-portal.toml"));
	return folder;
}

export function removeProject(folder: string): void {
	rmSync(folder, { recursive: true, force: true });
}

/** Runs the real wrangler in a project. */
export function wrangler(folder: string, ...args: string[]): Promise<Run> {
	const child = spawn(process.execPath, [WRANGLER, ...args], {
		cwd: folder,
		env: { ...process.env, CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_SEND_METRICS: "false", WRANGLER_LOG_PATH: folder, NO_COLOR: "1" },
		stdio: ["ignore", "pipe", "pipe"],
	});
	const run: Run = { exitCode: null, stdout: "", output: "" };
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		run.stdout += text;
		run.output += text;
	});
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		run.output += text;
	});
	return new Promise((resolveRun, reject) => {
		child.on("error", reject);
		child.on("close", (exitCode) => resolveRun({ ...run, exitCode }));
	});
}

/** `wrangler d1 execute` in the README's form. */
export function execute(folder: string, ...args: string[]): Promise<Run> {
	return wrangler(folder, "d1", "execute", "koby-portal-db", "--local", "--config", "wrangler-portal.toml", ...args);
}

/** What the project's database holds, read from its file by Node's SQLite: no further start of wrangler. */
export async function dumpProject(folder: string): Promise<Dump> {
	const directory = join(folder, ".wrangler/state/v3/d1/miniflare-D1DatabaseObject");
	const [file] = readdirSync(directory).filter((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite");
	const database = new DatabaseSync(join(directory, file ?? ""));
	try {
		return await dump((sql) => database.prepare(sql).all());
	} finally {
		database.close();
	}
}
