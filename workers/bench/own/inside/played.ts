/**
 * The measured worker's entry: the worker itself over a platform that is played inside its isolate, so that nothing but
 * its own work, and these few lines, costs CPU. Whoever asks for what was not recorded gets an error.
 */
import recording from "koby-recording";
import worker from "koby-worker";
import { counts, fromBase64, openLimiters, replaceCache, pathOf } from "./counted.ts";
import type { StatementResult } from "../recording.ts";

/** Writes that return nothing and were never recorded, by their first words: their texts may depend on a measured time. */
const unrecorded = new Set<string>();
const EMPTY: StatementResult = { success: true, meta: { changes: 1 }, results: [] };

const statements = new Map(Object.entries(recording.statements));

function answerOf(sql: string): StatementResult {
	const result = statements.get(sql);
	if (result !== undefined) return result;
	unrecorded.add(sql.trim().slice(0, 200));
	if (!/^\s*(INSERT|UPDATE|DELETE)\b/i.test(sql) || /\bRETURNING\b/i.test(sql)) throw new Error(`not recorded: ${sql}`);
	statements.set(sql, EMPTY);
	return EMPTY;
}

class PlayedStatement {
	readonly #sql: string;
	constructor(sql: string) {
		this.#sql = sql;
	}
	bind(): PlayedStatement {
		return this;
	}
	get answer(): StatementResult {
		return answerOf(this.#sql);
	}
	async all(): Promise<StatementResult> {
		counts.roundTrips += 1;
		counts.statements += 1;
		return this.answer;
	}
	run(): Promise<StatementResult> {
		return this.all();
	}
	async first(column?: string): Promise<unknown> {
		const row = (await this.all()).results[0] ?? null;
		return column === undefined || row === null ? row : row[column];
	}
}

const DB = {
	prepare: (sql: string) => new PlayedStatement(sql),
	async batch(list: PlayedStatement[]): Promise<StatementResult[]> {
		counts.roundTrips += 1;
		counts.statements += list.length;
		return list.map(({ answer }) => answer);
	},
};

const vendors = new Map(
	recording.vendors.map(({ method, url, status, headers, chunks }) => [
		`${method} ${url}`,
		{ init: { status, headers }, chunks: chunks.map(fromBase64) },
	]),
);

/**
 * All chunks lie ready. A native stream would be nearer to the network, but handing nine chunks from one of its ends to the other
 * costs 600 us of CPU, this 30: it would be taken for the worker's own.
 */
function streamOf(chunks: readonly Uint8Array[]): ReadableStream {
	return new ReadableStream({
		type: "bytes",
		start(controller) {
			// What is given to a stream of bytes is taken away: the next request needs it again.
			for (const chunk of chunks) controller.enqueue(chunk.slice());
			controller.close();
		},
	});
}

globalThis.fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
	counts.fetches += 1;
	const url = input instanceof Request ? input.url : String(input);
	const method = init?.method ?? (input instanceof Request ? input.method : "GET");
	const answer = vendors.get(`${method} ${url}`);
	if (answer === undefined) throw new Error(`not recorded: ${method} ${url}`);
	const { chunks } = answer;
	return new Response(chunks.length > 1 ? streamOf(chunks) : chunks[0], answer.init);
};

const clips = new Map(recording.clips.map(({ path, headers, body }) => [path, { headers, body: fromBase64(body) }]));

replaceCache({
	async match(key) {
		counts.cacheMatches += 1;
		const clip = clips.get(pathOf(key));
		return clip === undefined ? undefined : new Response(clip.body, { headers: clip.headers });
	},
	async put(_key, response) {
		counts.cachePuts += 1;
		await response.arrayBuffer();
	},
});

const env = { ...recording.bindings, ...openLimiters(recording.limiters), DB };

export default {
	fetch: (request: Request, _env: unknown, ctx: ExecutionContext): Promise<Response> => worker.fetch(request, env, ctx),
};

/** On a socket of its own: what was asked of the platform so far. */
export const told = {
	fetch: (): Response => Response.json({ counts, unrecorded: [...unrecorded] }),
};
