/**
 * `npm run bench:scale`: whether stored history costs anything. The same reads on the same days' metrics with 10,000 and with
 * 1,000,000 stored sessions, in alternating rounds of one run; then workerd's memory while 1,000,000 messages leave as CSV.
 */
import { request } from "node:http";
import { startBench } from "./harness.ts";
import type { Bench } from "./harness.ts";
import { fire, median, residentBytes, workerdPid } from "./measure.ts";
import { sessionsSql } from "./sessions.ts";

const SESSIONS = { small: 10_000, large: 1_000_000 };
const ROUNDS = 9;
const SHOTS = 60;
const CHUNK = 50_000;
const MIB = 1024 * 1024;
const DAY_MS = 86_400_000;
const SAMPLE_MS = 20;
const NEWLINE = 10;

const PATHS = ["/portal/overview", "/portal/insights", "/portal/engines", "/portal/conversations", "/portal/config"];

async function fill(run: Bench["runLarge"], sessions: number): Promise<void> {
	for (let from = 0; from < sessions; from += CHUNK) await run(sessionsSql(from, Math.min(from + CHUNK, sessions)));
}

async function compare(bench: Bench): Promise<void> {
	const headers = { Authorization: `Bearer ${bench.token}` };
	console.log(`| read | p50 at ${SESSIONS.large} sessions / at ${SESSIONS.small} |\n|---|---|`);
	for (const path of PATHS) {
		const times: Record<"portal" | "portal-large", number[]> = { portal: [], "portal-large": [] };
		for (let round = 0; round < ROUNDS; round++) {
			for (const worker of ["portal", "portal-large"] as const) {
				const shots: number[] = [];
				for (let shot = 0; shot < SHOTS; shot++)
					shots.push((await fire({ url: `${bench.url(worker)}${path}`, method: "GET", headers })).totalMs);
				times[worker].push(median(shots.slice(SHOTS / 6)));
			}
		}
		console.log(`| ${path} | ${(median(times["portal-large"]) / median(times.portal)).toFixed(2)} |`);
	}
}

interface Download {
	lines: number;
	bytes: number;
	/** What workerd held, sampled all the while, bytes. */
	held: number[];
}

/** Reads a file to its end. */
function download(url: string, token: string, pid: number): Promise<Download> {
	return new Promise((resolve, reject) => {
		const seen: Download = { lines: 0, bytes: 0, held: [residentBytes(pid)] };
		const timer = setInterval(() => seen.held.push(residentBytes(pid)), SAMPLE_MS);
		const outgoing = request(url, { agent: false, headers: { Authorization: `Bearer ${token}` } }, (response) => {
			response.on("data", (chunk: Buffer) => {
				seen.bytes += chunk.byteLength;
				for (const byte of chunk) if (byte === NEWLINE) seen.lines += 1;
			});
			response.on("error", reject);
			response.on("end", () => {
				clearInterval(timer);
				resolve(seen);
			});
		});
		outgoing.on("error", reject);
		outgoing.end();
	});
}

/** The whole history as CSV, twice. Flat memory: the last quarter holds no more than the second, and the second time no more than the first. */
async function exportAll(bench: Bench, pid: number): Promise<void> {
	const from = new Date(Date.now() - 90 * DAY_MS).toISOString().slice(0, 10);
	console.log(
		"\n| export of | MiB sent | MiB held at first | most in quarter 1 | 2 | 3 | 4 |\n|---|---|---|---|---|---|---|",
	);
	for (const worker of ["portal", "portal-large", "portal-large"]) {
		const { lines, bytes, held } = await download(`${bench.url(worker)}/portal/export?from=${from}`, bench.token, pid);
		const quarter = Math.ceil(held.length / 4);
		const most = [0, 1, 2, 3].map((index) => Math.max(...held.slice(index * quarter, (index + 1) * quarter)));
		const cells = [bytes, held[0] ?? 0, ...most].map((size) => (size / MIB).toFixed(0));
		// Neither the header nor the end mark is a message.
		console.log(`| ${lines - 2} messages | ${cells.join(" | ")} |`);
	}
}

const bench = await startBench();
try {
	const pid = workerdPid();
	await fill(bench.run, SESSIONS.small);
	await fill(bench.runLarge, SESSIONS.large);
	await compare(bench);
	await exportAll(bench, pid);
} finally {
	await bench.stop();
}
