import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CONFIG_DEFAULTS } from "../../lib/site/config-defaults.ts";
import { resetDatabase } from "../../lib/test/database.ts";
import type { Fault } from "../../local/stand-ins/wire.ts";
import { sweepTurns } from "../../lib/site/sweep/sweep.ts";
import { PANNU_KEY, STREAMED, eventsOf, newClient } from "./client.ts";
import { d1Error, rows, watched } from "./tables.ts";

beforeEach(() => resetDatabase(env.DB));
afterEach(() => vi.restoreAllMocks());

const VISITORS = 200;
const TURNS_EACH = 5;
const AT_ONCE = 50;
const UPSTREAM_FAULTS = 0.05;
const D1_FAULTS = 0.01;

/** What Gemini does to a turn: what passes by the second try, what does not, what is cut, what is withheld. */
const UPSTREAM: Fault[][] = [
	[{ status: 503 }],
	[{ status: 500 }, { status: 503 }],
	[{ status: 429, retry_after_seconds: 40 }, { status: 429 }],
	[{ status: 403 }],
	[{ reset: true }],
	[{ replace: "html" }, { replace: "html" }],
	[{ cut_after: 2 }],
	[{ end_after: 2 }],
	[{ error_event_after: 2, status: 500 }],
	[{ reply: { finish_reason: "SAFETY" } }],
	[{ reply: { block_reason: "SAFETY" } }],
	[{ reply: { no_content: true } }, { reply: { no_content: true } }],
];
const SEED = 20_260_820;
const D1_TEXTS = ["Network connection lost.", "D1 DB is overloaded. Too many requests queued."];

/** So many turns of one site at once are more than its limiter lets through. */
const UNLIMITED = { SITE_LIMITER: { limit: () => Promise.resolve({ success: true }) } };

/** mulberry32: the same run each time. */
function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

interface Outcome {
	kind: "answered" | "refused" | "failed";
	code?: string;
	session?: unknown;
}

interface Errors {
	error?: { code?: string };
}

/** What a visitor got: an answer (the fallback message is one), or an error with a documented code. */
async function outcomeOf(response: Response): Promise<Outcome> {
	if (response.headers.get("Content-Type")?.startsWith("text/event-stream") !== true) return jsonOutcome(response);
	const last = eventsOf(await response.text()).at(-1);
	const data: Errors & Record<string, unknown> = Object(last?.data);
	if (last?.event === "error") return { kind: "failed", code: String(data.error?.code) };
	expect(last).toMatchObject({ event: "done", data: { response: expect.stringMatching(/\S/) } });
	return { kind: "answered", session: data.session_id };
}

async function jsonOutcome(response: Response): Promise<Outcome> {
	const body: Errors & Record<string, unknown> = await response.json();
	// A refusal by the database comes before anything is spent or written.
	if (response.status !== 200)
		return { kind: body.error?.code === "unavailable" ? "refused" : "failed", code: String(body.error?.code) };
	expect(body.response).toMatch(/\S/);
	if (body.finish === "blocked") expect(body.response).toBe(CONFIG_DEFAULTS.fallback_message);
	return { kind: "answered", session: body.session_id };
}

/** One turn of a visitor, with its own share of trouble. */
async function take(turn: number, visitor: number, session: unknown): Promise<Outcome> {
	// Each turn's own, so that the order in which they run changes nothing.
	const dice = random(SEED + visitor * TURNS_EACH + turn);
	const client = newClient();
	if (dice() < UPSTREAM_FAULTS) await client.gemini(...(UPSTREAM[Math.floor(dice() * UPSTREAM.length)] ?? []));
	const fault = (): Error | undefined =>
		dice() < D1_FAULTS ? d1Error(D1_TEXTS[dice() < 0.5 ? 0 : 1] ?? "") : undefined;
	// Half of D1's faults come after the batch was carried out.
	const { db } = watched(
		() => (dice() < 0.5 ? fault() : undefined),
		() => (dice() < 0.5 ? fault() : undefined),
	);
	const body = {
		message: `Question ${turn} of ${visitor}`,
		visitor_id: `v-${visitor}`,
		...(session === undefined ? {} : { session_id: session }),
	};
	const headers = dice() < 0.5 ? STREAMED : {};
	const { response, settled } = client.start({ key: PANNU_KEY, body, headers, env: { DB: db, ...UNLIMITED } });
	const outcome = await outcomeOf(await response);
	await settled();
	return outcome;
}

