/**
 * `npm run bench`: what our workers cost beside a floor that makes the same bare platform calls, in one run on one
 * workerd, once both are warm. Absolute times differ between machines and hours; the ratios are what is quoted.
 * Options: --rounds N (default 9), --seconds N (of ours and of the floor in each round, default 1), --only TEXT (cases whose
 * name holds it).
 */
import { parseArgs } from "node:util";
import { SESSIONS_SQL, cases } from "./cases.ts";
import type { Case } from "./cases.ts";
import { startBench } from "./harness.ts";
import { startGenerator } from "./load/load.ts";
import type { Shot } from "./load/load.ts";
import { slice, takeNumbers, warmUp } from "./load/measure.ts";
import type { Paced, WarmTarget } from "./load/measure.ts";
import { numberedShot } from "./load/template.ts";
import { fire, median, workerdPid } from "./measure.ts";

const PARALLEL = 8;
/** First bytes are taken one request at a time, so many of each in a round. */
const SHOTS_ALONE = 30;

const { values: options } = parseArgs({
	options: {
		rounds: { type: "string", default: "9" },
		seconds: { type: "string", default: "1" },
		only: { type: "string", default: "" },
	},
});
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);
const generator = startGenerator();

/** A number for ours and for the floor. */
interface Pair {
	target: number;
	floor: number;
}

interface Round {
	cpuUs: Pair;
	p50Ms: Pair;
	/** Time to the first byte of each shot alone, ms. */
	firstByteMs: Pair[];
}

async function warm(pid: number, shot: Shot): Promise<WarmTarget> {
	const target = await warmUp(generator, { pid, shot, connections: PARALLEL, isNumbered: true });
	if (!target.isSteady) console.error(`${shot.method} ${shot.url} did not become steady.`);
	return target;
}

/** Rounds alternate between ours and the floor, so that a slow minute of the machine hits both. */
async function measure(pid: number, one: Case): Promise<Round[]> {
	const [target, floor] = [await warm(pid, one.target), await warm(pid, one.floor)];
	const all: Round[] = [];
	for (let turn = 0; turn < rounds; turn++) {
		const [ours, bare] = [await slice(generator, target, seconds), await slice(generator, floor, seconds)];
		const pair = (read: (paced: Paced) => number): Pair => ({ target: read(ours), floor: read(bare) });
		all.push({ cpuUs: pair(({ us }) => us), p50Ms: pair(({ p50Ms }) => p50Ms), firstByteMs: await firstBytes(one) });
	}
	return all;
}

async function firstBytes({ target, floor, markers }: Case): Promise<Pair[]> {
	const all: Pair[] = [];
	for (let shot = 0; shot < SHOTS_ALONE; shot++) {
		const ours = await fire(numberedShot(target, takeNumbers(1)), markers?.target);
		const bare = await fire(numberedShot(floor, takeNumbers(1)), markers?.floor);
		all.push({ target: ours.firstMs, floor: bare.firstMs });
	}
	return all;
}

function row({ name, floorName }: Case, all: readonly Round[]): string {
	const ratio = (read: (round: Round) => Pair): string =>
		median(all.map(read).map(({ target, floor }) => target / floor)).toFixed(2);
	const cpuUs = (side: keyof Pair): number => median(all.map((round) => round.cpuUs[side]));
	const firstMs = (side: keyof Pair): number =>
		median(all.flatMap((round) => round.firstByteMs).map((pair) => pair[side]));
	const cells = [
		name,
		floorName,
		cpuUs("target").toFixed(0),
		cpuUs("floor").toFixed(0),
		ratio((round) => round.cpuUs),
		(cpuUs("target") - cpuUs("floor")).toFixed(0),
		ratio((round) => round.p50Ms),
		(firstMs("target") - firstMs("floor")).toFixed(2),
	];
	return `| ${cells.join(" | ")} |`;
}

const bench = await startBench();
try {
	const pid = workerdPid();
	await bench.run(SESSIONS_SQL);
	console.log(
		`${rounds} alternating rounds of ${seconds} s each after a warm-up until steady, ${PARALLEL} requests at a time; CPU of workerd (stand-ins included) per request, us (the same number is ms per 1,000 requests).\n`,
	);
	console.log(
		"| case | floor | CPU us | floor CPU us | CPU ratio | more than the floor us | p50 ratio | first byte later by ms |",
	);
	console.log("|---|---|---|---|---|---|---|---|");
	for (const one of cases(bench).filter(({ name }) => name.includes(options.only)))
		console.log(row(one, await measure(pid, one)));
	console.log("\n| bundle | gzip, minified |\n|---|---|");
	for (const name of ["portal", "chat", "voice"])
		console.log(`| ${name} | ${((bench.bundleBytes[name] ?? 0) / 1024).toFixed(1)} KiB |`);
} finally {
	generator.stop();
	await bench.stop();
}
