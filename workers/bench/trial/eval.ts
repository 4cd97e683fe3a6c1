import { SWEEP_CRON } from "../../lib/site/sweep/sweep-cron.ts";
import { ask, makeOrg, warmUp } from "./eval/ask.ts";
import type { Org, Outcome } from "./eval/ask.ts";
import { HALVES, answeredBy, customerNames, knowledgeOf, readQuestions } from "./eval/data.ts";
import type { Article, Half, Question } from "./eval/data.ts";
import { liveVendor, requireAgreed } from "./eval/live.ts";
import type { LiveVendor } from "./eval/live.ts";
import { isEmbedded, modesOf, requireKnown, variablesOf } from "./eval/modes.ts";
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

/** A customer, what is known of it and what is asked. */
export interface Customer {
	name: string;
	articles: Article[];
	questions: Question[];
}

interface Measured {
	mode: ModeName;
	outcomes: Outcome[];
	/** Micro-USD that the product booked for a turn, on average; the stand-in's tokens are characters / 4. */
	costUsdMicros: number;
	/** Messages that were embedded, those before a question among them. */
	embedded: number;
}

/**
 * `npm run trial -- eval [--half seen|unseen] [--mode words,meaning,both,whole] [--tokens N] [--questions N] [--live --yes]`: asks the
 * chat each question of the half, in each mode, and prints one table and what was promised. Only the seen half's misses are told one by
 * one: the other would be none that nobody has looked at. Live, the vendor itself embeds and answers, and words are fused with meaning
 * where no mode is named.
 * @returns whether every bar was reached
 * @throws {NotTried} it is to be live, and there is no key or nobody has agreed to what it costs
 * @throws {Error} an option is wrong, or a mode needs a variable that the workers do not have
 */
export async function run(options: TrialOptions): Promise<boolean> {
	const { half: halfName = "seen", isLive = false, isAgreed = false, tokens, questions } = options;
	const half = HALVES.find((one) => one === halfName);
	if (half === undefined) throw new Error(`--half must be one of ${HALVES.join(", ")}.`);
	const modes = modesOf(options.mode ?? (isLive ? "both" : "words"));
	const customers = customerNames().map((name): Customer => {
		const articles = knowledgeOf(name, tokens);
		return { name, articles, questions: answeredBy(readQuestions(name, half), articles).slice(0, questions) };
	});
	const vendor = isLive ? liveVendor(process.env) : null;
	if (vendor !== null) requireAgreed({ modes, customers }, isAgreed);
	const measured: Measured[] = [];
	for (const one of modes) measured.push(await measure(one, customers, vendor));
	print(measured, half, customers);
	console.log(`\n${isLive ? BY_VENDOR : BY_STAND_IN}`);
	return printFindings(measured.flatMap((one): Finding[] => findingsOf(one.mode, one.outcomes)));
}

async function measure(mode: ModeName, customers: readonly Customer[], vendor: LiveVendor | null): Promise<Measured> {
	const workers = await startWorkers(variablesOf(mode), vendor);
	try {
		requireKnown(mode, workers.unknown);
		const orgs: Org[] = [];
		for (const { name, articles } of customers) orgs.push(await makeOrg(workers, name, articles));
		await workers.schedule("koby-portal", DAILY_CRON);
		// What has been indexed is embedded by the run after that; where that is switched off it does nothing.
		await workers.schedule("chadis-chat", SWEEP_CRON);
		if (isEmbedded(mode)) await requireEmbedded(workers);
		const outcomes: Outcome[] = [];
		for (const [index, org] of orgs.entries())
			outcomes.push(...(await askAll(workers, org, customers[index]?.questions ?? [])));
		return { mode, outcomes, costUsdMicros: await costOfTurn(workers), embedded: workers.embedded() };
	} finally {
		await workers.stop();
	}
}

/** @throws {Error} not all was embedded, so that meaning is not what would be measured */
async function requireEmbedded({ sql }: Workers): Promise<void> {
	const [pending] = await sql(
		"SELECT COUNT(*) AS texts FROM knowledge WHERE org_id LIKE 'org_eval_%' AND embedded_by = ''",
	);
	if (Number(pending?.texts) > 0)
		throw new Error(`${String(pending?.texts)} articles were not embedded: the log above says why.`);
}

/** One after the other: what the model was told belongs to the question that was just asked. */
async function askAll(workers: Workers, org: Org, questions: readonly Question[]): Promise<Outcome[]> {
	await warmUp(workers, org);
	const outcomes: Outcome[] = [];
	for (const [index, question] of questions.entries()) outcomes.push(await ask(workers, org, question, index));
	return outcomes;
}

async function costOfTurn({ sql }: Workers): Promise<number> {
	const [booked] = await sql(
		"SELECT AVG(m.cost_usd_micros) AS mean FROM chat_messages m WHERE m.role = 'assistant' AND m.org_id LIKE 'org_eval_%'",
	);
	return Number(booked?.mean);
}

function print(measured: readonly Measured[], half: Half, all: readonly Customer[]): void {
	const customers = all.map(({ name }) => name);
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
