import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { skipPauses } from "../../../lib/test/pauses.ts";
import { NOW } from "../../test/portal.ts";
import { seedAged } from "./aged-seed.ts";
import {
	AGED_STEPS,
	MINUTE,
	REST_MS,
	ago,
	count,
	ids,
	keepFor,
	manySessions,
	runDaily,
	runOften,
	session,
	summary,
} from "./retention-seed.ts";

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	skipPauses([REST_MS]);
	await resetDatabase(env.DB);
});

afterEach(() => vi.restoreAllMocks());

const PANNU = { orgId: "org_pannu_dental", siteId: "site_pannu_dental" };

/** A database that does something before each batch. */
function beforeBatches(each: (batch: number) => unknown): D1Database {
	let batches = 0;
	return new Proxy(env.DB, {
		get(target, name) {
			if (name === "prepare") return (sql: string) => target.prepare(sql);
			if (name !== "batch") throw new Error(`the run uses ${String(name)} of D1`);
			return async (statements: D1PreparedStatement[]) => {
				await each(++batches);
				return target.batch(statements);
			};
		},
	});
}

describe("a run's steps", () => {
	it("take at most 40 sessions and 200 messages each, until nothing is left", async () => {
		await env.DB.batch([
			keepFor("org_chadis", 30),
			...session("long", ago(50), { messages: 600 }),
			...manySessions(250, ago(40), { messages: 0 }),
			...session("new", ago(5)),
		]);
		const left: number[][] = [];
		const db = beforeBatches(async () => left.push([await count("chat_messages"), await count("chat_sessions")]));
		expect(await runDaily(db)).toEqual([summary({ orgs: 1, steps: AGED_STEPS + 7, sessions: 251, messages: 600 })]);
		const steps = left.filter((state, index) => index === 0 || String(state) !== String(left[index - 1]));
		expect(steps).toEqual([
			[602, 252],
			[402, 213],
			[202, 174],
			[2, 134],
			[2, 94],
			[2, 54],
			[2, 14],
			[2, 1],
		]);
		expect(await ids("chat_sessions")).toEqual(["new"]);
	});

	it("end after three minutes, each org having had its turn, and the next five minutes' run goes on", async () => {
		await env.DB.batch([
			keepFor("org_chadis", 30),
			keepFor("org_pannu_dental", 30),
			...manySessions(150, ago(40), { messages: 0 }),
			...manySessions(150, ago(40), { prefix: "pannu", messages: 0, ...PANNU }),
		]);
		// The state, the list of orgs and the steps of what ages by itself come before; a step reads and then erases.
		const before = AGED_STEPS + 2;
		const slow = beforeBatches((batch) =>
			batch > before ? vi.setSystemTime(NOW + (batch - before) * 45_000) : undefined,
		);
		expect(await runDaily(slow)).toEqual([summary({ orgs: 2, steps: AGED_STEPS + 2, waiting: 2, sessions: 80 })]);
		expect([
			await count("chat_sessions WHERE org_id = 'org_chadis'"),
			await count("chat_sessions WHERE org_id <> 'org_chadis'"),
		]).toEqual([110, 110]);
		vi.setSystemTime(NOW + 5 * MINUTE);
		expect(await runOften(env.DB, NOW + 5 * MINUTE)).toEqual([
			summary({ run: "continued", orgs: 2, steps: AGED_STEPS + 6, sessions: 220 }),
		]);
		expect(await count("chat_sessions")).toBe(0);
		expect(await runOften(env.DB, NOW + 10 * MINUTE)).toEqual([]);
	});

	it("have 500 statements at most, and the next run goes on", { timeout: 60_000 }, async () => {
		await manyOrgs(250, manySessions(150, ago(40), { orgId: "org_n250", siteId: "site_n250", messages: 0 }));
		const [line] = await runDaily();
		// Of what ages by itself two works have two statements, and of an org's sessions without messages there are four.
		const ofOrgs = Math.ceil((500 - AGED_STEPS - 2) / 4);
		expect(line).toMatchObject({ orgs: 250, steps: AGED_STEPS + ofOrgs, waiting: expect.any(Number) });
		expect(line?.waiting).toBeGreaterThan(4);
		for (const minutes of [5, 10]) await runOften(env.DB, NOW + minutes * MINUTE);
		expect(await count("chat_sessions")).toBe(0);
		expect(await runOften(env.DB, NOW + 15 * MINUTE)).toEqual([]);
	});

	it("write and read at most 1,000 rows each, those of indexes, triggers and foreign keys counted", async () => {
		await seedAged(env.DB, 400);
		const most = { read: 0, written: 0 };
		const large: unknown[] = [];
		const texts = new Map<D1PreparedStatement, string>();
		const db = new Proxy(env.DB, {
			get(target, name) {
				if (name === "prepare") return (sql: string) => bindable(target.prepare(sql), sql, texts);
				return async (statements: D1PreparedStatement[]) => {
					const results = await target.batch(statements);
					for (const [index, { meta }] of results.entries()) {
						const indexes = await indexesOf(texts.get(statements[index] ?? target.prepare("")) ?? "");
						if (meta.rows_read > 1000) large.push([texts.get(statements[index] ?? target.prepare("")), meta.rows_read]);
						most.read = Math.max(most.read, meta.rows_read);
						most.written = Math.max(most.written, meta.rows_written * (1 + indexes));
					}
					return results;
				};
			},
		});
		const [line] = await runDaily(db);
		expect(line).toMatchObject({ waiting: 0, failed: 0, sessions: 400, messages: 800, leads: 400, questions: 400 });
		expect(line).toMatchObject({ indexed_sessions: 400 });
		expect(line).toMatchObject({ audit_rows: 400, metrics_days: 400, usage_months: 400, usage_days: 400 });
		expect(line).toMatchObject({ workflow_days: 401, workflow_runs: 400, voice_sessions: 400, stripe_events: 400 });
		expect(most.written).toBeGreaterThan(500);
		expect(large).toEqual([]);
		expect(most.written).toBeLessThanOrEqual(1000);
		expect(most.read).toBeLessThanOrEqual(1000);
	});
});

