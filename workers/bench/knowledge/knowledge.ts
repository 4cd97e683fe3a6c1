/**
 * `npm run bench:knowledge`: what a turn costs by how much an org knows: rows that D1 reads before the model, and CPU of workerd, D1's
 * simulator included. By words alone, and by meaning as well: once an isolate remembers what the passages mean, and as its first turn,
 * which reads that. The knowledge is made of the evaluation's sentences (`texts.ts`), the questions are those of its half that is looked at.
 * And what the search finds of an org's own articles among ever more passages of others, which its caps on rows decide.
 * Options: --rounds N (default 9), --part rows|recall|cpu (default all).
 */
import { parseArgs } from "node:util";
import { median } from "../measure.ts";
import { compared, cpuOfTurns } from "./cpu.ts";
import type { CpuCase, Ranking } from "./cpu.ts";
import { recallAmong, rowsRead } from "./rows.ts";

const { values: options } = parseArgs({
	options: { rounds: { type: "string", default: "9" }, part: { type: "string" } },
});
const SIZES = [50, 500, 2000, 5000];
const US_PER_MS = 1000;

function of(ranking: Ranking, passages: number, isFirst = false): CpuCase {
	return { ranking, passages, isFirst };
}

/** The others whose cost each is told by; those of an isolate's first turn bring the same change of the knowledge. */
const CASES: readonly CpuCase[] = [
	...SIZES.map((passages) => of("words", passages)),
	...[500, 2000, 5000].map((passages) => of("meaning", passages)),
	...[500, 2000].flatMap((passages) => [of("words", passages, true), of("meaning", passages, true)]),
];

async function printRows(): Promise<void> {
	const all = await rowsRead(SIZES);
	const least = { mean: all[0]?.mean ?? Number.NaN, turn: all[0]?.turn ?? Number.NaN };
	console.log(
		"\n| passages | rows of the search, median | most | of the batch before the model, mean | against 50 | of a turn, mean | against 50 |",
	);
	console.log("|---|---|---|---|---|---|---|");
	for (const { passages, search, mean, turn } of all) {
		const batch = `${mean.toFixed(0)} | ${(mean / least.mean).toFixed(2)}`;
		const whole = `${turn.toFixed(0)} | ${(turn / least.turn).toFixed(2)}`;
		console.log(`| ${passages} | ${search.median.toFixed(0)} | ${search.most} | ${batch} | ${whole} |`);
	}
}

async function printRecall(): Promise<void> {
	console.log("\n| passages of others | questions | found | among the first three | rows of the search, mean |");
	console.log("|---|---|---|---|---|");
	for (const { others, questions, found, firstThree, rows } of await recallAmong([0, 500, 2000, 5000]))
		console.log(`| ${others} | ${questions} | ${found.toFixed(2)} | ${firstThree.toFixed(2)} | ${rows.toFixed(0)} |`);
}

async function printCpu(): Promise<void> {
	const measured = await cpuOfTurns(CASES, Number(options.rounds));
	const roundsOf = (one: CpuCase): number[] =>
		measured[CASES.findIndex((other) => JSON.stringify(other) === JSON.stringify(one))] ?? [];
	console.log("\n| passages | ranked by | CPU ms | against |\n|---|---|---|---|");
	for (const one of CASES) {
		const { ranking, passages, isFirst } = one;
		const own = roundsOf(one);
		const name = isFirst ? `${ranking}, what is known was changed` : ranking;
		const against =
			ranking === "words"
				? times(own, roundsOf(of("words", SIZES[0] ?? 0)))
				: more(own, roundsOf(of("words", passages, isFirst)));
		console.log(`| ${passages} | ${name} | ${(median(own) / US_PER_MS).toFixed(1)} | ${against} |`);
	}
}

function times(own: readonly number[], other: readonly number[]): string {
	const { median: middle, least, most } = compared(own, other, (one, two) => one / two);
	return `${middle.toFixed(2)} times words among ${SIZES[0]} (${least.toFixed(2)}–${most.toFixed(2)})`;
}

function more(own: readonly number[], other: readonly number[]): string {
	const { median: middle, least, most } = compared(own, other, (one, two) => (one - two) / US_PER_MS);
	return `${middle.toFixed(1)} ms above words (${least.toFixed(1)}–${most.toFixed(1)})`;
}

const PARTS = { rows: printRows, recall: printRecall, cpu: printCpu };
for (const [name, print] of Object.entries(PARTS))
	if (options.part === undefined || options.part === name) await print();
process.exit();
