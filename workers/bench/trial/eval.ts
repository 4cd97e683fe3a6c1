import { SWEEP_CRON } from "../../lib/site/sweep-cron.ts";
import { ask, makeOrg, warmUp } from "./eval/ask.ts";
import type { Org, Outcome } from "./eval/ask.ts";
import { HALVES, customerNames, readQuestions } from "./eval/data.ts";
import type { Half } from "./eval/data.ts";
import { modesOf, requireKnown, variablesOf } from "./eval/modes.ts";
import type { ModeName } from "./eval/modes.ts";
import { findingsOf, missesOf, tableHead, tableRows } from "./eval/score.ts";
import { startWorkers } from "./eval/workers.ts";
import type { Workers } from "./eval/workers.ts";
import { printFindings } from "./parts/trial.ts";
import type { Finding, TrialOptions } from "./parts/trial.ts";

export const title = "Whether three customers' knowledge answers their visitors' questions: what the model is shown";
export const minutes = 1;

/** The portal's daily run, which goes on with whatever the writing of knowledge has left for later. */
const DAILY_CRON = "17 3 * * *";

/** What is called a false answer, by who has answered. */
const BY_VENDOR =
	"Gemini itself answered. A false answer is a question that nothing answers, given without the unanswered mark: one less the share marked.";
const BY_STAND_IN =
	"The stand-in for Gemini answered, which cannot judge an answer. A false answer is a question that nothing answers, shown with sources.";

interface Measured {
	mode: ModeName;
	outcomes: Outcome[];
	/** Micro-USD that the product booked for a turn, on average; the stand-in's tokens are characters / 4. */
	costUsdMicros: number;
	/** Messages that were embedded, those before a question among them. */
	embedded: number;
}

/**
 * `npm run trial -- eval [--half seen|unseen] [--mode words,meaning,both,whole] [--live]`: asks the chat each question of the
 * half, in each mode, and prints one table and what was promised. Only the seen half's misses are told one by one: the other
 * would be none that nobody has looked at.
 * @returns whether every bar was reached
 * @throws {Error} an option is wrong, or a mode needs a variable that the workers do not have
 */
export async function run({ half: halfName = "seen", mode = "words", isLive = false }: TrialOptions): Promise<boolean> {
	const half = HALVES.find((one) => one === halfName);
	if (half === undefined) throw new Error(`--half must be one of ${HALVES.join(", ")}.`);
	const modes = modesOf(mode);
	const geminiKey = isLive ? liveKey() : null;
	const customers = customerNames();
	const measured: Measured[] = [];
	for (const one of modes) measured.push(await measure(one, half, customers, geminiKey));
	print(measured, half, customers);
	console.log(`\n${isLive ? BY_VENDOR : BY_STAND_IN}`);
	return printFindings(measured.flatMap((one): Finding[] => findingsOf(one.mode, one.outcomes)));
}

/** @throws {Error} there is no key: nothing can be said of the vendor */
function liveKey(): string {
	const key = process.env.GEMINI_API_KEY?.trim() ?? "";
	if (key === "")
		throw new Error("There is no GEMINI_API_KEY in the environment, so nothing was measured with the vendor itself.");
	return key;
}

async function measure(
	mode: ModeName,
	half: Half,
	customers: readonly string[],
	geminiKey: string | null,
): Promise<Measured> {
	const workers = await startWorkers(variablesOf(mode), geminiKey);
	try {
		requireKnown(mode, workers.unknown);
		const orgs: Org[] = [];
		for (const customer of customers) orgs.push(await makeOrg(workers, customer));
		await workers.schedule("koby-portal", DAILY_CRON);
		// What has been indexed is embedded by the run after that; where that is switched off it does nothing.
		await workers.schedule("chadis-chat", SWEEP_CRON);
		const outcomes: Outcome[] = [];
		for (const org of orgs) outcomes.push(...(await askAll(workers, org, half)));
		return { mode, outcomes, costUsdMicros: await costOfTurn(workers), embedded: workers.embedded() };
	} finally {
		await workers.stop();
	}
}

/** One after the other: what the model was told belongs to the question that was just asked. */
async function askAll(workers: Workers, org: Org, half: Half): Promise<Outcome[]> {
	await warmUp(workers, org);
	const outcomes: Outcome[] = [];
	for (const [index, question] of readQuestions(org.customer, half).entries())
		outcomes.push(await ask(workers, org, question, index));
	return outcomes;
}

async function costOfTurn({ sql }: Workers): Promise<number> {
	const [booked] = await sql(
		"SELECT AVG(m.cost_usd_micros) AS mean FROM chat_messages m WHERE m.role = 'assistant' AND m.org_id LIKE 'org_eval_%'",
	);
	return Number(booked?.mean);
}

function print(measured: readonly Measured[], half: Half, customers: readonly string[]): void {
	if (half === "seen") {
		for (const { mode, outcomes } of measured)
			console.log([`\n${mode}, what went wrong:`, ...missesOf(outcomes)].join("\n"));
	}
	console.log(`\nThe ${half} half.\n\n${tableHead(customers)}`);
	for (const { mode, outcomes } of measured) console.log(tableRows(mode, customers, outcomes));
	const costs = measured.map(({ mode, costUsdMicros }) => `${mode} ${costUsdMicros.toFixed(0)}`);
	const embedded = measured.map((one) => `${one.mode} ${one.embedded}`);
	console.log(`\nQuestions that were compared by meaning: ${embedded.join(", ")}.`);
	console.log(`Booked for a turn, micro-USD: ${costs.join(", ")}.`);
}
