import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../test/database.ts";
import { compareOrg, mendDifferences } from "../compare.ts";
import type { Compared, Comparison } from "../compare.ts";
import type { Store } from "../store.ts";

const DATE = "2026-03-10";
const NOW = Date.parse("2026-03-12T03:17:00.000Z");
const ORG = "org_chadis";
const SITE = "site_chadis";
const AT = `${DATE}T12:00:00.000Z`;

const store: Store = {
	db: env.DB,
	run: async (statements) => (await env.DB.batch<Record<string, unknown>>(statements)).map(({ results }) => results),
};

async function run(...sql: string[]): Promise<void> {
	await env.DB.batch(sql.map((text) => env.DB.prepare(text)));
}

function compare(changes: Partial<Comparison> = {}): Promise<Compared> {
	return compareOrg(store, { orgId: ORG, dates: [DATE], windowDays: undefined, now: NOW, ...changes });
}

/** What differs, in a form to be looked at: counter, of what, counted and rows. */
async function differing(changes?: Partial<Comparison>): Promise<string[]> {
	const { differences } = await compare(changes);
	return differences.map(({ counter, id, counted, rows, isCertain }) => {
		return `${counter} ${id} ${counted} ${rows}${isCertain ? "" : " uncertain"}`.replace("  ", " ");
	});
}

async function mended(changes?: Partial<Comparison>): Promise<string[]> {
	const { differences } = await compare(changes);
	return (await mendDifferences(store, differences)).map(({ counter }) => counter);
}

/** A turn that was answered, and its counters. */
const ROWS = [
	`INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at, last_active_date, message_count, rating_up)
		VALUES ('s', '${ORG}', '${SITE}', 'v', '${AT}', '${AT}', '${DATE}', 4, 0)`,
	`INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at) VALUES ('q1', '${ORG}', 's', 'user', 'Q', '${AT}')`,
	`INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at, finish, input_tokens, output_tokens, cost_usd_micros,
		latency_ms, is_unanswered, rating) VALUES ('a1', '${ORG}', 's', 'assistant', 'A', '${AT}', 'stop', 100, 20, 7, 250, 1, 'up')`,
	`INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at) VALUES ('q2', '${ORG}', 's', 'user', 'Q', '${AT}')`,
	`INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at, finish, input_tokens, output_tokens, cost_usd_micros,
		latency_ms) VALUES ('a2', '${ORG}', 's', 'assistant', 'A', '${AT}', 'curated', 0, 0, 0, 5)`,
	`INSERT INTO voice_sessions (id, org_id, site_id, agent_id, conversation_id, status, opened_at, expires_at)
		VALUES ('v1', '${ORG}', '${SITE}', 'agent', 'c1', 'open', '${AT}', '${AT}')`,
	"UPDATE voice_sessions SET status = 'closed', duration_seconds = 0",
	`INSERT INTO leads (id, org_id, site_id, session_id, email, created_at) VALUES ('l', '${ORG}', '${SITE}', 's', 'a@b.example', '${AT}')`,
];
const COUNTERS = [
	`INSERT INTO metrics_daily (org_id, date, site_id, sessions, messages, visitors, curated, unanswered, feedback_up, leads, input_tokens,
		output_tokens, cost_usd_micros, voice_sessions, latency_sum_ms, latency_b00, latency_b02)
		VALUES ('${ORG}', '${DATE}', '${SITE}', 1, 2, 1, 1, 1, 1, 1, 100, 20, 7, 1, 255, 1, 1)`,
	`INSERT INTO usage_daily (org_id, date, messages, cost_usd_micros) VALUES ('${ORG}', '${DATE}', 2, 9)`,
];

beforeEach(async () => {
	await resetDatabase(env.DB);
	await run(...ROWS, ...COUNTERS);
});

describe("counters that are what their rows say", () => {
	it("differ in nothing, with a window and without", async () => {
		expect(await differing()).toEqual([]);
		expect(await differing({ windowDays: 30 })).toEqual([]);
	});

	it("may say more where answers by rule, clips and failures count as well, which leave no rows", async () => {
		await run(
			"UPDATE metrics_daily SET messages = 5, curated = 4, cache_hits = 9, errors = 2, latency_sum_ms = 900, latency_b09 = 3, cost_usd_micros = 50",
		);
		expect(await differing()).toEqual([]);
	});
});

describe("counters that say less than their rows", () => {
	it("are told and put right, every one of them", async () => {
		await run("DELETE FROM metrics_daily", "DELETE FROM usage_daily", "DELETE FROM usage_monthly");
		expect(await differing()).toEqual([
			...["messages", "visitors", "curated", "unanswered", "feedback_up"].map(
				(of) => `metrics_daily.${of} ${SITE} 0 1`,
			),
			...["input_tokens 0 100", "output_tokens 0 20", "cost_usd_micros 0 7", "latency_sum_ms 0 255"].map(
				(of) => `metrics_daily.${of.replace(" ", ` ${SITE} `)}`,
			),
			...["latency_b00", "latency_b02", "sessions", "leads", "voice_sessions"].map(
				(of) => `metrics_daily.${of} ${SITE} 0 1`,
			),
			"usage_daily.messages 0 2",
		]);
		await mended({ windowDays: 30 });
		expect(await differing()).toEqual([]);
		const counted = await env.DB.prepare("SELECT messages, curated FROM metrics_daily").first();
		expect(counted).toEqual({ messages: 2, curated: 1 });
		expect(await env.DB.prepare("SELECT messages FROM usage_monthly").first()).toEqual({ messages: 2 });
	});

	it("are left as they are where they have moved since they were read", async () => {
		await run("UPDATE metrics_daily SET input_tokens = 40");
		const { differences } = await compare();
		await run("UPDATE metrics_daily SET input_tokens = 140");
		expect(await mendDifferences(store, differences)).toEqual([]);
		expect(await env.DB.prepare("SELECT input_tokens FROM metrics_daily").first()).toEqual({ input_tokens: 140 });
	});
});

