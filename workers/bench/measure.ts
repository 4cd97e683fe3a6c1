import { readFileSync, readdirSync } from "node:fs";
import { Agent, request } from "node:http";
import type { Shot } from "./load/load.ts";

/** Memory of a process that is in RAM, bytes. */
export function residentBytes(pid: number): number {
	return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
}

/** The workerd that this process started. */
export function workerdPid(): number {
	for (const name of readdirSync("/proc")) {
		if (!/^\d+$/.test(name)) continue;
		try {
			const [, rest = ""] = readFileSync(`/proc/${name}/stat`, "utf8").split(" (workerd) ");
			if (Number(rest.split(" ")[1]) === process.pid) return Number(name);
		} catch {
			// gone between the listing and the reading
		}
	}
	throw new Error("no workerd found below this process (the benchmark reads /proc, so it needs Linux)");
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

interface Timing {
	firstMs: number;
	totalMs: number;
}

/** One request. `marker`: the first byte that counts is the one that begins this text; without it, the first of the body. */
export function fire(shot: Shot, marker?: string): Promise<Timing> {
	return new Promise((resolve, reject) => {
		const began = performance.now();
		let firstMs: number | undefined;
		let seen = "";
		const outgoing = request(shot.url, { method: shot.method, headers: shot.headers, agent }, (response) => {
			response.on("data", (chunk: Buffer) => {
				if (firstMs !== undefined) return;
				if (marker !== undefined) seen += chunk.toString("utf8");
				if (marker === undefined || seen.includes(marker)) firstMs = performance.now() - began;
			});
			response.on("error", reject);
			response.on("end", () => {
				if (response.statusCode !== undefined && response.statusCode < 300) {
					resolve({ firstMs: firstMs ?? performance.now() - began, totalMs: performance.now() - began });
				} else reject(new Error(`${shot.method} ${shot.url} answered ${response.statusCode}`));
			});
		});
		outgoing.on("error", reject);
		outgoing.end(shot.body);
	});
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const upper = sorted[middle] ?? Number.NaN;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
