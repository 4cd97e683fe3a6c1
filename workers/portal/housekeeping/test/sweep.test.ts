import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SWEEP_CRON } from "../../../lib/site/sweep/sweep-cron.ts";
import { resetDatabase } from "../../../lib/test/database.ts";
import worker from "../../index.ts";

beforeEach(() => resetDatabase(env.DB));
afterEach(() => vi.restoreAllMocks());

const NOW = Date.parse("2026-03-10T12:00:00.000Z");

/** Runs the worker as the toml's five minutes do, and gives the log's lines. */
async function runSweep(DB: D1Database = env.DB): Promise<unknown[]> {
	const lines: unknown[] = [];
	const keep = (line: unknown) => void lines.push(JSON.parse(String(line)));
	for (const level of ["log", "warn", "error"] as const) vi.spyOn(console, level).mockImplementation(keep);
	const controller = createScheduledController({ scheduledTime: NOW, cron: SWEEP_CRON });
	await worker.scheduled(controller, { ...env, DB });
	vi.restoreAllMocks();
	return lines;
}

/** Turns that ended long ago, by a worker that died: each with its reservation and, in chat, its messages. */
async function seed(count: number, expiresAt: string): Promise<void> {
	await env.DB.batch([
		env.DB.prepare(
			`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
			INSERT INTO turns (id, kind, org_id, site_id, date, messages, voice_characters, begun_at, expires_at)
			SELECT ?2 || i, IIF(i % 2, 'chat', 'speech'), 'org_chadis', 'site_chadis', '2026-03-10', i % 2, 10 * (1 - i % 2), ?2, ?2 FROM n`,
		).bind(count, expiresAt),
	]);
}

const usage = () => env.DB.prepare("SELECT messages, voice_characters FROM usage_daily").first();

describe("the run every five minutes", () => {
	it("settles every turn whose time is over, however many, and none before", async () => {
		await seed(250, "2026-03-10T11:59:59.999Z");
		await seed(3, "2026-03-10T12:00:00.001Z");
		expect(await usage()).toEqual({ messages: 127, voice_characters: 1260 });
		expect(await runSweep()).toEqual([expect.objectContaining({ level: "warn", event: "turns_settled", turns: 250 })]);
		expect(await usage()).toEqual({ messages: 2, voice_characters: 10 });
		expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM turns").first("n")).toBe(3);
		expect(await env.DB.prepare("SELECT errors FROM metrics_daily").first("errors")).toBe(250);
		expect(await runSweep()).toEqual([]);
	});

	it("deletes notes of what is booked without a word", async () => {
		await env.DB.prepare(
			"INSERT INTO turns (id, kind, org_id, site_id, date, begun_at, expires_at) VALUES ('n', 'note', 'org_chadis', 'site_chadis', '2026-03-10', '', '')",
		).run();
		expect(await runSweep()).toEqual([]);
		expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM turns").first("n")).toBe(0);
		expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM metrics_daily").first("n")).toBe(0);
	});

	it("says in a line for each part of it that the database does not answer, and the next run goes on", async () => {
		await seed(2, "2026-03-10T11:00:00.000Z");
		const broken = new Proxy(env.DB, {
			get: (target, name) =>
				name === "batch"
					? () => Promise.reject(new Error("D1_ERROR: D1 DB is overloaded."))
					: Reflect.get(target, name).bind(target),
		});
		const events = [
			"turns_not_settled",
			"erasures_not_finished",
			"client_not_erased",
			"conversations_not_indexed",
			"retention_failed",
			"counters_not_compared",
			"run_not_noted",
		];
		const lines = events.map((event) => expect.objectContaining({ level: "error", event, reason: "overloaded" }));
		expect(await runSweep(broken)).toEqual(lines);
		expect(await runSweep()).toEqual([expect.objectContaining({ event: "turns_settled", turns: 2 })]);
	});
});