describe("counters that say more than their rows", () => {
	const MORE = ["UPDATE metrics_daily SET input_tokens = 150, leads = 2", "UPDATE usage_daily SET messages = 3"];
	const TOLD = [
		`metrics_daily.input_tokens ${SITE} 150 100`,
		`metrics_daily.leads ${SITE} 2 1`,
		"usage_daily.messages 3 2",
	];

	it("are put right where all rows were looked at", async () => {
		await run(...MORE);
		expect(await differing()).toEqual(TOLD);
		await mended();
		expect(await differing()).toEqual([]);
	});

	it("are only told by a run that looks at a window", async () => {
		await run(...MORE);
		expect(await differing({ windowDays: 30 })).toEqual(TOLD.map((line) => `${line} uncertain`));
		expect(await mended({ windowDays: 30 })).toEqual([]);
	});

	it.each([
		[
			"something was erased since",
			`INSERT INTO erasures (id, at, kind, org_id, user_id) VALUES ('e', '2026-03-11', 'lead', '${ORG}', 'u')`,
		],
		["its conversations are past their period", `UPDATE org_config SET retention_days = 7 WHERE org_id = '${ORG}'`],
		[
			"a turn of the day is under way",
			`INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at, finish)
				VALUES ('q3', '${ORG}', 's', 'user', 'Q', '${AT}', NULL), ('a3', '${ORG}', 's', 'assistant', '', '${AT}', 'pending')`,
		],
	])("say nothing where %s", async (_, sql) => {
		await run(...MORE, sql);
		const isOld = sql.includes("retention_days");
		const told = await differing(isOld ? { now: NOW + 10 * 86_400_000 } : {});
		expect(told.filter((line) => !line.startsWith("chat_sessions"))).toEqual([]);
	});

	it("of characters are told, and which of two counters is right nobody knows", async () => {
		await run("UPDATE metrics_daily SET voice_characters = 9", "UPDATE usage_daily SET voice_characters = 8");
		expect(await differing()).toEqual(["usage_daily.voice_characters 8 9 uncertain"]);
		expect(await mended()).toEqual([]);
	});
});

describe("counters of no day", () => {
	it.each([
		["UPDATE chat_sessions SET message_count = 7", "chat_sessions.message_count s 7 4"],
		[
			"UPDATE chat_sessions SET rating_up = 0, rating_down = 2",
			"chat_sessions.rating_up s 0 1,chat_sessions.rating_down s 2 0",
		],
		["DELETE FROM visitors", "visitors s 0 1"],
		["UPDATE orgs SET knowledge_bytes = 4", "orgs.knowledge_bytes 4 0"],
		["UPDATE orgs SET knowledge_vectors = 4", "orgs.knowledge_vectors 4 0"],
		["UPDATE orgs SET knowledge_passages = 4", "orgs.knowledge_passages 4 0"],
		[`INSERT INTO knowledge_term_counts VALUES ('${ORG}', 'refund', 4)`, "knowledge_term_counts.passages refund 4 0"],
		["UPDATE usage_monthly SET messages = 0", "usage_monthly.messages 2026-03 0 2 uncertain"],
	])("are told and, where that is certain, put right: %s", async (sql, told) => {
		// Of today, so that nothing is past its period.
		await run("UPDATE chat_sessions SET last_message_at = '2999-01-01'", ...sql.split(";"));
		const all = await compare();
		const texts = all.differences.map(({ counter, id, counted, rows, isCertain }) =>
			`${counter} ${id} ${counted} ${rows}${isCertain ? "" : " uncertain"}`.replace("  ", " "),
		);
		expect(texts.join()).toBe(told);
		await mendDifferences(store, all.differences);
		expect(await differing()).toEqual(told.endsWith("uncertain") ? [told] : []);
	});

	it("of workflows are put right by their runs", async () => {
		await run(
			`INSERT INTO workflows (id, org_id, name) VALUES ('w', '${ORG}', 'W')`,
			`INSERT INTO workflow_runs (id, org_id, workflow_id, status, started_at) VALUES ('r', '${ORG}', 'w', 'success', '${AT}')`,
			"UPDATE workflow_daily SET runs = 5, failures = 1",
		);
		expect(await differing()).toEqual([`workflow_daily.runs ${DATE} w 5 1`, `workflow_daily.failures ${DATE} w 1 0`]);
		await mended();
		expect(await differing()).toEqual([]);
	});
});

describe("the statements of a comparison", () => {
	it("find every stored row by an index", async () => {
		const prepared: string[] = [];
		const db = new Proxy(env.DB, {
			get: (target, name) =>
				name === "prepare"
					? (sql: string) => {
							prepared.push(sql);
							return target.prepare(sql);
						}
					: Reflect.get(target, name),
		});
		await compareOrg({ db, run: store.run }, { orgId: ORG, dates: [DATE], windowDays: 30, now: NOW });
		expect(prepared.length).toBeGreaterThan(15);
		for (const sql of prepared) {
			const parameters = Math.max(...Array.from(sql.matchAll(/\?(\d+)/g), ([, number]) => Number(number)));
			const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
				.bind(...Array(parameters).fill(null))
				.all<{ detail: string }>();
			// What a statement has made itself.
			const scans = results
				.map(({ detail }) => detail)
				.filter((detail) => /^SCAN (?!asked\b|listed\b|\(subquery)/.test(detail));
			expect(scans, sql).toEqual([]);
		}
	});
});
