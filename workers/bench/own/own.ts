/**
 * `npm run bench:own`: what our workers' own code costs. Each worker runs straight on workerd with the platform played
 * inside its isolate; counted is the CPU of the process per request, less that of a worker that says hello.
 * Options: --beside PATH (another checkout with packages, measured in turn with this one), --tree PATH (instead of this
 * one), --rounds N (default 3), --slices N (of half a second, in each round, default 10), --only TEXT (cases whose name holds it).
 */
import { parseArgs } from "node:util";
import { ROOT } from "../../local/root.ts";
import { startGenerator } from "../load/load.ts";
import { slice, warmUp } from "../load/measure.ts";
import type { WarmTarget } from "../load/measure.ts";
import { ownCpu, ratioOfRounds } from "../load/steady.ts";
import type { Round } from "../load/steady.ts";
import { median } from "../measure.ts";
import { CASES } from "./cases.ts";
import type { OwnCase } from "./cases.ts";
import { insideModule } from "./modules.ts";
import { CONNECTIONS, builtTree, play, record } from "./prepare.ts";
import type { Playing, Take } from "./prepare.ts";
import { serve } from "./serve.ts";

const { values: options } = parseArgs({
	options: {
		tree: { type: "string", default: ROOT },
		beside: { type: "string" },
		rounds: { type: "string", default: "3" },
		slices: { type: "string", default: "10" },
		only: { type: "string", default: "" },
	},
});
const rounds = Number(options.rounds);
const slices = Number(options.slices);
const SLICE_SECONDS = 0.5;
/** A hello is quick, and there are many in little time. */
const HELLO_SECONDS = 0.2;

const generator = startGenerator();
const trees = [options.tree, ...(options.beside === undefined ? [] : [options.beside])].map((root) =>
	builtTree(root, { minify: true }),
);

async function startHello(): Promise<WarmTarget> {
	const served = await serve({
		modules: { "entry.js": await insideModule("hello") },
		compatibilityDate: "2026-11-02",
		compatibilityFlags: [],
		isTelling: false,
	});
	const shot = { url: served.url, method: "GET" as const, headers: {} };
	return warmUp(generator, { pid: served.pid, shot, connections: CONNECTIONS, isNumbered: false });
}

interface Started {
	playing: Playing;
	warm: WarmTarget;
}

/**
 * A round: every tree's worker in a new process, since V8 does not compile a program twice alike; once they are warm, slices
 * of load by turns, so that a slow moment of the machine hits all.
 */
async function measureRound(takes: readonly Take[], hello: WarmTarget): Promise<Round> {
	const started: Started[] = [];
	for (const take of takes) {
		const playing = await play(take);
		const warm = await warmUp(generator, playing.target);
		if (!warm.isSteady) console.error(`${take.name} did not become steady.`);
		started.push({ playing, warm });
	}
	const us = started.map((): number[] => []);
	const helloUs: number[] = [];
	for (let turn = 0; turn < slices; turn++) {
		for (const [index, { warm }] of started.entries())
			us[index]?.push((await slice(generator, warm, SLICE_SECONDS)).us);
		helloUs.push((await slice(generator, hello, HELLO_SECONDS)).us);
	}
	for (const { playing } of started) {
		await playing.verify();
		playing.served.stop();
	}
	return { trees: us.map(median), hello: median(helloUs) };
}

async function measure(one: OwnCase, hello: WarmTarget): Promise<Round[]> {
	const takes: Take[] = [];
	for (const tree of trees) takes.push(await record(tree, one));
	for (const take of takes) console.error(described(take));
	const taken: Round[] = [];
	for (let turn = 0; turn < rounds; turn++) taken.push(await measureRound(takes, hello));
	return taken;
}

function described({ name, answer, perRequest }: Take): string {
	const { roundTrips, statements, limiterCalls, fetches, cacheMatches, cachePuts } = perRequest;
	const asked = `${roundTrips} trips to D1 with ${statements} statements, ${limiterCalls} limiters, ${fetches} fetches`;
	return `${name}: ${answer.body.byteLength} bytes for ${asked}, ${cacheMatches} cache matches, ${cachePuts} puts`;
}

function row(one: OwnCase, taken: readonly Round[]): string {
	const own = trees.map((_, index) => ownCpu(taken, index).toFixed(0));
	if (trees.length === 1) return `| ${one.name} | ${own.join(" | ")} |`;
	const { ratio, least, most } = ratioOfRounds(taken);
	return `| ${one.name} | ${own.join(" | ")} | ${ratio.toFixed(2)} | ${least.toFixed(2)}–${most.toFixed(2)} |`;
}

async function main(): Promise<void> {
	const heads = trees.length > 1 ? ["ours", "other", "ratio", "rounds"] : ["own CPU"];
	const chosen = CASES.filter(({ name }) => name.includes(options.only));
	console.log(
		`CPU of workerd per request less a hello's, us (the same number is ms per 1,000 requests); medians of ${rounds} rounds of ${slices} slices of ${SLICE_SECONDS} s.\n`,
	);
	for (const [index, { root }] of trees.entries()) console.log(`${["ours", "other"][index]}: ${root}`);
	console.log(`\n| case | ${heads.join(" | ")} |\n|---${"|---".repeat(heads.length)}|`);
	const hello = await startHello();
	const all: Round[] = [];
	for (const one of chosen) {
		const taken = await measure(one, hello);
		all.push(...taken);
		console.log(row(one, taken));
	}
	console.log(`\nhello: ${median(all.map((round) => round.hello)).toFixed(0)} us`);
}

try {
	await main();
	process.exit();
} finally {
	generator.stop();
}
