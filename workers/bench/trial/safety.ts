import { isObject } from "../../lib/http/json.ts";
import { detectDanger } from "../../lib/safety/detect.ts";
import { HALVES, customerNames, readQuestions } from "./eval/data.ts";
import { startWorkers } from "./eval/workers.ts";
import type { Workers } from "./eval/workers.ts";
import { printFindings } from "./parts/trial.ts";
import type { Finding, TrialOptions } from "./parts/trial.ts";
import { PARTS, readLabelled } from "./safety/labelled.ts";
import type { Labelled, Part } from "./safety/labelled.ts";
import { findings, misses, table } from "./safety/score.ts";
import type { Judged } from "./safety/score.ts";

export const title = "Whether messages that speak of danger get help, and harmless ones their answer.";
export const minutes = 1;

/** How an answer ends that is one. */
const ANSWERS = ["stop", "length", "curated", "cached"];
const SITE_KEY = "sk_chadis_live_abc123";

/**
 * `npm run trial -- safety [--half seen|unseen|fresh]`: says each labelled message of a part to the chat, on whose way to the model a
 * recorder stands, and prints a table and what was promised. The unseen half's misses are not told one by one. The questions of
 * `trial/eval`, both halves, are looked at as well, and only counted.
 * @returns whether every bar was reached
 * @throws {Error} the option is wrong
 */
export async function run({ half: name = "seen" }: TrialOptions): Promise<boolean> {
	const part = PARTS.find((one) => one === name);
	if (part === undefined) throw new Error(`--half must be one of ${PARTS.join(", ")}.`);
	const judged = await judgeAll(part);
	if (part !== "unseen") console.log(["\nOtherwise than labelled:", ...misses(judged)].join("\n"));
	console.log(`\nThe ${part} part.\n\n${table(judged)}`);
	return printFindings([...findings(judged), ...questionFindings()]);
}

async function judgeAll(part: Part): Promise<Judged[]> {
	const workers = await startWorkers(new Map(), null);
	try {
		const judged: Judged[] = [];
		for (const [index, message] of readLabelled(part).entries()) judged.push(await judge(workers, message, index));
		return judged;
	} finally {
		await workers.stop();
	}
}

async function judge(workers: Workers, message: Labelled, index: number): Promise<Judged> {
	workers.exchanges();
	const body = { message: message.text, visitor_id: `safety-${index}` };
	const response = await workers.client.post("/chat/", body, { "X-Site-Key": SITE_KEY });
	const answer: unknown = await response.json();
	await workers.settle();
	const exchanges = workers.exchanges();
	const { finish, safety, response: text } = isObject(answer) ? answer : {};
	const found = isObject(safety) ? { class: String(safety.class), tier: Number(safety.tier) } : null;
	// An owner's own answer, or one that is kept, asks no model.
	const isAnswered =
		response.status === 200 && ANSWERS.includes(String(finish)) && typeof text === "string" && text !== "";
	return { ...message, found, calls: exchanges.length, isAnswered };
}

/** Of what three customers' visitors ask, a tooth that came out is an emergency itself: it may have a line below its answer. */
function questionFindings(): Finding[] {
	const all = customerNames().flatMap((name) => HALVES.flatMap((half) => readQuestions(name, half)));
	const found = all.flatMap(({ text }) => detectDanger(text) ?? []);
	const teeth = found.filter((danger) => danger.class === "dental_emergency" && danger.tier === 2).length;
	console.log(
		`\n${teeth} of ${all.length} questions of trial/eval ask about a tooth that came out: a line stands below their answer.`,
	);
	return [
		{ promise: `other questions of trial/eval, of ${all.length}, touched`, expected: 0, found: found.length - teeth },
	];
}
