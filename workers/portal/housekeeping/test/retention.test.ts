import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { skipPauses } from "../../../lib/test/pauses.ts";
import { checksum } from "../../test/checksum.ts";
import { NOW } from "../../test/portal.ts";
import { AGED_STEPS, REST_MS, ago, count, ids, keepFor, runDaily, session, summary } from "./retention-seed.ts";

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	skipPauses([REST_MS]);
	await resetDatabase(env.DB);
});

afterEach(() => vi.restoreAllMocks());

const PANNU = { orgId: "org_pannu_dental", siteId: "site_pannu_dental" };

function lead(
	id: string,
	createdAt: string,
	{ orgId, siteId } = { orgId: "org_chadis", siteId: "site_chadis" },
): D1PreparedStatement {
	return env.DB.prepare(
		"INSERT INTO leads (id, org_id, site_id, session_id, email, created_at) VALUES (?1, ?2, ?3, ?1, 'a@example.com', ?4)",
	).bind(id, orgId, siteId, createdAt);
}

function question(
	slot: number,
	lastAskedAt: string,
	{ orgId, siteId } = { orgId: "org_chadis", siteId: "site_chadis" },
): D1PreparedStatement {
	return env.DB.prepare(
		"INSERT INTO question_stats (org_id, site_id, slot, question, last_asked_at) VALUES (?1, ?2, ?3, 'q' || ?3, ?4)",
	).bind(orgId, siteId, slot, lastAskedAt);
}

function voiceSession(
	id: string,
	openedAt: string,
	{ orgId, siteId } = { orgId: "org_chadis", siteId: "site_chadis" },
): D1PreparedStatement {
	return env.DB.prepare(
		"INSERT INTO voice_sessions (id, org_id, site_id, agent_id, opened_at, expires_at) VALUES (?1, ?2, ?3, 'agent', ?4, ?4)",
	).bind(id, orgId, siteId, openedAt);
}