describe("the run of every five minutes", () => {
	it("reads one row where nothing waits", async () => {
		await env.DB.batch([keepFor("org_chadis", 30), ...session("new", ago(1))]);
		await runDaily();
		await env.DB.batch(session("old", ago(60)));
		expect(await runOften(env.DB, NOW + 5 * MINUTE)).toEqual([]);
		expect(await ids("chat_sessions")).toEqual(["new", "old"]);
	});

	it("takes up a run that died, once its time is over", async () => {
		await env.DB.batch([
			keepFor("org_chadis", 30),
			...session("old", ago(60)),
			env.DB.prepare("INSERT INTO retention_state (id, waiting_since, busy_until) VALUES (1, ?1, ?2)").bind(
				ago(0, 3 * MINUTE),
				ago(0, -MINUTE),
			),
		]);
		expect(await runOften()).toEqual([]);
		expect(await ids("chat_sessions")).toEqual(["old"]);
		expect(await runOften(env.DB, NOW + MINUTE)).toEqual([
			summary({ run: "continued", orgs: 1, steps: AGED_STEPS + 1, sessions: 1, messages: 2 }),
		]);
		expect(await ids("chat_sessions")).toEqual([]);
	});

	it("is told by a warning of the daily run that work has waited for a day", async () => {
		await env.DB.batch([
			keepFor("org_chadis", 30),
			...manySessions(150, ago(40), { messages: 0 }),
			env.DB.prepare("INSERT INTO retention_state (id, waiting_since) VALUES (1, ?1)").bind(ago(1)),
		]);
		const slow = beforeBatches((batch) => (batch > AGED_STEPS + 2 ? vi.setSystemTime(NOW + 200_000) : undefined));
		expect(await runDaily(slow)).toEqual([
			summary({ orgs: 1, steps: AGED_STEPS + 1, waiting: 1, sessions: 40 }),
			{ level: "warn", event: "retention_behind", waiting: 1, days_waiting: 1, oldest_due_days: 10 },
		]);
	});
});

