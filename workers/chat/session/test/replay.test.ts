import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { BOOKING_PAUSES_MS, skipPauses } from "../../../lib/test/pauses.ts";
import { sweepTurns } from "../../../lib/site/sweep/sweep.ts";
import type { Store } from "../../../lib/recovery/store.ts";
import { replayLines } from "../../../local/recovery/replaying.ts";
import type { ReplayCounts } from "../../../local/recovery/replaying.ts";
import { CHADIS_KEY, newClient } from "../../test/client.ts";
import { d1Error, rows, run, watched } from "../../test/tables.ts";

const store: Store = {
	db: env.DB,
	run: async (statements) => (await env.DB.batch<Record<string, unknown>>(statements)).map(({ results }) => results),
};

beforeEach(async () => {
	await resetDatabase(env.DB);
	skipPauses(BOOKING_PAUSES_MS);
});
afterEach(() => vi.restoreAllMocks());

interface Asking {
	message?: string;
	session?: unknown;
	/** D1 takes the last batch. */
	isRecorded?: boolean;
}

/** A turn whose answer is given, and recorded or not. @returns its answer, and what the worker's log said of it */
async function turn({ message = "When do you open?", session, isRecorded = false }: Asking = {}) {
	const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
	const { db } = watched((trip) => (trip > 1 && !isRecorded ? d1Error("D1 DB is overloaded.") : undefined));
	const client = newClient();
	await client.gemini({ reply: { text: "At nine." } });
	const body = { message, visitor_id: "v-1", ...(session === undefined ? {} : { session_id: session }) };
	const response = await client.call({ key: CHADIS_KEY, body, env: { DB: db } });
	expect(response.status).toBe(200);
	const lines = errors.mock.calls.map(([line]) => String(line));
	errors.mockRestore();
	const answer: Record<string, unknown> = await response.json();
	return { answer, lines };
}

async function* texts(lines: readonly string[]): AsyncGenerator<string> {
	yield* lines;
}

async function replay(lines: readonly string[], isApplied = true): Promise<ReplayCounts & { told: string[] }> {
	const told: string[] = [];
	const counts = await replayLines(store, texts(lines), {
		isApplied,
		now: Date.now(),
		tell: (text) => void told.push(text),
	});
	return { ...counts, told };
}

/** All that a turn moves, but for instants, random ids and the words of the answer. */
async function books() {
	return {
		metrics:
			await rows(`SELECT sessions, messages, visitors, errors, cache_hits, curated, unanswered, input_tokens, output_tokens,
			cost_usd_micros FROM metrics_daily`),
		latencies:
			await rows(`SELECT latency_b00 + latency_b01 + latency_b02 + latency_b03 + latency_b04 + latency_b05 + latency_b06 AS n,
			latency_sum_ms - (SELECT SUM(latency_ms) FROM chat_messages WHERE role = 'assistant') AS left FROM metrics_daily`),
		usage: await rows("SELECT messages, cost_usd_micros > 0 AS costs FROM usage_daily"),
		month: await rows("SELECT messages FROM usage_monthly"),
		deployment: await rows(
			`SELECT d.cost_usd_micros - u.cost_usd_micros AS left FROM usage_deployment d JOIN usage_daily u ON u.date = d.date`,
		),
		sessions: await rows("SELECT message_count FROM chat_sessions"),
		messages: await rows(
			"SELECT role, finish, model, input_tokens, output_tokens, is_unanswered FROM chat_messages ORDER BY rowid",
		),
		questions: await rows("SELECT question, asked, unanswered, weight FROM question_stats"),
		left: await rows("SELECT id FROM turns UNION ALL SELECT id FROM swept_turns"),
	};
}

