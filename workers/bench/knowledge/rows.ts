import { ROOT } from "../../local/root.ts";
import { builtTree } from "../own/prepare.ts";
import { startRecorder } from "../own/record.ts";
import type { Recorder } from "../own/record.ts";
import type { StatementRun } from "../own/recording.ts";
import { median } from "../measure.ts";
import { ask } from "./cpu.ts";
import { customerNames, readQuestions } from "../trial/eval/data.ts";
import type { Question, QuestionType } from "../trial/eval/data.ts";
import { benchSiteKey, makeMixedOrg, makeOrgAmongOthers } from "./orgs.ts";
import type { Database } from "./orgs.ts";
import { seenQuestions } from "./texts.ts";

/** Of no other statement of a turn. */
const SEARCH = /\bknowledge_terms\b/;

const ENGLISH: readonly QuestionType[] = ["plain", "synonym", "typo", "other wording"];
/** A visitor looks at no more sources. */
const FIRST = 3;

/** Rows that D1 says it has read for turns of an org. */
export interface RowsRead {
	passages: number;
	/** By the search alone: the median question, and the one that read most. */
	search: { median: number; most: number };
	/** Of the questions, by the whole batch before the model. */
	mean: number;
	/** The same by all that a turn reads and writes. */
	turn: number;
}

/** Asks each question of the seen half once of each org, and counts what D1 says of the batch that searches. */
export async function rowsRead(sizes: readonly number[]): Promise<RowsRead[]> {
	const recorder = await recorderOver(async (db) => {
		for (const passages of sizes) await makeMixedOrg(db, passages, false);
	});
	try {
		const counted: RowsRead[] = [];
		let seen = 0;
		for (const passages of sizes) {
			for (const message of seenQuestions()) await ask(recorder.url, benchSiteKey(passages), message);
			const { runs } = await recorder.told();
			counted.push({ passages, ...summary(runs.slice(seen)) });
			seen = runs.length;
		}
		return counted;
	} finally {
		await recorder.stop();
	}
}

/** Starts the chat over a database of the benchmark's. */
async function recorderOver(prepare: (db: Database) => Promise<void>): Promise<Recorder> {
	const tree = builtTree(ROOT, { minify: true });
	return startRecorder(ROOT, await tree.source("chat"), await tree.source("portal"), { prepare });
}

/** What a search finds of an org's own articles. */
export interface Recall {
	/** Passages of others' sentences that they stand among. */
	others: number;
	questions: number;
	/** Of the questions, the share of which a passage that answers it is among the 24 that are found. */
	found: number;
	/** The same for the first three. */
	firstThree: number;
	/** Rows that a search has read on average. */
	rows: number;
}

/** Asks the English first messages of the seen half, of each customer's own articles among more and more passages of others. */
export async function recallAmong(sizes: readonly number[]): Promise<Recall[]> {
	const recorder = await recorderOver(async (db) => {
		for (const others of sizes) for (const customer of customerNames()) await makeOrgAmongOthers(db, customer, others);
	});
	try {
		const all: Recall[] = [];
		let seen = 0;
		for (const others of sizes) {
			const asked: Question[] = [];
			for (const customer of customerNames()) {
				for (const question of englishQuestions(customer)) {
					await ask(recorder.url, benchSiteKey(`${customer}${others}`), question.text);
					asked.push(question);
				}
			}
			const { runs } = await recorder.told();
			const searches = runs.slice(seen).filter(({ sql }) => SEARCH.test(sql));
			seen = runs.length;
			const places = searches.map(({ result }, index) => placeOf(asked[index], result.results));
			const share = (most: number): number =>
				places.filter((place) => place >= 0 && place < most).length / asked.length;
			const rows = searches.reduce((sum, search) => sum + rowsOf(search), 0) / asked.length;
			all.push({ others, questions: asked.length, found: share(Infinity), firstThree: share(FIRST), rows });
		}
		return all;
	} finally {
		await recorder.stop();
	}
}

function englishQuestions(customer: string): Question[] {
	return readQuestions(customer, "seen").filter(({ type }) => ENGLISH.includes(type));
}

/** Where the first passage stands that answers a question, from 0; -1 = nowhere. */
function placeOf(question: Question | undefined, passages: readonly Record<string, unknown>[]): number {
	return passages.findIndex(({ content }) =>
		question?.expected.some(({ sentence }) => String(content).includes(sentence)),
	);
}

function summary(runs: readonly StatementRun[]): Omit<RowsRead, "passages"> {
	const searches = runs.filter(({ sql }) => SEARCH.test(sql));
	const search = searches.map(rowsOf);
	const batch = searches.map(({ roundTrip }) =>
		runs.filter((run) => run.roundTrip === roundTrip).reduce((sum, run) => sum + rowsOf(run), 0),
	);
	return {
		search: { median: median(search), most: Math.max(...search) },
		mean: batch.reduce((sum, rows) => sum + rows, 0) / batch.length,
		turn: runs.reduce((sum, run) => sum + rowsOf(run), 0) / searches.length,
	};
}

function rowsOf({ result }: StatementRun): number {
	return Number(result.meta.rows_read);
}
