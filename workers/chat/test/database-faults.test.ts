import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../lib/test/database.ts";
import { BOOKING_PAUSES_MS, skipPauses } from "../../lib/test/pauses.ts";
import { sweepTurns } from "../../lib/site/sweep/sweep.ts";
import { CHADIS_KEY, PANNU_KEY, expectError, newClient } from "./client.ts";
import { NOTHING_WRITTEN, d1Error, rows, run, watched, written } from "./tables.ts";

beforeEach(() => resetDatabase(env.DB));

const LOST = "Network connection lost.";
/** A turn that was begun and that nobody has ended: the visitor's message, and the place of the answer. */
const UNENDED = { ...NOTHING_WRITTEN, sessions: 1, messages: 2 };
const ONE_TURN = { sessions: 1, messages: 2, metrics: 1, questions: 1, used: 1, legacy: 0 };

describe("when the database fails before Gemini is asked", () => {
	it.each([LOST, "D1 DB is overloaded. Too many requests queued.", "no such table: portal_sites: SQLITE_ERROR"])(
		"with %s, the answer is a 503",
		async (text) => {
			const client = newClient();
			const { db, trips } = watched(() => d1Error(text));
			const response = await client.call({ key: CHADIS_KEY, env: { DB: db } });
			expect(response.headers.get("Retry-After")).toBe("2");
			await expectError(response, 503, "unavailable");
			// A missing table is looked into: the database may wait for its migrations.
			expect(trips()).toBe(text.startsWith("no such") ? 2 : 1);
			expect(await client.asked()).toEqual([]);
			expect(await written()).toEqual(NOTHING_WRITTEN);
		},
	);

	it("by taking over 3 seconds, the answer is a 503, and what was reserved after all is given back, and the message kept", async () => {
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
		const client = newClient();
		const late = Promise.withResolvers<void>();
		const begun = Promise.withResolvers<void>();
		const { db, trips } = watched(
			() => undefined,
			(trip) => {
				if (trip > 1) return undefined;
				begun.resolve();
				return late.promise;
			},
		);
		const { response, settled } = client.start({ key: PANNU_KEY, env: { DB: db } });
		await begun.promise;
		await vi.advanceTimersByTimeAsync(3000);
		await expectError(await response, 503, "unavailable");
		vi.useRealTimers();
		late.resolve();
		await settled();
		expect(trips()).toBe(2);
		expect(await client.asked()).toEqual([]);
		expect(await written()).toEqual({ ...NOTHING_WRITTEN, sessions: 1, messages: 1, metrics: 1 });
		expect(await rows("SELECT id FROM turns")).toEqual([]);
		expect(await rows("SELECT org_id, messages FROM usage_daily")).toEqual([
			{ org_id: "org_pannu_dental", messages: 0 },
		]);
	});
});

