import { batch } from "../../lib/d1/batch.ts";
import { numberColumn, textColumn } from "../../lib/d1/row.ts";
import type { KnowledgeRules } from "../../lib/knowledge/rules.ts";
import { shownKnowledge } from "../../lib/knowledge/shown.ts";
import { log } from "../../lib/log.ts";
import { visitorText } from "../../lib/privacy/visitor-text.ts";
import { SECOND_MS, isoInstant, utcDate } from "../../lib/time.ts";
import { modelsFor } from "../gemini/choice.ts";
import type { ModelChoice } from "../gemini/choice.ts";
import { withSiteModel } from "../gemini/models.ts";
import type { ModelSettings } from "../gemini/models.ts";
import { knowledgeStatements, readKnowledge, saidIn } from "../knowledge/read.ts";
import { searchByWords } from "../meaning/question.ts";
import type { Said } from "../knowledge/read.ts";
import { askGolden, goldenBot, providerPolicyIn } from "./ask.ts";
import { parseGoldenQuestion } from "./question.ts";
import {
	claimStatement,
	claimedRun,
	endedRun,
	expiryStatement,
	goldenOrg,
	nightStatement,
	orgStatement,
	questionsStatement,
	reservationStatement,
	resultStatement,
	settlementStatement,
	stepEndStatement,
} from "./statements.ts";
import type { ClaimedRun, GoldenOrg } from "./statements.ts";
import { NOTHING, endOf, reasonOf } from "./step-end.ts";
import type { StepEnd } from "./step-end.ts";

/** Questions of a step, which are asked at once: a worker has six connections. */
const STEP_QUESTIONS = 5;
/** Steps that one scheduled run takes, and how long it goes on to begin another, ms: the next begins a minute later. */
const MAX_STEPS = 8;
const STEPS_TIME_LIMIT_MS = 35 * SECOND_MS;

/** What the scheduled run needs. */
export interface GoldenBindings {
	/** undefined = the deployment has no database, and so no golden questions. */
	db: D1Database | undefined;
	/** @throws {ApiError} not_configured */
	models: () => Promise<ModelChoice>;
	/** @throws {ApiError} not_configured */
	knowledge: () => KnowledgeRules;
	/** Micro-USD that an org's golden questions may cost on a UTC day. @throws {ApiError} not_configured */
	dailyBudget: () => number;
	/** ISO 3166-1 alpha-2, whose emergency numbers are given where an org names no country. */
	country: string;
}

/**
 * The scheduled run of every minute: begins the night's runs, and goes on with the runs of golden questions that are under way, a few
 * questions of each in turn. Never rejects.
 * @param clock ms since the epoch
 */
export async function runGolden(bindings: GoldenBindings, clock: () => number): Promise<void> {
	const { db } = bindings;
	if (db === undefined) return;
	try {
		const models = await bindings.models();
		const rules = bindings.knowledge();
		const budget = bindings.dailyBudget();
		const endsAt = clock() + STEPS_TIME_LIMIT_MS;
		const night = nightStatement(db, clock());
		let first = [expiryStatement(db, clock()), ...(night === undefined ? [] : [night])];
		for (let steps = 0; steps < MAX_STEPS && clock() < endsAt; steps++) {
			const claimed = (await batch(db, [...first, claimStatement(db, clock())])).at(-1)?.[0];
			first = [];
			if (claimed === undefined) return;
			await step(db, claimedRun(claimed), { models, rules, budget, clock, country: bindings.country });
		}
	} catch (error) {
		log("error", "golden_not_run", { reason: reasonOf(error) });
	}
}

interface Means {
	models: ModelChoice;
	rules: KnowledgeRules;
	/** Micro-USD a day */
	budget: number;
	clock: () => number;
	country: string;
}

