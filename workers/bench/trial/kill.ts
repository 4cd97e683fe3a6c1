/**
 * The kills: SIGKILL to every process of a local run in the middle of its work, at moments that the seed chooses, again and
 * again on one database; after each, what the restart finds.
 */
import { setTimeout as pause } from "node:timers/promises";
import { createFolder, removeFolder, rows } from "../../local/test/local-run.ts";
import { startHost } from "./host/start.ts";
import { knowledge } from "./kills/knowledge.ts";
import { retention } from "./kills/retention.ts";
import type { Scenario } from "./kills/scenario.ts";
import { streams } from "./kills/streams.ts";
import { webhooks } from "./kills/webhooks.ts";
import { fileFindings } from "./parts/file.ts";
import { createDice } from "./parts/random.ts";
import type { Dice } from "./parts/random.ts";
import { isKept, printFindings } from "./parts/trial.ts";
import type { Finding, TrialOptions } from "./parts/trial.ts";

export const title = "SIGKILL in the middle of streams, knowledge PUTs, the daily run and webhooks; then what is left";
export const minutes = 5;

const SCENARIOS = [streams, knowledge, retention, webhooks];
/** A kill, two starts and the checks take about this long, ms. */
const ROUND_MS = 14_000;
const POLL_MS = 5;
const MINUTE_MS = 60_000;

/** @returns whether all that it promises has held */
export async function run({ seed, minutes: length }: TrialOptions): Promise<boolean> {
	const dice = createDice(seed);
	const rounds = Math.max(1, Math.round((length * MINUTE_MS) / ROUND_MS / SCENARIOS.length));
	const findings: Finding[] = [];
	for (const scenario of SCENARIOS) findings.push(...(await rehearse(scenario, dice, rounds)));
	return printFindings(findings);
}

/** All rounds of a scenario, on a database of its own. @returns the first round's finding that failed, or the last round's, by promise */
async function rehearse(scenario: Scenario, dice: Dice, rounds: number): Promise<Finding[]> {
	const folder = createFolder();
	const found = new Map<string, Finding>();
	try {
		for (let round = 0; round < rounds; round++) {
			for (const finding of await killOnce(folder, scenario, dice, round)) {
				const before = found.get(finding.promise);
				if (before === undefined || isKept(before)) found.set(finding.promise, finding);
			}
		}
	} finally {
		removeFolder(folder);
	}
	return [...found.values()].map((finding) => ({
		...finding,
		promise: `${scenario.name}, ${rounds} kills: ${finding.promise}`,
	}));
}

async function killOnce(folder: string, scenario: Scenario, dice: Dice, round: number): Promise<Finding[]> {
	const first = await startHost(folder);
	const afterMs = dice.below(scenario.spanMs);
	const isOver = { value: false };
	await scenario.prepare(first, round);
	const work = scenario.work(first, dice, round).catch(() => undefined);
	void work.then(() => (isOver.value = true));
	while (!isOver.value && scenario.isUnderWay?.(round) === false) await pause(POLL_MS);
	await pause(afterMs);
	const state = isOver.value ? "after its end" : "in the middle";
	await first.kill();
	await work;
	const [left] = rows(folder, "SELECT COUNT(*) AS n FROM turns");
	console.log(
		`${scenario.name}, kill ${round + 1}: ${afterMs} ms after the beginning, ${state}; turns left: ${left?.n}`,
	);
	const file = fileFindings(folder);
	const second = await startHost(folder);
	try {
		const findings = await scenario.check(second, round);
		return [
			...file,
			...findings,
			...fileFindings(folder).map(({ promise, ...rest }) => ({ promise: `${promise}, restarted`, ...rest })),
		];
	} finally {
		await second.kill();
	}
}
