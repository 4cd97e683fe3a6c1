import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Refusal, shown } from "./settings.ts";
import type { LocalSettings } from "./settings.ts";

const LOCK = "local-run.json";
/** How long a run may take until it listens. */
const STARTING_MS = 60_000;

interface Holder {
	pid: number;
	port: number;
	/** ms since the epoch */
	startedAt: number;
}

/** Whether nobody listens on a port of this machine. */
export function isPortFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once("error", () => resolve(false));
		server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
	});
}

/** @throws {Refusal} someone listens there */
export async function requireFreePort(port: number): Promise<void> {
	if (await isPortFree(port)) return;
	throw new Refusal(
		`Port ${port} is in use: end the program that has it, or choose another port, as in PORT=${port + 1} npm start.`,
	);
}

/**
 * Takes the state folder for this run: two processes that write to one database lose some of the writes to SQLITE_BUSY.
 * @returns gives it back
 * @throws {Refusal} another run has it
 */
export async function lockState({ stateDir, port }: LocalSettings): Promise<() => void> {
	const path = join(stateDir, LOCK);
	mkdirSync(stateDir, { recursive: true });
	const holder = readHolder(path);
	if (holder !== undefined && (await isAlive(holder))) {
		throw new Refusal(
			`Another local run (process ${holder.pid}, http://localhost:${holder.port}) uses ${shown(stateDir)}: end it first, or choose another folder with KOBY_STATE_DIR.`,
		);
	}
	rmSync(path, { force: true });
	writeFileSync(path, JSON.stringify({ pid: process.pid, port, startedAt: Date.now() } satisfies Holder), {
		flag: "wx",
	});
	return () => rmSync(path, { force: true });
}

function readHolder(path: string): Holder | undefined {
	try {
		const { pid, port, startedAt }: Record<string, unknown> = JSON.parse(readFileSync(path, "utf8"));
		return typeof pid === "number" && typeof port === "number" && typeof startedAt === "number"
			? { pid, port, startedAt }
			: undefined;
	} catch {
		return undefined;
	}
}

/** A process id alone proves nothing: after a crash another program gets it. So the run must be young or be listening. */
async function isAlive({ pid, port, startedAt }: Holder): Promise<boolean> {
	if (pid === process.pid || !isRunning(pid)) return false;
	return Date.now() - startedAt < STARTING_MS || !(await isPortFree(port));
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
}

/** The limiters' counters last as long as a run: yesterday's visitors would be refused today. */
export function forgetLimiters(stateDir: string): void {
	rmSync(join(stateDir, "v3/ratelimit"), { recursive: true, force: true });
}
