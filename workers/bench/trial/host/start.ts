import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort, processesOf } from "../../../local/test/local-run.ts";
import type { Command, Counts, HostOptions, Ready, Reply } from "./messages.ts";

/** The workers of a trial in a process of their own. */
export interface Host extends Ready {
	/** Every line that workers and runtime have said. */
	lines: string[];
	/** Runs SQL on the workers' database, past all faults. */
	sql(sql: string): Promise<Record<string, unknown>[]>;
	/** Runs a cron as of an instant, ms since the epoch. */
	scheduled(worker: string, cron: string, at: number): Promise<void>;
	standIns(path: string, body: object): Promise<Record<string, unknown>>;
	setFaults(isOn: boolean): Promise<void>;
	counts(): Promise<Counts>;
	/** SIGKILL to it and all that it started, at once. */
	kill(): Promise<void>;
}

const QUIET: HostOptions = { seed: 0, vendorFaults: 0, d1Faults: 0, markers: [], chunkGapMs: 60 };

/** Starts a host on a folder of state and waits until it is ready. @throws {Error} it ends before that */
export async function startHost(folder: string, options: Partial<HostOptions> = {}): Promise<Host> {
	writeFileSync(join(folder, ".dev.vars"), "");
	const env = {
		...process.env,
		PORT: String(await freePort()),
		KOBY_STATE_DIR: join(folder, "state"),
		KOBY_DEV_VARS: join(folder, ".dev.vars"),
		TRIAL: JSON.stringify({ ...QUIET, ...options }),
	};
	const child = spawn(process.execPath, [join(import.meta.dirname, "host.ts")], {
		env,
		stdio: ["ignore", "ignore", "pipe", "ipc"],
	});
	const lines: string[] = [];
	if (child.stderr !== null) createInterface({ input: child.stderr }).on("line", (line) => lines.push(line));
	const waiting = new Map<number, (reply: Reply) => void>();
	const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
	const ready = await new Promise<Ready>((resolve, reject) => {
		child.on("message", (message: Ready | Reply) => {
			if ("isReady" in message) resolve(message);
			else waiting.get(message.number)?.(message);
		});
		void ended.then(() => reject(new Error(`The host ended.\n${lines.slice(-20).join("\n")}`)));
	});
	let number = 0;
	const ask = (command: Command): Promise<unknown> =>
		new Promise((resolve, reject) => {
			number += 1;
			waiting.set(number, ({ result, error }) => (error === undefined ? resolve(result) : reject(new Error(error))));
			child.send({ number, command }, (error) => (error === null ? undefined : reject(error)));
			void ended.then(() => reject(new Error("The host was killed.")));
		});
	return { ...ready, lines, ...commandsOf(ask), kill: () => killAll(child.pid ?? 0).then(() => ended) };
}

function commandsOf(ask: (command: Command) => Promise<unknown>): Omit<Host, keyof Ready | "lines" | "kill"> {
	return {
		sql: async (sql) => listOf(await ask({ kind: "sql", sql })),
		scheduled: async (worker, cron, at) => void (await ask({ kind: "scheduled", worker, cron, at })),
		standIns: async (path, body) => Object(await ask({ kind: "standIns", path, body })),
		setFaults: async (isOn) => void (await ask({ kind: "faults", isOn })),
		counts: async () => Object(await ask({ kind: "counts" })),
	};
}

function listOf(value: unknown): Record<string, unknown>[] {
	return Array.isArray(value) ? value : [];
}

async function killAll(pid: number): Promise<void> {
	for (const one of processesOf(pid)) {
		try {
			process.kill(one, "SIGKILL");
		} catch {
			// It has ended by itself.
		}
	}
}