/** A statement that remembers its text when it is bound. */
function bindable(
	statement: D1PreparedStatement,
	sql: string,
	texts: Map<D1PreparedStatement, string>,
): D1PreparedStatement {
	return new Proxy(statement, {
		get(target, name) {
			if (name !== "bind") return Reflect.get(target, name);
			return (...values: unknown[]) => {
				const bound = target.bind(...values);
				texts.set(bound, sql);
				return bound;
			};
		},
	});
}

/** How many indexes have a row for each row of the table that a statement erases from: D1 does not count these here. */
async function indexesOf(sql: string): Promise<number> {
	const [, table] = /^\s*DELETE FROM (\w+)/.exec(sql) ?? [];
	if (table === undefined) return 0;
	return (await env.DB.prepare(`SELECT COUNT(*) AS n FROM pragma_index_list('${table}')`).first<number>("n")) ?? 0;
}

/** Orgs that keep thirty days, each with an engine; all but the last have one old session without a message. */
async function manyOrgs(number: number, more: D1PreparedStatement[]): Promise<void> {
	const numbers = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT ?1)";
	const each = (sql: string, ...values: unknown[]) => env.DB.prepare(`${numbers} ${sql}`).bind(number, ...values);
	await env.DB.batch([
		each("INSERT INTO orgs (id, name, slug) SELECT 'org_n' || n, 'n', 'n' || n FROM n"),
		each(
			"INSERT INTO portal_sites (id, org_id, site_key, name) SELECT 'site_n' || n, 'org_n' || n, 'sk_n_live_abc' || n, 'n' FROM n",
		),
		each("INSERT INTO org_config (org_id, retention_days) SELECT 'org_n' || n, 30 FROM n"),
		each(
			`INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at)
			SELECT 'only' || n, 'org_n' || n, 'site_n' || n, 'v', ?2, ?2 FROM n WHERE n < ?1`,
			ago(40),
		),
		...more,
	]);
}

describe("a fault", () => {
	it("of one org is logged and stops no other", async () => {
		await env.DB.batch([
			keepFor("org_chadis", 30),
			keepFor("org_pannu_dental", 30),
			...manySessions(300, ago(40)),
			...manySessions(300, ago(40), { prefix: "pannu", ...PANNU }),
			env.DB.prepare(
				"CREATE TRIGGER boom BEFORE DELETE ON chat_messages WHEN OLD.org_id = 'org_chadis' BEGIN SELECT RAISE(ABORT, 'boom: user@example.com'); END",
			),
		]);
		expect(await runDaily()).toEqual([
			{ level: "error", event: "retention_failed", org_id: "org_chadis", reason: "CONSTRAINT" },
			summary({ orgs: 2, steps: AGED_STEPS + 1 + 8, waiting: 1, failed: 1, sessions: 300, messages: 600 }),
		]);
		expect(await count("chat_sessions WHERE org_id = 'org_chadis'")).toBe(300);
		expect(await count("chat_messages WHERE org_id = 'org_chadis'")).toBe(600);
	});

	it("of the records that age by themselves leaves the orgs their turn", async () => {
		await env.DB.batch([
			keepFor("org_chadis", 30),
			...session("old", ago(31)),
			env.DB.prepare("DROP TABLE legacy_usage"),
		]);
		expect(await runDaily()).toEqual([
			{ level: "error", event: "retention_failed", reason: "no such table" },
			summary({ orgs: 1, steps: AGED_STEPS + 1, waiting: 1, failed: 1, sessions: 1, messages: 2 }),
		]);
	});

	it("of the whole database is logged, and the run ends", async () => {
		const db = beforeBatches(() =>
			Promise.reject(new Error("D1_ERROR: D1 DB is overloaded. Too many requests queued.")),
		);
		const lines = await runDaily(db);
		const failed = { level: "error", event: "retention_failed", reason: "overloaded" };
		expect(lines).toEqual([
			...Array(AGED_STEPS + 2).fill(failed),
			summary({ waiting: AGED_STEPS + 2, failed: AGED_STEPS + 2, db_bytes: undefined }),
			{ level: "error", event: "knowledge_not_indexed", reason: "overloaded" },
			{ level: "error", event: "counters_not_compared", reason: "overloaded" },
			{ level: "error", event: "run_not_noted", worker: "koby-portal", cron: "17 3 * * *", reason: "overloaded" },
		]);
	});
});
