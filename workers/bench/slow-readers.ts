/**
 * `npm run bench:memory`: workerd's memory while 50 clips of 5 MB pass through the voice worker at once, each to a listener
 * who takes 20 s for it; the same load twice. Flat: neither the quarters of a run nor the second run add anything.
 *
 * On loopback the kernel's sockets take up to 4.5 MB of a clip off workerd's hands ("most under way"). With small ones nearly
 * all of it waits at the vendor, as behind a slow line; as root, in a network namespace of its own:
 * unshare -n sh -c 'ip link set lo up; cd /proc/sys/net/ipv4; echo 4096 16384 65536 > tcp_wmem; echo 4096 65536 65536 > tcp_rmem;
 * cd "$OLDPWD"; npm run bench:memory'
 */
import { request } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { startVoice } from "./harness.ts";
import { residentBytes, workerdPid } from "./measure.ts";

const LISTENERS = 50;
const RUNS = 2;
const CLIP_BYTES = 5_000_000;
const SLOW_MS = 20_000;
/** A fresh process grows for whatever passes first: code, and the heaps of all its isolates, D1's and the cache's among them. */
const WARM_UPS = 20;
const SHORT_BYTES = 100_000;
/** V8 lets garbage lie while there is room, some 100 KB a request over all isolates: collected often, what is left is what is held. */
const V8_FLAGS = "--gc-interval=500 --gc-global";
const PIECE = Buffer.alloc(65_536, 0xff);
const SAMPLE_MS = 50;
const SETTLE_MS = 3000;
const MIB = 1024 * 1024;
const HEADERS = { "Content-Type": "application/json", "X-Site-Key": "sk_chadis_live_abc123" };

/** The clips of the run that is on, and their bytes so far: what the vendor got rid of, and what the listeners have. */
const now = { clipBytes: 0, spoken: 0, heard: 0, texts: 0 };

function* clip(): Generator<Buffer> {
	for (let left = now.clipBytes; left > 0; left -= PIECE.byteLength) {
		const piece = PIECE.subarray(0, left);
		now.spoken += piece.byteLength;
		yield piece;
	}
}

/** The vendor: as fast as it is read, and no faster. */
function speak(incoming: IncomingMessage, outgoing: ServerResponse): void {
	incoming.resume();
	outgoing.writeHead(200, { "Content-Type": "audio/mpeg" });
	pipeline(clip, outgoing).catch(() => outgoing.destroy());
}

/** Hears one clip in `paceMs`. workerd ends a broken answer as it ends a whole one, so only the count tells them apart. */
function listen(url: string, paceMs: number): Promise<void> {
	return new Promise((resolve, reject) => {
		const outgoing = request(url, { method: "POST", headers: HEADERS, agent: false }, (response) => {
			const began = performance.now();
			let heard = 0;
			response.on("data", (chunk: Buffer) => {
				heard += chunk.byteLength;
				now.heard += chunk.byteLength;
				const earlyMs = (heard / now.clipBytes) * paceMs - (performance.now() - began);
				if (earlyMs <= 0) return;
				response.pause();
				setTimeout(() => response.resume(), earlyMs);
			});
			response.on("error", reject);
			response.on("end", () => {
				if (response.statusCode === 200 && heard === now.clipBytes) resolve();
				else
					reject(new Error(`a clip of ${now.clipBytes} bytes arrived as ${heard}, with status ${response.statusCode}`));
			});
		});
		outgoing.on("error", reject);
		outgoing.end(JSON.stringify({ text: `This is clip number ${now.texts++}.` }));
	});
}

interface Load {
	/** What workerd held, sampled all the while, bytes. */
	held: number[];
	/** The most between vendor and listeners: in workerd, and in the sockets, which are the kernel's. */
	mostUnderWay: number;
	seconds: number;
}

async function load(url: string, pid: number, clipBytes: number, paceMs: number): Promise<Load> {
	Object.assign(now, { clipBytes, spoken: 0, heard: 0 });
	const began = performance.now();
	const seen: Load = { held: [residentBytes(pid)], mostUnderWay: 0, seconds: 0 };
	const timer = setInterval(() => {
		seen.held.push(residentBytes(pid));
		seen.mostUnderWay = Math.max(seen.mostUnderWay, now.spoken - now.heard);
	}, SAMPLE_MS);
	try {
		await Promise.all(Array.from({ length: LISTENERS }, () => listen(url, paceMs)));
	} finally {
		clearInterval(timer);
	}
	seen.seconds = (performance.now() - began) / 1000;
	return seen;
}

function mostInQuarters(held: readonly number[]): number[] {
	const quarter = Math.ceil(held.length / 4);
	return [0, 1, 2, 3].map((index) => Math.max(...held.slice(index * quarter, (index + 1) * quarter)));
}

process.env.MINIFLARE_WORKERD_V8_FLAGS = V8_FLAGS;
const voice = await startVoice(speak);
try {
	const pid = workerdPid();
	for (let turn = 0; turn < WARM_UPS; turn++) await load(`${voice.url}/`, pid, SHORT_BYTES, 0);
	await pause(SETTLE_MS);
	console.log(
		`After ${WARM_UPS * LISTENERS} short clips: ${LISTENERS} clips of ${CLIP_BYTES / 1e6} MB at once; what workerd holds, MiB.\n`,
	);
	console.log(
		"| run | s | MiB sent | held before | most in quarter 1 | 2 | 3 | 4 | after | most under way |\n|---|---|---|---|---|---|---|---|---|---|",
	);
	for (let run = 1; run <= RUNS; run++) {
		const before = residentBytes(pid);
		const { held, mostUnderWay, seconds } = await load(`${voice.url}/`, pid, CLIP_BYTES, SLOW_MS);
		await pause(SETTLE_MS);
		const sizes = [now.heard, before, ...mostInQuarters(held), residentBytes(pid), mostUnderWay];
		console.log(`| ${run} | ${seconds.toFixed(0)} | ${sizes.map((size) => (size / MIB).toFixed(0)).join(" | ")} |`);
	}
} finally {
	await voice.stop();
}
