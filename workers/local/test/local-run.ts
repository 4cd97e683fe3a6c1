import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isPortFree } from "../run/state-lock.ts";
import { ROOT } from "../root.ts";

/** Below the ports that systems give out by themselves: one of those may have a new holder before the run listens there. */
const PORTS = { from: 20_000, to: 32_000 };
const READY = "# Ctrl-C ends it.";
/** A run that is told to end has this long, ms. */
const END_LIMIT_MS = 20_000;
/** The runtime that writes to a database keeps others off its file for moments, ms. */
export const BUSY_TIMEOUT_MS = 10_000;

export interface Ended {
	exitCode: number | null;
	output: string;
}

export interface LocalRun {
	port: number;
	origin: string;
	/** What it has printed. */
	output(): string;
	/** Process ids of it and of all that it started. */
	processes(): number[];
	/** As Ctrl-C does. */
	interrupt(): Promise<Ended>;
}

/** A folder for a run's state and its .dev.vars, so that no test meets an engineer's data or keys. */
export function createFolder(): string {
	return mkdtempSync(join(tmpdir(), "koby-local-"));
}

export function removeFolder(folder: string): void {
	rmSync(folder, { recursive: true, force: true });
}

/** A port that nobody listens on, and that nobody is given unasked. */
export async function freePort(): Promise<number> {
	for (;;) {
		const port = randomInt(PORTS.from, PORTS.to);
		if (await isPortFree(port)) return port;
	}
}

function launch(folder: string, port: number): { child: ChildProcess; text: () => string; ended: Promise<Ended> } {
	const env = {
		...process.env,
		PORT: String(port),
		KOBY_STATE_DIR: join(folder, "state"),
		KOBY_DEV_VARS: join(folder, ".dev.vars"),
		LOG: "",
		// Nobody watches.
		KOBY_CHUNK_GAP_MS: "5",
	};
	const child = spawn(process.execPath, [resolve(ROOT, "workers/local/run/start.ts")], {
		env,
		stdio: ["ignore", "pipe", "pipe"],
	});
	let text = "";
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
	const ended = new Promise<Ended>((done) => child.once("close", (exitCode) => done({ exitCode, output: text })));
	return { child, text: () => text, ended };
}

/** Starts the local default and waits until it says that it is ready. */
export async function startLocal(folder: string, devVars = ""): Promise<LocalRun> {
	writeFileSync(join(folder, ".dev.vars"), devVars);
	const port = await freePort();
	const { child, text, ended } = launch(folder, port);
	const ready = new Promise<void>((done) => child.stdout?.on("data", () => text().includes(READY) && done()));
	const failed = ended.then(({ output }) => Promise.reject(new Error(`The local default did not start:\n${output}`)));
	await Promise.race([ready, failed]);
	return {
		port,
		origin: `http://localhost:${port}`,
		output: text,
		processes: () => processesOf(child.pid ?? 0),
		interrupt: () => {
			const all = processesOf(child.pid ?? 0);
			child.kill("SIGINT");
			// Whatever has not ended by then is ended, so that the tests after this one have the machine to themselves.
			const timer = setTimeout(() => all.forEach(kill), END_LIMIT_MS);
			return ended.finally(() => clearTimeout(timer));
		},
	};
}

/** A start that is expected to end by itself. */
export function startInVain(folder: string, port: number): Promise<Ended> {
	return launch(folder, port).ended;
}

/** The commands that the run printed, word for word. */
export function printedCommands(run: LocalRun): string {
	const [, block = ""] = run.output().split(/^# Copy and paste.*\n/m);
	return block.slice(0, block.indexOf(READY));
}

/** Rows from the run's own database file, whose name wrangler makes up. */
export function rows(folder: string, sql: string): Record<string, unknown>[] {
	const directory = join(folder, "state/v3/d1/miniflare-D1DatabaseObject");
	const [file = ""] = readdirSync(directory).filter((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite");
	const database = new DatabaseSync(join(directory, file), { readOnly: true, timeout: BUSY_TIMEOUT_MS });
	try {
		return database.prepare(sql).all();
	} finally {
		database.close();
	}
}

function kill(pid: number): void {
	try {
		process.kill(pid, "SIGKILL");
	} catch {
		// gone already
	}
}

/** A process and all that it started, from Linux' process table; elsewhere only the process itself. */
export function processesOf(pid: number): number[] {
	if (!existsSync("/proc/self/stat")) return [pid];
	const parents = readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name))
		.map((name) => [Number(name), parentOf(name)] as const);
	const found = [pid];
	for (const one of found) found.push(...parents.filter(([, parent]) => parent === one).map(([child]) => child));
	return found;
}

function parentOf(pid: string): number {
	try {
		return Number(/^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1]);
	} catch {
		return 0;
	}
}

/** Whether a process still runs; one that has ended but is not yet collected does not. */
export function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return !existsSync("/proc/self/stat") || !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
	} catch {
		return false;
	}
}
