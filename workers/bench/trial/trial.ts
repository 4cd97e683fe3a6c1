/**
 * `npm run trial -- <name> [--seed N] [--minutes M]`: the long runs, which are no part of the tests. Without a name it lists
 * them. Each prints its seed and a table; exit code 1 where what it promises does not hold, 2 where nothing could be tried.
 */
import { randomInt } from "node:crypto";
import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { NotTried } from "./parts/trial.ts";
import type { Trial } from "./parts/trial.ts";

/** Seeds that people can read to each other. */
const SEEDS = 1_000_000;

interface Named extends Trial {
	name: string;
}

/** Every file beside this one is a trial. */
async function trials(): Promise<Named[]> {
	const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".ts") && file !== "trial.ts");
	const found: Named[] = [];
	for (const file of files.sort()) {
		const { title, minutes, run }: Trial = await import(`./${file}`);
		if (typeof run === "function") found.push({ name: file.slice(0, -".ts".length), title, minutes, run });
	}
	return found;
}

function list(all: readonly Named[]): void {
	console.log("npm run trial -- <name> [--seed N] [--minutes M] [--sessions N] [--folder path]");
	console.log(
		"npm run trial -- eval [--half seen|unseen] [--mode words,meaning,both,whole] [--tokens N] [--questions N]",
	);
	console.log("npm run trial -- eval --live [--yes]\n");
	for (const { name, title, minutes } of all) console.log(`  ${name.padEnd(12)}${title} (${minutes} min)`);
	console.log(
		"\n--seed repeats a run's choices (default: a random one, which is printed); --minutes says how long to go on.",
	);
}

function wholeNumber(text: string, name: string): number;
function wholeNumber(text: string | undefined, name: string): number | undefined;
function wholeNumber(text: string | undefined, name: string): number | undefined {
	if (text === undefined) return undefined;
	if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} must be a whole number.`);
	return Number(text);
}

function positive(text: string, name: string): number {
	const value = Number(text);
	if (!(value > 0 && value < 1e4)) throw new Error(`--${name} must be a number above 0.`);
	return value;
}

async function main(): Promise<boolean> {
	const { values, positionals } = parseArgs({
		options: {
			seed: { type: "string" },
			minutes: { type: "string" },
			sessions: { type: "string" },
			folder: { type: "string" },
			half: { type: "string" },
			mode: { type: "string" },
			live: { type: "boolean" },
			yes: { type: "boolean" },
			tokens: { type: "string" },
			questions: { type: "string" },
		},
		allowPositionals: true,
	});
	const all = await trials();
	const [name] = positionals;
	if (name === undefined) {
		list(all);
		return true;
	}
	const trial = all.find((one) => one.name === name);
	if (trial === undefined) throw new Error(`There is no trial ${name}; npm run trial lists them.`);
	const seed = wholeNumber(values.seed, "seed") ?? randomInt(SEEDS);
	const minutes = values.minutes === undefined ? trial.minutes : positive(values.minutes, "minutes");
	const [sessions, tokens, questions] = [
		wholeNumber(values.sessions, "sessions"),
		wholeNumber(values.tokens, "tokens"),
		wholeNumber(values.questions, "questions"),
	];
	console.log(`${trial.title}\nseed ${seed}, ${minutes} min, begun ${new Date().toISOString()}`);
	const { folder, half, mode, live: isLive, yes: isAgreed } = values;
	const asked = { seed, minutes, sessions, folder, half, mode, isLive, isAgreed, tokens, questions };
	const isKept = await trial.run(asked);
	console.log(isKept ? "\nEvery promise held." : "\nA promise did not hold: see the table.");
	return isKept;
}

try {
	process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = error instanceof NotTried ? 2 : 1;
}
