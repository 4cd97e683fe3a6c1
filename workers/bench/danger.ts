/**
 * `npm run bench:danger`: what the look for danger to life costs a message, as CPU of the thread that looks; whoever else uses the
 * machine counts little. Each tree is looked at by turns in one process, warm, and by a fresh process a time for its first message.
 * Options: --beside PATH (another tree of this repository), --rounds N (default 7).
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../local/root.ts";
import { GRAVE } from "../lib/safety/test/messages.ts";
import { median } from "./measure.ts";

const { values: options } = parseArgs({
	options: {
		beside: { type: "string" },
		rounds: { type: "string", default: "7" },
		/** Of the processes that this one starts: look at one message of this tree. */
		first: { type: "string" },
		message: { type: "string", default: "" },
	},
});
const rounds = Number(options.rounds);
/** How long a case is looked at in a round, at least, ms. */
const ROUND_MS = 100;
const MAX_CHARS = 2000;

const QUESTION =
	"We moved here in March and my two kids need a new dentist, because the old one retired and took the X-rays along. My son is seven and has never had a filling, my daughter is four and is quite afraid of the chair. Do you take Delta insurance, and how long do we have to wait for a first appointment with both?";
const PREGUNTA =
	"Hola, quisiera saber si tienen citas disponibles el martes por la tarde para una limpieza dental de mi hijo de siete años, y cuánto cuesta sin seguro para los dos";
/** Openings of rules, and what makes a word be read in every way that there is, over and over. */
const HOSTILE = [
	"i want to die ",
	"not that i want to die ",
	"my our a the someone ",
	"i can not breathe when a b c d ",
	"i have been having thoughts of ",
	"i want to take a handful of my 10 ",
	"k i l l ",
	"my 1nstep w4it breaath ",
	"\ufdfa ",
];

type Look = (message: string) => unknown;

async function lookOf(tree: string): Promise<Look> {
	const module: Record<string, unknown> = await import(join(tree, "workers/lib/safety/detect.ts"));
	const { detectDanger } = module;
	if (typeof detectDanger !== "function") throw new Error(`${tree} has no look for danger.`);
	return (message) => detectDanger(message);
}

/** CPU of this thread since it began, µs. */
function cpuUs(): number {
	const { user, system } = process.threadCpuUsage();
	return user + system;
}

/** CPU of one look, µs: the mean over all messages, each looked at equally often. */
function timed(look: Look, messages: readonly string[]): number {
	const began = cpuUs();
	let times = 0;
	while (cpuUs() - began < ROUND_MS * 1000) {
		for (const message of messages) look(message);
		times += messages.length;
	}
	return (cpuUs() - began) / times;
}

function words(text: string, count: number): string {
	return text.split(" ").slice(0, count).join(" ");
}

function repeated(part: string, chars: number): string {
	return part.repeat(Math.ceil(chars / part.length)).slice(0, chars);
}

function first(tree: string, message: string): number {
	const script = join(import.meta.dirname, "danger.ts");
	const args = [script, "--first", tree, "--message", message];
	return Number(spawnSync(process.execPath, args, { encoding: "utf8" }).stdout);
}

if (options.first !== undefined) {
	const look = await lookOf(options.first);
	const began = cpuUs();
	look(options.message);
	console.log((cpuUs() - began) / 1000);
	process.exit();
}

const trees = [ROOT, ...(options.beside === undefined ? [] : [options.beside])];
const looks = await Promise.all(trees.map(lookOf));

function line(name: string, unit: string, all: readonly number[][]): void {
	const [ours, before] = trees.map((_, index) => median(all.map((round) => round[index] ?? Number.NaN)));
	const ratio = before === undefined || ours === undefined ? "" : (ours / before).toFixed(2);
	console.log(`| ${name} | ${ours?.toFixed(1)} ${unit} | ${before?.toFixed(1) ?? ""} | ${ratio} |`);
}

const byRounds = (measure: (index: number) => number): number[][] =>
	Array.from({ length: rounds }, () => trees.map((_, index) => measure(index)));

function warm(name: string, messages: readonly string[]): void {
	const measure = (index: number): number => timed(looks[index] ?? (() => undefined), messages);
	trees.forEach((_, index) => void measure(index));
	line(name, "us", byRounds(measure));
}

console.log("| message | ours | beside | ratio |\n|---|---|---|---|");
for (const message of [QUESTION, words(PREGUNTA, 20), GRAVE[0]?.[2] ?? ""])
	line(
		`the first one: ${words(message, 5)}`,
		"ms",
		byRounds((index) => first(trees[index] ?? ROOT, message)),
	);
for (const count of [10, 20, 40, 60]) warm(`a question of ${count} words`, [words(QUESTION, count)]);
warm("una pregunta de 20 palabras", [words(PREGUNTA, 20)]);
warm(
	"the grave ones of the tests",
	GRAVE.map(([, , message]) => message),
);
for (const part of HOSTILE) {
	for (const chars of [MAX_CHARS / 2, MAX_CHARS])
		warm(`${JSON.stringify(part)}, ${chars} characters`, [repeated(part, chars)]);
}
