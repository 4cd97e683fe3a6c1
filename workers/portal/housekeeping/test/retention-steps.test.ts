import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { NOW } from "../../test/portal.ts";
import { DAY, ago, count, ids, keepFor, manySessions, runDaily, session, summary } from "./retention-seed.ts";

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
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
	it("take at most 200 sessions and 2,000 messages each, until nothing is left", async () => {
		await env.DB.batch([
			keepFor("org_chadis", 30),
			...session("long", ago(50), { messages: 4500 }),
			...manySessions(450, ago(40)),
			...session("new", ago(1)),
		]);
		const left: number[][] = [];
		const db = beforeBatches(async () => left.push([await count("chat_messages"), await count("chat_sessions")]));
		expect(await runDaily(db)).toEqual([summary({ orgs: 1, steps: 5, sessions: 451, messages: 5400 })]);
		// The records that age by themselves, the list of orgs, and then the steps; the knowledge comes last.
		expect(left.slice(2, -1)).toEqual([
			[5402, 452],
			[3402, 452],
			[1402, 452],
			[504, 252],
			[104, 52],
		]);
		expect(await ids("chat_sessions")).toEqual(["new"]);
	});

	it("end after ten minutes, each org having had its turn, and the next run goes on", async () => {
		await env.DB.batch([
			keepFor("org_chadis", 30),
			keepFor("org_pannu_dental", 30),
			...manySessions(500, ago(40)),
			...manySessions(500, ago(40), { prefix: "pannu", ...PANNU }),
		]);
		const slow = beforeBatches((batch) => (batch > 2 ? vi.setSystemTime(NOW + (batch - 2) * 5 * 60_000) : undefined));
		expect(await runDaily(slow)).toEqual([summary({ orgs: 2, steps: 2, waiting: 2, sessions: 400, messages: 800 })]);
		expect([
			await count("chat_sessions WHERE org_id = 'org_chadis'"),
			await count("chat_sessions WHERE org_id <> 'org_chadis'"),
		]).toEqual([300, 300]);
		expect(await runDaily()).toEqual([summary({ orgs: 2, steps: 4, sessions: 600, messages: 1200 })]);
		expect([await count("chat_sessions"), await count("chat_messages")]).toEqual([0, 0]);
	});

	it("are 150 at most, and the next run goes on", async () => {
		await manyOrgs(150, manySessions(201, ago(40), { orgId: "org_n150", siteId: "site_n150" }));
		expect(await runDaily()).toEqual([summary({ orgs: 150, steps: 150, waiting: 1, sessions: 349, messages: 400 })]);
		expect(await runDaily(env.DB, NOW + DAY)).toEqual([summary({ orgs: 1, steps: 1, sessions: 1, messages: 2 })]);
	});

	it("reach 150 orgs, and the next run the others", async () => {
		await manyOrgs(160, manySessions(1, ago(40), { orgId: "org_n160", siteId: "site_n160", messages: 0 }));
		expect(await runDaily()).toEqual([summary({ orgs: 150, steps: 150, sessions: 150 })]);
		expect(await runDaily()).toEqual([summary({ orgs: 10, steps: 10, sessions: 10 })]);
	});
});

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
			summary({ orgs: 2, steps: 3, failed: 1, sessions: 300, messages: 600 }),
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
			summary({ orgs: 1, steps: 1, failed: 1, sessions: 1, messages: 2 }),
		]);
	});

	it("of the whole database is logged, and the run ends", async () => {
		const db = beforeBatches(() =>
			Promise.reject(new Error("D1_ERROR: D1 DB is overloaded. Too many requests queued.")),
		);
		expect(await runDaily(db)).toEqual([
			{ level: "error", event: "retention_failed", reason: "overloaded" },
			{ level: "error", event: "retention_failed", reason: "overloaded" },
			summary({ failed: 2 }),
			{ level: "error", event: "knowledge_not_indexed", reason: "overloaded" },
		]);
	});
});

describe("the run's statements", () => {
	it("find every row by an index", async () => {
		await env.DB.batch([keepFor("org_chadis", 30), ...session("old", ago(31))]);
		const prepared: string[] = [];
		const db = new Proxy(env.DB, {
			get(target, name) {
				if (name === "batch") return (statements: D1PreparedStatement[]) => target.batch(statements);
				return (sql: string) => {
					prepared.push(sql);
					return target.prepare(sql);
				};
			},
		});
		await runDaily(db);
		expect(prepared).toHaveLength(10);
		for (const sql of prepared) {
			const parameters = new Set(sql.match(/\?\d+/g)).size;
			const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
				.bind(...Array(parameters).fill(null))
				.all<{ detail: string }>();
			const scans = results
				.map(({ detail }) => detail)
				.filter((detail) =>
					/^SCAN (?!listed\b|org_config USING COVERING INDEX org_config_with_retention|knowledge USING INDEX knowledge_unsearchable)/.test(
						detail,
					),
				);
			expect(scans, sql).toEqual([]);
		}
	});
});