/** Of all that the run does not keep for itself. */
async function checksumOfOthers(): Promise<string> {
	const own = ["retention_state", "reconciliation_state", "database_sizes", "cron_runs"];
	await env.DB.batch(own.map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
	return checksum(env.DB);
}

describe("the daily run", () => {
	it("erases what an org no longer keeps, to the millisecond, and logs one line", async () => {
		await env.DB.batch([
			keepFor("org_chadis", 90),
			...session("a-at-the-edge", ago(90)),
			...session("b-just-older", ago(90, 1), { messages: 3 }),
			...session("c-began-long-ago", ago(90), { startedAt: ago(400) }),
			...session("d-began-and-ended-long-ago", ago(200), { startedAt: ago(400) }),
			...session("e-new", ago(0)),
			lead("a-at-the-edge", ago(90)),
			lead("b-just-older", ago(90, 1)),
			question(1, ago(90)),
			question(2, ago(90, 1)),
			voiceSession("a-at-the-edge", ago(90)),
			voiceSession("b-just-older", ago(98, 1)),
		]);
		expect(await runDaily()).toEqual([
			summary({ orgs: 1, steps: AGED_STEPS + 4, sessions: 2, messages: 5, leads: 1, questions: 1, voice_sessions: 1 }),
		]);
		expect(await ids("chat_sessions")).toEqual(["a-at-the-edge", "c-began-long-ago", "e-new"]);
		expect(await ids("chat_messages")).toEqual([
			"a-at-the-edge-1",
			"a-at-the-edge-2",
			"c-began-long-ago-1",
			"c-began-long-ago-2",
			"e-new-1",
			"e-new-2",
		]);
		expect(await ids("leads")).toEqual(["a-at-the-edge"]);
		expect(await ids("voice_sessions")).toEqual(["a-at-the-edge"]);
		expect(await count("question_stats WHERE slot = 1")).toBe(1);
		expect(await count("question_stats")).toBe(1);
	});

	it("keeps everything of an org that keeps it for good, and each org by its own days", async () => {
		await env.DB.batch([
			env.DB.prepare("INSERT INTO orgs (id, name, slug) VALUES ('org_third', 'Third', 'third')"),
			env.DB.prepare(
				"INSERT INTO portal_sites (id, org_id, site_key, name) VALUES ('site_third', 'org_third', 'sk_third_live_abc', 'Third')",
			),
			keepFor("org_chadis", 30),
			keepFor("org_pannu_dental", 3650),
			keepFor("org_third", 0),
			...["org_chadis", "org_pannu_dental", "org_third"].flatMap((orgId) => {
				const owner = { orgId, siteId: orgId.replace("org_", "site_") };
				return [
					...session(`${orgId}-young`, ago(29), owner),
					...session(`${orgId}-old`, ago(3649), owner),
					lead(`${orgId}-old`, ago(3649), owner),
					question(1, ago(3649), owner),
				];
			}),
			...session("pannu-ancient", ago(3651), PANNU),
		]);
		await runDaily();
		expect(await ids("chat_sessions")).toEqual([
			"org_chadis-young",
			"org_pannu_dental-old",
			"org_pannu_dental-young",
			"org_third-old",
			"org_third-young",
		]);
		expect(await ids("leads")).toEqual(["org_pannu_dental-old", "org_third-old"]);
		expect(await count("question_stats")).toBe(2);
		expect(await count("chat_messages")).toBe(10);
	});

	it("erases no number, no record of who did what and no setting", async () => {
		const metrics = env.DB.prepare(
			"INSERT INTO metrics_daily (org_id, date, site_id, sessions, messages, voice_seconds) VALUES ('org_chadis', ?1, 'site_chadis', 1, 2, 3)",
		);
		const usage = env.DB.prepare(
			"INSERT INTO usage_daily (org_id, date, messages, voice_characters) VALUES ('org_chadis', ?1, 5, 7)",
		);
		await env.DB.batch([
			keepFor("org_chadis", 30),
			...["2025-01-31", "2026-01-31"].flatMap((date) => [metrics.bind(date), usage.bind(date)]),
			env.DB.prepare(
				"INSERT INTO audit_log (org_id, at, user_id, acting_as, action) VALUES ('org_chadis', ?1, 'u', 'admin', 'x')",
			).bind(ago(700)),
		]);
		const before = await checksum(env.DB);
		await env.DB.batch(session("old", ago(31)));
		expect(await runDaily()).toEqual([summary({ orgs: 1, steps: AGED_STEPS + 1, sessions: 1, messages: 2 })]);
		expect(await checksumOfOthers()).toBe(before);
	});

	it("writes only how it went, and logs its line, when there is nothing to erase", async () => {
		await env.DB.batch([
			keepFor("org_chadis", 30),
			keepFor("org_pannu_dental", 0),
			...session("new", ago(30)),
			...session("other", ago(500), PANNU),
		]);
		const before = await checksum(env.DB);
		expect(await runDaily()).toEqual([summary({})]);
		expect(await checksumOfOthers()).toBe(before);
	});

	it("counts the days from when it was due", async () => {
		await env.DB.batch([keepFor("org_chadis", 30), ...session("edge", ago(30))]);
		expect(await runDaily(env.DB, NOW)).toEqual([summary({})]);
		expect(await runDaily(env.DB, NOW + 1)).toEqual([
			summary({ orgs: 1, steps: AGED_STEPS + 1, sessions: 1, messages: 2 }),
		]);
	});

	it("erases records that have aged, whoever's they are", async () => {
		const event = env.DB.prepare(
			"INSERT INTO stripe_events (id, type, created_at, processed_at) VALUES (?1, 'x', ?2, ?2)",
		);
		const legacy = env.DB.prepare("INSERT INTO legacy_usage (date, worker, requests) VALUES (?1, ?2, 1)");
		await env.DB.batch([
			keepFor("org_pannu_dental", 0),
			event.bind("evt_a_edge", ago(60)),
			event.bind("evt_b_older", ago(60, 1)),
			legacy.bind("2026-06-21", "chat"),
			legacy.bind("2026-06-20", "chat"),
			legacy.bind("2026-06-20", "voice"),
			voiceSession("a-edge", ago(400), PANNU),
			voiceSession("b-older", ago(400, 1), PANNU),
		]);
		expect(await runDaily()).toEqual([summary({ stripe_events: 1, legacy_days: 2, voice_sessions: 1 })]);
		expect(await ids("stripe_events")).toEqual(["evt_a_edge"]);
		expect(await ids("voice_sessions")).toEqual(["a-edge"]);
		expect(await count("legacy_usage WHERE date = '2026-06-21'")).toBe(1);
	});
});
