/** The recording pass's entry: the worker over a real D1, every statement written down with what it answered. */
import worker from "koby-worker";
import recording from "koby-recording";
import { counts, fromBase64, openLimiters, replaceCache, toBase64, pathOf } from "./counted.ts";
import type { Clip, Recorded, StatementResult, StatementRun } from "../recording.ts";

const runs: StatementRun[] = [];
const clips = new Map<string, Clip>();

class RecordedStatement {
	readonly real: D1PreparedStatement;
	readonly #sql: string;
	readonly #params: StatementRun["params"];
	constructor(real: D1PreparedStatement, sql: string, params: StatementRun["params"] = []) {
		this.real = real;
		this.#sql = sql;
		this.#params = params;
	}
	bind(...params: StatementRun["params"]): RecordedStatement {
		return new RecordedStatement(this.real.bind(...params), this.#sql, params);
	}
	keep({ meta, results }: D1Result<Record<string, unknown>>, roundTrip: number): StatementResult {
		const result: StatementResult = { success: true, meta: { ...meta }, results };
		runs.push({ sql: this.#sql, params: this.#params, result, roundTrip });
		return result;
	}
	async all(): Promise<StatementResult> {
		counts.roundTrips += 1;
		counts.statements += 1;
		const roundTrip = counts.roundTrips;
		return this.keep(await this.real.all(), roundTrip);
	}
	run(): Promise<StatementResult> {
		return this.all();
	}
	async first(column?: string): Promise<unknown> {
		const row = (await this.all()).results[0] ?? null;
		return column === undefined || row === null ? row : row[column];
	}
}

function recordedDatabase(real: D1Database) {
	return {
		prepare: (sql: string) => new RecordedStatement(real.prepare(sql), sql),
		async batch(list: RecordedStatement[]): Promise<StatementResult[]> {
			counts.roundTrips += 1;
			counts.statements += list.length;
			const roundTrip = counts.roundTrips;
			const results = await real.batch<Record<string, unknown>>(list.map((statement) => statement.real));
			return results.map(
				(result, index) => list[index]?.keep(result, roundTrip) ?? { success: true, meta: {}, results: [] },
			);
		},
	};
}

const platformFetch = globalThis.fetch;
globalThis.fetch = (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
	counts.fetches += 1;
	return platformFetch(input, init);
};

replaceCache({
	async match(key) {
		counts.cacheMatches += 1;
		const clip = clips.get(pathOf(key));
		return clip === undefined ? undefined : new Response(fromBase64(clip.body), { headers: clip.headers });
	},
	async put(key, response) {
		counts.cachePuts += 1;
		const body = toBase64(new Uint8Array(await response.arrayBuffer()));
		clips.set(pathOf(key), { path: pathOf(key), headers: [...response.headers], body });
	},
});

const limiters = openLimiters(recording.limiters);

let known: object | undefined;

/** The same object for every request, as on the platform: the worker reads its bindings once. */
function envOf(env: { DB: D1Database }): object {
	known ??= { ...recording.bindings, ...limiters, DB: recordedDatabase(env.DB) };
	return known;
}

export default {
	fetch: (request: Request, env: { DB: D1Database }, ctx: ExecutionContext): Promise<Response> =>
		worker.fetch(request, envOf(env), ctx),
	scheduled: (controller: ScheduledController, env: { DB: D1Database }, ctx: ExecutionContext): Promise<void> =>
		worker.scheduled?.(controller, envOf(env), ctx) ?? Promise.resolve(),
};

/** On a socket of its own: what was recorded. */
export const told = {
	fetch(): Response {
		const recorded: Recorded = { counts, runs, clips: [...clips.values()], entered: globalThis.enteredFunctions ?? [] };
		return Response.json(recorded);
	},
};
