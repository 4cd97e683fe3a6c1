/**
 * `npm run bench`: what our workers cost beside a floor that makes the same bare platform calls, in one run on one
 * workerd. Absolute times differ between machines and hours; the ratios are what is quoted.
 * Options: --requests N (per round, default 400), --rounds N (default 5), --only TEXT (cases whose name holds it).
 */
import { parseArgs } from "node:util";
import { SESSIONS_SQL, cases } from "./cases.ts";
import type { Case } from "./cases.ts";
import { startBench } from "./harness.ts";
import { fire, median, round, workerdPid } from "./measure.ts";
import type { Round } from "./measure.ts";

const PARALLEL = 8;

const { values: options } = parseArgs({
	options: {
		requests: { type: "string", default: "400" },
		rounds: { type: "string", default: "5" },
		only: { type: "string", default: "" },
	},
});
const requests = Number(options.requests);
const rounds = Number(options.rounds);

interface Result {
	target: Round;
	floor: Round;
	/** First byte, one request at a time: ours less the floor's, ms. */
	firstByteOverheadMs: number;
}

function medianRound(all: readonly Round[]): Round {
	return {
		cpuMs: median(all.map((r) => r.cpuMs)),
		p50Ms: median(all.map((r) => r.p50Ms)),
		firstByteMs: median(all.map((r) => r.firstByteMs)),
	};
}

let nextNumber = 0;

/** A number no other request of this run has. */
function take(count: number): number {
	nextNumber += count;
	return nextNumber - count;
}

/** Rounds alternate between ours and the floor, so that a slow minute of the machine hits both. */
async function measure(pid: number, one: Case): Promise<Result> {
	const target: Round[] = [];
	const floor: Round[] = [];
	const alone: { target: number; floor: number }[] = [];
	await round(pid, one.target, 40, PARALLEL, take(40));
	await round(pid, one.floor, 40, PARALLEL, take(40));
	for (let turn = 0; turn < rounds; turn++) {
		target.push(await round(pid, one.target, requests, PARALLEL, take(requests)));
		floor.push(await round(pid, one.floor, requests, PARALLEL, take(requests)));
		for (let shot = 0; shot < 50; shot++) {
			const ours = await fire(one.target(take(1)), one.markers?.target);
			const bare = await fire(one.floor(take(1)), one.markers?.floor);
			alone.push({ target: ours.firstMs, floor: bare.firstMs });
		}
	}
	const firstByteOverheadMs = median(alone.map((a) => a.target)) - median(alone.map((a) => a.floor));
	return { target: medianRound(target), floor: medianRound(floor), firstByteOverheadMs };
}

const bench = await startBench();
try {
	const pid = workerdPid();
	await bench.run(SESSIONS_SQL);
	console.log(
		`${rounds} alternating rounds of ${requests} requests, ${PARALLEL} at a time; CPU of workerd (stand-ins included) per 1,000 requests.\n`,
	);
	console.log("| case | floor | CPU ms | floor CPU ms | CPU ratio | own CPU ms | p50 ratio | first byte later by ms |");
	console.log("|---|---|---|---|---|---|---|---|");
	for (const one of cases(bench).filter(({ name }) => name.includes(options.only))) {
		const { target, floor, firstByteOverheadMs } = await measure(pid, one);
		const cells = [
			target.cpuMs.toFixed(0),
			floor.cpuMs.toFixed(0),
			(target.cpuMs / floor.cpuMs).toFixed(2),
			(target.cpuMs - floor.cpuMs).toFixed(0),
		];
		console.log(
			`| ${one.name} | ${one.floorName} | ${cells.join(" | ")} | ${(target.p50Ms / floor.p50Ms).toFixed(2)} | ${firstByteOverheadMs.toFixed(2)} |`,
		);
	}
	console.log("\n| bundle | gzip, minified |\n|---|---|");
	for (const name of ["portal", "chat", "voice"])
		console.log(`| ${name} | ${((bench.bundleBytes[name] ?? 0) / 1024).toFixed(1)} KiB |`);
} finally {
	await bench.stop();
}
