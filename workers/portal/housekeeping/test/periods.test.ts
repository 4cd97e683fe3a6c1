/// <reference path="./markdown.d.ts" />
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import guide from "../../../docs/privacy.md?raw";
import { resetDatabase } from "../../../lib/test/database.ts";
import { skipPauses } from "../../../lib/test/pauses.ts";
import { NOW } from "../../test/portal.ts";
import { seedAged } from "./aged-seed.ts";
import { DAY, REST_MS, ago, count, keepFor, runDaily } from "./retention-seed.ts";

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	skipPauses([REST_MS]);
	await resetDatabase(env.DB);
});

/** The rows of the privacy guide's table of periods, by table of the database. */
function periods(): Map<string, string> {
	const [, section = ""] = guide.split("## What is kept, and how long");
	const [text = ""] = section.split("\n## ");
	const lines = text.split("\n").filter((line) => line.startsWith("| `"));
	return new Map(
		lines.flatMap((line) => {
			const [, tables = "", period = ""] = line.split("|");
			return [...tables.matchAll(/`(\w+)`/g)].map(([, table = ""]): [string, string] => [table, period.trim()]);
		}),
	);
}

async function tables(): Promise<string[]> {
	const { results } = await env.DB.prepare(
		"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' ORDER BY name",
	).all<{ name: string }>();
	return results.map(({ name }) => name);
}

const GROWING = [
	"audit_log",
	"booking_notes",
	"chat_messages",
	"chat_sessions",
	"config_versions",
	"database_sizes",
	"erasure_tokens",
	"erasures",
	"golden_results",
	"golden_runs",
	"golden_usage",
	"leads",
	"legacy_usage",
	"metrics_daily",
	"question_stats",
	"safety_daily",
	"session_index",
	"session_terms",
	"stripe_events",
	"swept_turns",
	"usage_clients",
	"usage_daily",
	"usage_deployment",
	"usage_monthly",
	"visitors",
	"voice_sessions",
	"workflow_daily",
	"workflow_runs",
];

describe("the privacy guide's table of periods", () => {
	it("names every table of the schema, and none besides", async () => {
		expect([...periods().keys()].sort()).toEqual(await tables());
	});

	it("gives a period in days to every table that the daily run trims", () => {
		const stated = [...periods()].filter(([, period]) => /`retention_days`|days/.test(period)).map(([table]) => table);
		expect(stated.sort()).toEqual([...GROWING, "turns"].sort());
	});
});

describe("the daily run", () => {
	it("leaves nothing past its period in any table that grows, but a workflow's last run and the configuration in force", async () => {
		await seedAged(env.DB, 30);
		for (const table of GROWING) expect(await count(table), table).toBeGreaterThanOrEqual(30);
		await runDaily();
		const left: Record<string, number> = {};
		for (const table of GROWING) left[table] = await count(table);
		const nothing = Object.fromEntries(GROWING.map((table) => [table, 0]));
		// The size of today is kept, and what was under way in the erased sessions is given back.
		expect(left).toEqual({
			...nothing,
			workflow_runs: 1,
			// The versions that the two sample customers began with, and the one that sets the period here.
			config_versions: 3,
			database_sizes: 1,
			usage_daily: 1,
			usage_monthly: 1,
		});
		expect(await env.DB.prepare("SELECT last_run_at FROM workflows").first("last_run_at")).toBe(ago(1400));
		expect(await env.DB.prepare("SELECT SUM(messages) AS n FROM usage_monthly").first("n")).toBe(0);
	});

	it("keeps a month of use whole or not at all", async () => {
		// 800 days before the run is the 12th of June 2024.
		const use = env.DB.prepare("INSERT INTO usage_daily (org_id, date, messages) VALUES ('org_chadis', ?1, 3)");
		const days = ["2024-05-01", "2024-05-31", "2024-06-01", "2024-06-30"];
		await env.DB.batch([keepFor("org_chadis", 0), ...days.map((day) => use.bind(day))]);
		await runDaily();
		const { results } = await env.DB.prepare("SELECT month, messages FROM usage_monthly").all();
		expect(results).toEqual([{ month: "2024-06", messages: 6 }]);
		expect(await count("usage_daily")).toBe(2);
	});

	it("keeps for 90 days where nothing is set, with a configuration or without, and for good where it is 0", async () => {
		await env.DB.batch([
			env.DB.prepare("DELETE FROM org_config WHERE org_id = 'org_pannu_dental'"),
			env.DB.prepare("INSERT INTO orgs (id, name, slug) VALUES ('org_kept', 'Kept', 'kept')"),
			env.DB.prepare(
				"INSERT INTO portal_sites (id, org_id, site_key, name) VALUES ('site_kept', 'org_kept', 'sk_kept_live_abc123', 'K')",
			),
			keepFor("org_kept", 0),
			...["chadis", "pannu_dental", "kept"].flatMap((org) =>
				[89, 91].map((age) =>
					env.DB.prepare(
						"INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at) VALUES (?1, ?2, ?3, 'v', ?4, ?4)",
					).bind(`${org}-${age}`, `org_${org}`, `site_${org}`, ago(age)),
				),
			),
		]);
		await runDaily();
		const { results } = await env.DB.prepare("SELECT id FROM chat_sessions ORDER BY id").all<{ id: string }>();
		expect(results.map(({ id }) => id)).toEqual(["chadis-89", "kept-89", "kept-91", "pannu_dental-89"]);
	});
});

describe("the size in the daily line", () => {
	const keep = (day: string, bytes: number) =>
		env.DB.prepare("INSERT INTO database_sizes (date, bytes) VALUES (?1, ?2)").bind(day, bytes);

	it("comes with the days until 10 GB, as the database has grown in thirty days, and a warning below sixty", async () => {
		const [first] = await runDaily();
		expect(first).toMatchObject({ days_left: null, db_bytes: expect.any(Number) });
		const bytes = Number(first?.db_bytes);
		await env.DB.batch([keep("2026-08-10", bytes - 10 * 1000), keep("2026-07-01", 1)]);
		const [line, ...more] = await runDaily();
		const left = Math.floor(
			(10_000_000_000 - Number(line?.db_bytes)) / ((Number(line?.db_bytes) - bytes + 10_000) / 10),
		);
		expect(line).toMatchObject({ days_left: left });
		expect(more).toEqual([]);
	});

	it("warns of a database that will be full within sixty days", async () => {
		await env.DB.batch([keep("2026-08-19", -200_000_000)]);
		const [line, warning] = await runDaily();
		expect(line?.days_left).toBeLessThan(60);
		expect(warning).toEqual({
			level: "warn",
			event: "database_filling",
			db_bytes: line?.db_bytes,
			days_left: line?.days_left,
		});
	});

	it("has no days left of one that does not grow", async () => {
		await env.DB.batch([keep("2026-08-19", 9_000_000_000)]);
		expect(await runDaily()).toMatchObject([{ days_left: null }]);
		expect(await count("database_sizes")).toBe(2);
		await runDaily(env.DB, NOW + 401 * DAY);
		expect(await count("database_sizes")).toBe(1);
	});
});