describe("a line turn_not_logged", () => {
	it.each(["while the turn is under way", "after the sweep"])(
		"is put back %s, as if it had been recorded",
		async (when) => {
			await turn({ isRecorded: true });
			const recorded = await books();
			await resetDatabase(env.DB);

			const { answer, lines } = await turn();
			if (when === "after the sweep") expect(await sweepTurns(env.DB, "2999-01-01")).toBe(1);
			expect(await replay(lines, false)).toMatchObject({
				putBack: 1,
				told: [expect.stringMatching(/^would put back/)],
			});
			expect(await replay(lines)).toMatchObject({
				putBack: 1,
				there: 0,
				cannot: 0,
				told: [expect.stringMatching(/^put back /)],
			});
			expect(await books()).toEqual(recorded);
			expect(
				await rows(
					"SELECT id, content, replayed_at IS NOT NULL AS is_replayed FROM chat_messages WHERE role = 'assistant'",
				),
			).toEqual([{ id: answer.message_id, content: "", is_replayed: 1 }]);
		},
	);

	it("is put back once, however often and wherever it stands", async () => {
		const { lines } = await turn();
		expect(await replay([...lines, ...lines])).toMatchObject({ putBack: 1 });
		const once = await books();
		expect(await replay(lines)).toMatchObject({
			putBack: 0,
			there: 1,
			told: [expect.stringContaining("the answer is stored")],
		});
		expect(await sweepTurns(env.DB, "2999-01-01")).toBe(0);
		expect(await replay(lines)).toMatchObject({ putBack: 0, there: 1 });
		expect(await books()).toEqual(once);
	});

	it("of a batch that landed after all changes nothing", async () => {
		const { answer, lines } = await turn();
		await resetDatabase(env.DB);
		await turn({ isRecorded: true });
		const recorded = await books();
		await run("UPDATE chat_messages SET id = ?1 WHERE role = 'assistant'", answer.message_id);
		expect(await replay(lines)).toMatchObject({ putBack: 0, there: 1 });
		expect(await books()).toEqual(recorded);
	});

	it("stands in its place, also where the conversation has gone on", async () => {
		const { answer: first, lines } = await turn({ message: "First?" });
		expect(await sweepTurns(env.DB, "2999-01-01")).toBe(1);
		await turn({ message: "Second?", session: first.session_id, isRecorded: true });
		await turn({ message: "Elsewhere?", isRecorded: true });
		await turn({ message: "Third?", session: first.session_id, isRecorded: true });
		expect(await replay(lines)).toMatchObject({ putBack: 1 });
		expect(
			await rows("SELECT role, content FROM chat_messages WHERE session_id = ?1 ORDER BY rowid", first.session_id),
		).toEqual([
			{ role: "user", content: "First?" },
			{ role: "assistant", content: "" },
			{ role: "user", content: "Second?" },
			{ role: "assistant", content: "At nine." },
			{ role: "user", content: "Third?" },
			{ role: "assistant", content: "At nine." },
		]);
		expect(await rows("SELECT message_count FROM chat_sessions WHERE id = ?1", first.session_id)).toEqual([
			{ message_count: 6 },
		]);
	});

	it.each([
		["UPDATE chat_sessions SET erased_at = '2026-01-01T00:00:00.000Z'"],
		["UPDATE visitors SET erased_at = '2999-01-01T00:00:00.000Z'"],
		["DELETE FROM chat_messages"],
	])("of a conversation that was erased since does not come back: %s", async (sql) => {
		const { lines } = await turn();
		await sweepTurns(env.DB, "2999-01-01");
		await run(sql);
		if (sql.startsWith("DELETE")) await run("DELETE FROM chat_sessions");
		const before = await books();
		expect(await replay(lines)).toMatchObject({ putBack: 0, cannot: 1, told: [expect.stringContaining("was erased")] });
		expect(await books()).toEqual(before);
	});

	it("of a customer that is erased, or of long ago, is left alone", async () => {
		const { lines } = await turn();
		const old = lines.map((line) =>
			JSON.stringify({ ...JSON.parse(line), date: "2026-01-01", message_id: crypto.randomUUID() }),
		);
		await run("UPDATE orgs SET erasure_id = 'e' WHERE id = 'org_chadis'");
		expect(await replay([...lines, ...old])).toMatchObject({ putBack: 0, cannot: 2 });
	});
});

describe("other lines", () => {
	const line = (event: string, fields: object): string => JSON.stringify({ level: "error", event, ...fields });

	it("give back a cost and a request once, be it by the worker or by the line", async () => {
		const date = new Date().toISOString().slice(0, 10);
		await run("INSERT INTO usage_daily (org_id, date, cost_usd_micros) VALUES ('org_chadis', ?1, 500)", date);
		await run("INSERT INTO legacy_usage (date, worker, requests, cost_usd_micros) VALUES (?1, 'chat', 2, 900)", date);
		const lines = [
			line("cost_not_given_back", {
				booking_id: crypto.randomUUID(),
				org_id: "org_chadis",
				date,
				cost_usd_micros: 200,
			}),
			line("legacy_request_not_settled", {
				booking_id: crypto.randomUUID(),
				worker: "chat",
				date,
				requests: 1,
				cost_usd_micros: 400,
			}),
		];
		expect(await replay(lines)).toMatchObject({ putBack: 2 });
		expect(await replay(lines)).toMatchObject({ putBack: 0, there: 2 });
		expect(await rows("SELECT cost_usd_micros FROM usage_daily")).toEqual([{ cost_usd_micros: 300 }]);
		expect(await rows("SELECT requests, cost_usd_micros FROM legacy_usage")).toEqual([
			{ requests: 1, cost_usd_micros: 500 },
		]);
		expect(await rows("SELECT cost_usd_micros FROM usage_deployment")).toEqual([{ cost_usd_micros: 800 }]);
	});

	it("count an answer by rule once, and not where nobody knows whether it was counted", async () => {
		const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const { db } = watched((trip) => (trip > 1 ? d1Error("D1 DB is overloaded.") : undefined));
		await newClient().call({ key: CHADIS_KEY, body: { message: "Are you a real person?" }, env: { DB: db } });
		const lines = errors.mock.calls.map(([text]) => String(text));
		errors.mockRestore();
		expect(lines.join()).toContain("rule_not_counted");
		const unknown = lines.map((text) =>
			JSON.stringify({
				...JSON.parse(text),
				request_id: crypto.randomUUID(),
				at: new Date(Date.now() - 3_600_000).toISOString(),
			}),
		);
		expect(await replay([...lines, ...unknown])).toMatchObject({ putBack: 1, cannot: 1 });
		expect(await replay(lines)).toMatchObject({ putBack: 0, there: 1 });
		expect(await rows("SELECT messages, curated FROM metrics_daily")).toEqual([{ messages: 1, curated: 1 }]);
	});

	it("that are halves, of an older version, or of nothing lost are passed over or named", async () => {
		const { lines } = await turn();
		const [whole = ""] = lines;
		const { question_id, ...older }: Record<string, unknown> = JSON.parse(whole);
		expect(question_id).toBeDefined();
		expect(
			await replay([whole.slice(0, -20), "garbage {", JSON.stringify(older), line("request_refused", { status: 404 })]),
		).toMatchObject({
			putBack: 0,
			there: 0,
			cannot: 1,
			others: 1,
			told: [expect.stringContaining("question_id is missing")],
		});
	});
});