describe(`${VISITORS * TURNS_EACH} turns, ${AT_ONCE} at a time, with ${UPSTREAM_FAULTS * 100} % of Gemini's and ${D1_FAULTS * 100} % of D1's calls failing`, () => {
	it("leave nobody without an answer or a documented error, and counters that agree with the rows to the unit", async () => {
		const lines = ["error", "warn", "log"].map((level) =>
			vi.spyOn(console, level as "error").mockImplementation(() => undefined),
		);
		const outcomes: Outcome[] = [];
		const visit = async (visitor: number): Promise<void> => {
			let session: unknown;
			for (let turn = 0; turn < TURNS_EACH; turn++) {
				const outcome = await take(turn, visitor, session);
				outcomes.push(outcome);
				session = outcome.session ?? session;
			}
		};
		const waiting = Array.from({ length: VISITORS }, (_, index) => index).values();
		await Promise.all(
			Array.from({ length: AT_ONCE }, async () => {
				for (const visitor of waiting) await visit(visitor);
			}),
		);

		const logged = lines.flatMap((spy) => spy.mock.calls.map(([line]) => JSON.parse(String(line)).event));
		const events = (name: string): number => logged.filter((event) => event === name).length;
		const count = (kind: Outcome["kind"]): number => outcomes.filter((outcome) => outcome.kind === kind).length;
		const lost = events("turn_not_logged") + events("turn_not_settled");
		expect(outcomes).toHaveLength(VISITORS * TURNS_EACH);
		expect([...new Set(outcomes.map(({ code }) => code))].sort()).toEqual([
			"model_unavailable",
			"unavailable",
			undefined,
		]);
		// Every kind of trouble has come up, and most visitors saw none of it.
		for (const number of [count("refused"), count("failed"), events("gemini_retry")]) expect(number).toBeGreaterThan(0);
		expect(count("answered")).toBeGreaterThan(0.95 * VISITORS * TURNS_EACH);

		// What a lost line says was lost is settled by the sweep, and so is what was begun though D1 said it was not.
		const settled = await sweepTurns(env.DB, "2999-01-01");
		const [stored] = await rows(`
			SELECT (SELECT COUNT(*) FROM chat_messages WHERE role = 'user') AS questions,
				(SELECT COUNT(*) FROM chat_messages WHERE role = 'assistant') AS answers,
				(SELECT SUM(message_count) FROM chat_sessions) AS counted,
				(SELECT COUNT(*) FROM chat_sessions) AS sessions,
				(SELECT SUM(messages) FROM usage_daily) AS daily,
				(SELECT SUM(messages) FROM usage_monthly) AS monthly,
				(SELECT COUNT(*) FROM turns) AS turns
		`);
		const [metrics] = await rows(
			"SELECT SUM(messages) AS answers, SUM(errors) AS failures, SUM(sessions) AS sessions FROM metrics_daily",
		);
		const answers = count("answered") - events("turn_not_logged");
		const failures = count("failed") - events("turn_not_settled") + settled;
		expect(settled).toBeGreaterThanOrEqual(lost);
		expect(stored).toEqual({
			questions: answers + failures,
			answers,
			counted: 2 * answers + failures,
			sessions: metrics?.sessions,
			daily: answers,
			monthly: answers,
			turns: 0,
		});
		expect(metrics).toEqual({ answers, failures, sessions: stored?.sessions });
		console.info(
			`answered ${count("answered")}, failed ${count("failed")}, refused ${count("refused")}, lost ${lost}, settled ${settled}`,
		);
	}, 180_000);
});
