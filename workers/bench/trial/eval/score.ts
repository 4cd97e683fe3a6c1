import { median } from "../../measure.ts";
import type { Finding } from "../parts/trial.ts";
import type { Outcome } from "./ask.ts";
import { TYPES } from "./data.ts";
import type { QuestionType } from "./data.ts";
import { WHOLE_TOKENS } from "./modes.ts";
import type { ModeName } from "./modes.ts";

const ENGLISH: readonly QuestionType[] = ["plain", "synonym", "typo", "other wording"];
/** So many sources count: a visitor looks at no more. */
const MAX_RANK = 3;
const BYTES_PER_TOKEN = 4;

/** A line of the table: questions of some types. */
interface Group {
	name: string;
	types: readonly QuestionType[];
}

const GROUPS: readonly Group[] = [
	...TYPES.slice(0, 4).map((type) => ({ name: type, types: [type] })),
	{ name: "**English**", types: ENGLISH },
	...TYPES.slice(4).map((type) => ({ name: type, types: [type] })),
];

/** The least share of questions whose answer the model has to be shown. */
interface Bar {
	name: string;
	types: readonly QuestionType[];
	least: number;
}

const english = (least: number): Bar => ({ name: "English", types: ENGLISH, least });
const followUps = (least: number): Bar => ({ name: "follow-ups", types: ["follow-up"], least });
const spanish = (least: number): Bar => ({ name: "Spanish", types: ["Spanish"], least });

/** By meaning alone is measured for comparison: nothing is promised of it. Spanish by meaning is the vendor's own affair. */
const BARS: Readonly<Record<ModeName, readonly Bar[]>> = {
	words: [english(0.93), followUps(0.95)],
	meaning: [],
	both: [english(0.97), followUps(0.97)],
	whole: [english(1), followUps(1), spanish(1)],
};

/** The head of the table. Each customer has a column: of questions that have an answer the share shown, of others that with sources. */
export function tableHead(customers: readonly string[]): string {
	const columns = [
		"mode",
		"questions",
		"number",
		"shown",
		...customers,
		`recall@${MAX_RANK} of sources`,
		"with sources",
		"marked unanswered",
		"characters shown",
		"told in all",
		"ms",
	];
	return `${row(columns)}\n${row(columns.map(() => "---"))}`;
}

/** The lines of one mode. */
export function tableRows(mode: ModeName, customers: readonly string[], outcomes: readonly Outcome[]): string {
	return GROUPS.map(({ name, types }) => {
		const some = outcomes.filter(({ question }) => types.includes(question.type));
		const isAnswerable = some.some(hasAnswer);
		const own = isAnswerable ? isShown : hasSources;
		return row([
			mode,
			name,
			String(some.length),
			isAnswerable ? share(some, isShown) : "",
			...customers.map((customer) =>
				share(
					some.filter((outcome) => outcome.customer === customer),
					own,
				),
			),
			isAnswerable ? share(some, isAmongSources) : "",
			share(some, hasSources),
			share(some, ({ isMarked }) => isMarked),
			mean(some.map(({ passageChars }) => passageChars)),
			mean(some.map(({ promptChars }) => promptChars)),
			some.length === 0 ? "" : median(some.map(({ ms }) => ms)).toFixed(0),
		]);
	}).join("\n");
}

/** What the mode promises and whether it holds. */
export function findingsOf(mode: ModeName, outcomes: readonly Outcome[]): Finding[] {
	const recalls = BARS[mode].flatMap(({ name, types, least }) => {
		const some = outcomes.filter(({ question }) => types.includes(question.type));
		// Of what nobody asked nothing is known.
		if (some.length === 0) return [];
		const found = some.filter(isShown).length / some.length;
		return yes(`${mode}: ${name} shown at least ${least} (${found.toFixed(3)})`, found >= least);
	});
	const chatter = outcomes.filter((outcome) => outcome.question.type === "chit-chat" && hasSources(outcome));
	const failed = outcomes.filter(({ finish }) => finish.startsWith("error"));
	const largest = Math.max(...outcomes.map(({ passageChars }) => passageChars));
	return [
		...recalls,
		{ promise: `${mode}: chit-chat with sources`, expected: 0, found: chatter.length },
		{ promise: `${mode}: questions that got no answer at all`, expected: 0, found: failed.length },
		...(mode === "whole"
			? [
					yes(
						`${mode}: at most ${WHOLE_TOKENS} tokens of knowledge (${largest} characters)`,
						largest <= WHOLE_TOKENS * BYTES_PER_TOKEN,
					),
				]
			: []),
	];
}

/** What went wrong, a line each: for the half that may be looked at. */
export function missesOf(outcomes: readonly Outcome[]): string[] {
	return outcomes.flatMap((outcome) => {
		const { customer, question, rank, sources, finish } = outcome;
		const { type, earlier, text, expected } = question;
		const said = [...earlier, text].join(" » ");
		const wanted = expected.map(({ articleId }) => articleId).join(", ");
		if (hasAnswer(outcome) && !outcome.isShown)
			return [`not shown · ${customer} · ${type} · ${said} · ${wanted} (${finish})`];
		if (hasAnswer(outcome) && !isAmongSources(outcome))
			return [`shown, no source · ${customer} · ${type} · ${said} · ${wanted} (${rank ?? "none"} of ${sources})`];
		if (!hasAnswer(outcome) && hasSources(outcome)) return [`${sources} sources · ${customer} · ${type} · ${said}`];
		return [];
	});
}

function yes(promise: string, isSo: boolean): Finding {
	return { promise, expected: "yes", found: isSo ? "yes" : "no" };
}

function hasAnswer({ question }: Outcome): boolean {
	return question.expected.length > 0;
}

function isShown(outcome: Outcome): boolean {
	return outcome.isShown;
}

function hasSources({ sources }: Outcome): boolean {
	return sources > 0;
}

function isAmongSources({ rank }: Outcome): boolean {
	return rank !== null && rank <= MAX_RANK;
}

function share(outcomes: readonly Outcome[], is: (outcome: Outcome) => boolean): string {
	return outcomes.length === 0 ? "" : (outcomes.filter(is).length / outcomes.length).toFixed(2);
}

function mean(values: readonly number[]): string {
	return values.length === 0 ? "" : (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(0);
}

function row(cells: readonly string[]): string {
	return `| ${cells.join(" | ")} |`;
}