describe("when the database fails after Gemini has answered", () => {
	beforeEach(() => void skipPauses(BOOKING_PAUSES_MS));

	it("with its connection lost, the turn is recorded by the second try", async () => {
		const { db, trips } = watched((trip) => (trip === 2 ? d1Error(LOST) : undefined));
		expect((await newClient().call({ key: CHADIS_KEY, env: { DB: db } })).status).toBe(200);
		expect(trips()).toBe(3);
		expect(await written()).toEqual(ONE_TURN);
	});

	it("with its connection lost after the write, the second try counts nothing twice", async () => {
		const lines = vi.spyOn(console, "error");
		const { db, trips } = watched(
			() => undefined,
			(trip) => (trip === 2 ? d1Error(LOST) : undefined),
		);
		expect((await newClient().call({ key: CHADIS_KEY, env: { DB: db } })).status).toBe(200);
		expect(trips()).toBe(3);
		expect(await written()).toEqual(ONE_TURN);
		expect(await rows("SELECT sessions, messages, visitors FROM metrics_daily")).toEqual([
			{ sessions: 1, messages: 1, visitors: 1 },
		]);
		expect(await rows("SELECT message_count FROM chat_sessions")).toEqual([{ message_count: 2 }]);
		expect(await rows("SELECT asked FROM question_stats")).toEqual([{ asked: 1 }]);
		expect(lines).not.toHaveBeenCalled();
		lines.mockRestore();
	});

	it("with a failed turn to record, a lost answer gives back only once", async () => {
		const client = newClient();
		await client.call({ key: PANNU_KEY });
		await client.gemini({ status: 403 });
		const { db } = watched(
			() => undefined,
			(trip) => (trip === 2 ? d1Error(LOST) : undefined),
		);
		await expectError(await client.call({ key: PANNU_KEY, env: { DB: db } }), 503, "model_unavailable");
		expect(await rows("SELECT messages, errors FROM metrics_daily")).toEqual([{ messages: 1, errors: 1 }]);
		expect(await rows("SELECT messages FROM usage_daily")).toEqual([{ messages: 1 }]);
	});

	it("for good, the visitor has the answer and one line of the log tells what is missing, without text", async () => {
		const lines = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const client = newClient();
		await client.gemini({ reply: { text: "A private answer." } });
		const { db, trips } = watched((trip) =>
			trip > 1 ? d1Error("D1 DB is overloaded. Requests queued for too long.") : undefined,
		);
		const response = await client.call({
			key: CHADIS_KEY,
			body: { message: "A private question", visitor_id: "v-private" },
			env: { DB: db },
		});
		const answer: Record<string, unknown> = await response.json();
		expect(answer.response).toBe("A private answer.");
		expect(trips()).toBe(8);
		const logged = lines.mock.calls.map(([line]) => String(line));
		lines.mockRestore();
		expect(logged).toHaveLength(1);
		expect(logged.join()).not.toMatch(/private|sk_chadis|D1_ERROR|SQL/i);
		expect(JSON.parse(logged[0] ?? "")).toEqual({
			...{
				level: "error",
				event: "turn_not_logged",
				reason: "overloaded",
				org_id: "org_chadis",
				site_id: "site_chadis",
			},
			...{
				request_id: response.headers.get("X-Request-Id"),
				session_id: answer.session_id,
				message_id: answer.message_id,
				date: expect.any(String),
			},
			...{ message_chars: 18, answer_chars: 17, finish: "stop", latency_ms: answer.latency_ms },
			...{ input_tokens: expect.any(Number), output_tokens: expect.any(Number), cost_usd_micros: expect.any(Number) },
			...{
				cached_tokens: expect.any(Number),
				first_token_ms: expect.any(Number),
				braked_usd_micros: expect.any(Number),
			},
			...{ question_id: expect.any(String), at: expect.any(String), answered_at: expect.any(String) },
			...{ is_ranked: true, is_unanswered: false, knowledge_ids: "", model: expect.any(String), unwritten: "unknown" },
		});
		expect(await written()).toEqual({ ...UNENDED, used: 1 });
		expect(await sweepTurns(env.DB, "2999-01-01")).toBe(1);
		expect(await written()).toEqual({ ...UNENDED, messages: 1, metrics: 1 });
		expect(await rows("SELECT content FROM chat_messages")).toEqual([{ content: "A private question" }]);
	});

	it("half way through its writes, none of them stands", async () => {
		const lines = vi.spyOn(console, "error").mockImplementation(() => undefined);
		await run(
			"CREATE TRIGGER refuse BEFORE UPDATE OF content ON chat_messages BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: secret_name'); END",
		);
		const response = await newClient().call({ key: CHADIS_KEY });
		expect(response.status).toBe(200);
		expect(await written()).toEqual({ ...UNENDED, used: 1 });
		const logged = lines.mock.calls.map(([line]) => String(line));
		lines.mockRestore();
		expect(logged.map((line) => JSON.parse(line))).toEqual([
			expect.objectContaining({ event: "turn_not_logged", reason: "constraint" }),
		]);
		expect(logged.join()).not.toContain("secret_name");
	});

	it("the counters and the rows of many turns agree to the unit, whichever of their writes failed", async () => {
		vi.spyOn(console, "error").mockImplementation(() => undefined);
		const turns = Array.from({ length: 24 }, async (_, n) => {
			const { db } = watched((trip) =>
				trip >= 2 && n % 3 === 0 ? d1Error("D1 DB is overloaded. Too many requests queued.") : undefined,
			);
			return newClient().call({
				key: CHADIS_KEY,
				body: { message: `Question ${n}`, visitor_id: `v-${n}` },
				env: { DB: db },
			});
		});
		expect((await Promise.all(turns)).map(({ status }) => status)).toEqual(turns.map(() => 200));
		vi.restoreAllMocks();
		expect(await rows("SELECT sessions, messages, visitors FROM metrics_daily")).toEqual([
			{ sessions: 16, messages: 16, visitors: 16 },
		]);
		expect(await written()).toMatchObject({ sessions: 24, messages: 48, used: 24 });
		expect(await sweepTurns(env.DB, "2999-01-01")).toBe(8);
		expect(await rows("SELECT sessions, messages, visitors, errors FROM metrics_daily")).toEqual([
			{ sessions: 24, messages: 16, visitors: 24, errors: 8 },
		]);
		expect(await written()).toMatchObject({ sessions: 24, messages: 40, used: 16 });
	});
});

describe("requests that run at once", () => {
	it("wait for nothing of each other's: one that hangs or has left holds up no other", async () => {
		const stuck = newClient();
		await stuck.gemini({ hang: true, times: 2 });
		const hanging = stuck.start({ key: CHADIS_KEY, env: { GEMINI_TIMEOUT_MS: "1500" } });
		await vi.waitFor(async () => expect(await stuck.asked()).toHaveLength(1));
		const others = await Promise.all(Array.from({ length: 10 }, () => newClient().call({ key: CHADIS_KEY })));
		expect(others.map(({ status }) => status)).toEqual(others.map(() => 200));
		await expectError(await hanging.response, 503, "model_unavailable");
		await hanging.settled();
	});
});