/** Asks a run's next questions and writes down what became of them. @throws {ApiError} unavailable */
async function step(db: D1Database, run: ClaimedRun, means: Means): Promise<void> {
	const date = utcDate(means.clock());
	const [[orgRow] = [], questionRows = []] = await batch(db, [
		orgStatement(db, run.orgId),
		questionsStatement(db, run.id, STEP_QUESTIONS),
	]);
	const org = orgRow === undefined ? undefined : goldenOrg(orgRow);
	const questions = questionRows.map((row) => ({
		position: numberColumn(row, "position"),
		golden: parseGoldenQuestion(textColumn(row, "question")),
	}));
	const end = await askAll(db, run, { org, questions, date }, means);
	const { results, spent, unspent, stoppedBy } = end;
	const ended = await batch(db, [
		...results.map((result) => resultStatement(db, run.id, result)),
		settlementStatement(db, run.orgId, date, unspent),
		stepEndStatement(db, run.id, { now: means.clock(), spent, stoppedBy }),
	]);
	const row = ended.at(-1)?.[0];
	if (row === undefined) return;
	const told = endedRun(row);
	if (told.status !== "running") log("info", "golden_run_ended", { run_id: run.id, org_id: run.orgId, ...told });
}

interface StepWork {
	org: GoldenOrg | undefined;
	questions: { position: number; golden: ReturnType<typeof parseGoldenQuestion> }[];
	/** UTC day, on which it is counted */
	date: string;
}

async function askAll(db: D1Database, run: ClaimedRun, work: StepWork, means: Means): Promise<StepEnd> {
	const { org, questions, date } = work;
	if (org === undefined || !org.isActive || org.siteKey === null) return { ...NOTHING, stoppedBy: "org_inactive" };
	const key = { siteKey: org.siteKey, now: isoInstant(means.clock()) };
	const asked = questions.flatMap(({ position, golden }) =>
		golden === undefined ? [] : [{ position, ...golden, said: saidOf(golden.question, means.clock()) }],
	);
	if (asked.length < questions.length) return { ...NOTHING, stoppedBy: "internal" };
	if (asked.length === 0) return NOTHING;
	const settings = modelsOf(means.models, run, org);
	if (settings === undefined) return { ...NOTHING, stoppedBy: "model_unavailable" };
	const worst = settings.worstCostUsdMicros;
	const [reserved, ...found] = await batch(db, [
		reservationStatement(db, run.orgId, date, { worst: worst * asked.length, budget: means.budget }),
		...asked.flatMap(({ said }) =>
			knowledgeStatements(db, key, said, means.rules, searchByWords(said.question, means.rules)),
		),
	]);
	if (reserved?.[0] === undefined) return { ...NOTHING, stoppedBy: "budget_exhausted" };
	const bot = goldenBot(org.name, run.config, withSiteModel(settings, org.model), means.country);
	const perQuestion = found.length / asked.length;
	const settled = await Promise.allSettled(
		asked.map(({ said, ...question }, index) => {
			const rows = found.slice(index * perQuestion, (index + 1) * perQuestion);
			const { curated, whole, found: byWords } = readKnowledge(rows, said.message, means.rules);
			const { isSmallTalk } = said.question;
			const read = { whole, found: byWords, isSmallTalk, exists: org.hasKnowledge };
			const shown = shownKnowledge(read, means.rules.maxTokens);
			return askGolden(bot, { ...question, curated, shown, isSmallTalk }, means.clock);
		}),
	);
	return endOf(settled, worst);
}

/** By the stricter of what is in force and what the run asks; undefined = nobody may be asked, which is logged. */
function modelsOf(models: ModelChoice, run: ClaimedRun, org: GoldenOrg): ModelSettings | undefined {
	try {
		return modelsFor(models, org.providerPolicy === "any" ? providerPolicyIn(run.config) : org.providerPolicy);
	} catch (error) {
		log("warn", "golden_question_failed", { org_id: run.orgId, reason: reasonOf(error) });
		return undefined;
	}
}

/** As a visitor's first message would be read. @throws {ApiError} unavailable */
function saidOf(message: string, now: number): Said {
	return { ...saidIn(visitorText(message, now)), turnId: null };
}
