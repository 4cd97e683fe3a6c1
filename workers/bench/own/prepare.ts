/** Records a case over a real D1, and plays it: what is played must answer and ask the platform for the same. */
import { makeMixedOrg } from "../knowledge/orgs.ts";
import type { Database } from "../knowledge/orgs.ts";
import type { Target } from "../load/measure.ts";
import { workerSource } from "../tree/tree.ts";
import type { BundleOptions, WorkerName, WorkerSource } from "../tree/tree.ts";
import type { OwnCase, PathShot } from "./cases.ts";
import { alike, difference } from "./compare.ts";
import { insideModule, recordingModule } from "./modules.ts";
import { emptyRecording, startRecorder } from "./record.ts";
import type { Counts, Recorded, Recording, StatementRun } from "./recording.ts";
import { serve } from "./serve.ts";
import type { Served } from "./serve.ts";

/** One for each request of a recording; the last are those that are counted. */
const WORDS = ["android", "apple", "daughter", "husband", "office", "tablet"];
const COUNTED = 3;
/** What a worker does after its response has this long, ms. */
const AFTERWARDS_MS = 300;
/** Kept alive, as many as wrk was given when own CPU was first measured. */
export const CONNECTIONS = 16;

/** A tree's workers, bundled once. */
export interface BuiltTree {
	root: string;
	source(name: WorkerName): Promise<WorkerSource>;
}

export function builtTree(root: string, options: BundleOptions): BuiltTree {
	const sources = new Map<WorkerName, Promise<WorkerSource>>();
	return {
		root,
		source(name) {
			const known = sources.get(name) ?? workerSource(root, name, options);
			sources.set(name, known);
			return known;
		},
	};
}

interface Answer {
	status: number;
	body: Buffer;
}

/** A case of a tree with all that its platform answered. */
export interface Take {
	/** The case and its tree, for people. */
	name: string;
	source: WorkerSource;
	recording: Recording;
	/** In order, with parameters: what the last request made D1 do. */
	lastRuns: StatementRun[];
	/** Numbers of the functions that it entered, in order; empty without probes in the bundle. */
	lastEntered: number[];
	shot: PathShot;
	answer: Answer;
	/** What one request asks of the platform. */
	perRequest: Counts;
}

/** A case that runs and was found to answer as it should. */
export interface Playing {
	served: Served;
	target: Target;
	/**
	 * @returns texts of writes that were played but never recorded
	 * @throws {Error} a request is answered otherwise than it was while recording
	 */
	verify(): Promise<string[]>;
}

/** @throws {Error} the case is not answered as it should be */
export async function record(tree: BuiltTree, one: OwnCase): Promise<Take> {
	const name = `${one.name} of ${tree.root}`;
	const source = await tree.source(one.worker);
	const { passages } = one;
	const prepare = passages === undefined ? undefined : (db: Database) => makeMixedOrg(db, passages, false);
	const recorder = await startRecorder(tree.root, source, await tree.source("portal"), { prepare });
	try {
		const answers: Answer[] = [];
		const told: Recorded[] = [];
		for (const word of WORDS) {
			answers.push(await send(recorder.url, one.shot(word, recorder.token)));
			await new Promise((resolve) => setTimeout(resolve, AFTERWARDS_MS));
			told.push(await recorder.told());
		}
		const [answer] = answers;
		const [last, before, earlier] = [told.at(-1), told.at(-2), told.at(-1 - COUNTED)];
		if (answer === undefined || last === undefined || before === undefined || earlier === undefined)
			throw new Error("There are too few words to record with.");
		if (answer.status !== 200 || !answer.body.includes(one.contains))
			throw new Error(`${name} answered ${answer.status}: ${String(answer.body)}`);
		const recording = {
			...emptyRecording(source),
			statements: firstResults(last.runs),
			vendors: recorder.vendors(),
			clips: one.isCached === true ? last.clips : [],
		};
		const shot = one.shot(WORDS[0] ?? "", recorder.token);
		const perRequest = difference(last.counts, earlier.counts, COUNTED);
		return {
			name,
			source,
			recording,
			lastRuns: last.runs.slice(before.runs.length),
			lastEntered: last.entered.slice(before.entered.length),
			shot,
			answer,
			perRequest,
		};
	} finally {
		await recorder.stop();
	}
}

/** A statement answers as it did first: to a question that nobody had asked before. */
function firstResults(runs: readonly StatementRun[]): Recording["statements"] {
	return Object.fromEntries(runs.toReversed().map(({ sql, result }) => [sql, result]));
}

/**
 * Starts a process of its own for a case.
 * @throws {Error} what is played differs from what was recorded
 */
export async function play(take: Take, isInspected = false): Promise<Playing> {
	const { name, source, shot } = take;
	const served = await serve({
		modules: {
			"entry.js": await insideModule("played"),
			"koby-worker": source.script,
			"koby-recording": recordingModule(take.recording),
		},
		compatibilityDate: source.compatibilityDate,
		compatibilityFlags: source.compatibilityFlags,
		isTelling: true,
		isInspected,
	});
	const verify = async (): Promise<string[]> => {
		const answer = await send(served.url, shot);
		if (!alike(answer, take.answer))
			throw new Error(`${name} is played otherwise than recorded: ${answer.status} ${String(answer.body)}`);
		return (await played(served)).unrecorded;
	};
	await verify();
	const perRequest = await countPlayed(served, shot);
	if (JSON.stringify(perRequest) !== JSON.stringify(take.perRequest))
		throw new Error(
			`${name} asks for other things: ${JSON.stringify({ recorded: take.perRequest, played: perRequest })}`,
		);
	const { path, ...rest } = shot;
	const target = {
		pid: served.pid,
		shot: { ...rest, url: served.url + path },
		connections: CONNECTIONS,
		isNumbered: false,
	};
	return { served, target, verify };
}

async function countPlayed(served: Served, shot: PathShot): Promise<Counts> {
	const before = await played(served);
	for (let turn = 0; turn < COUNTED; turn++) await send(served.url, shot);
	await new Promise((resolve) => setTimeout(resolve, AFTERWARDS_MS));
	return difference((await played(served)).counts, before.counts, COUNTED);
}

async function played({ toldUrl }: Served): Promise<{ counts: Counts; unrecorded: string[] }> {
	return JSON.parse(await (await fetch(toldUrl ?? "")).text());
}

async function send(origin: string, { path, method, headers, body }: PathShot): Promise<Answer> {
	const response = await fetch(origin + path, { method, headers, body: body ?? null });
	return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
}
