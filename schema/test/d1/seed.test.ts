import { beforeEach, describe, expect, it } from "vitest";
import schema from "../../portal-schema.sql?raw";
import { resetDatabase } from "../../../workers/lib/test/database.ts";
import { apply, db, dumpDatabase, rows } from "./database.ts";

beforeEach(() => resetDatabase(db));

describe("a fresh database", () => {
	it("has the three plans", async () => {
		expect(
			await rows("SELECT id, monthly_messages, monthly_voice_characters, stripe_lookup_key FROM plans ORDER BY id"),
		).toEqual([
			{
				id: "chatbot",
				monthly_messages: 50_000,
				monthly_voice_characters: 200_000,
				stripe_lookup_key: "chatbot_monthly",
			},
			{ id: "enterprise", monthly_messages: null, monthly_voice_characters: null, stripe_lookup_key: null },
			{
				id: "voice",
				monthly_messages: 50_000,
				monthly_voice_characters: 1_000_000,
				stripe_lookup_key: "voice_monthly",
			},
		]);
	});

	it("has the two sample customers, an engine and a configuration each", async () => {
		expect(
			await rows(
				`SELECT o.id, o.name, o.slug, o.plan, o.status, o.status_locked, s.id AS site_id, s.site_key, s.type, s.status AS site_status,
					s.environment, s.allowed_origins, c.version, json_array_length(c.suggested_questions) AS suggested
				FROM orgs o JOIN portal_sites s ON s.org_id = o.id JOIN org_config c ON c.org_id = o.id ORDER BY o.id`,
			),
		).toEqual([
			{
				id: "org_chadis",
				name: "CHADIS",
				slug: "chadis",
				plan: "enterprise",
				status: "active",
				status_locked: 0,
				site_id: "site_chadis",
				site_key: "sk_chadis_live_abc123",
				type: "chatbot",
				site_status: "active",
				environment: "live",
				allowed_origins: null,
				version: 1,
				suggested: 3,
			},
			{
				id: "org_pannu_dental",
				name: "Pannu Dental",
				slug: "pannu-dental",
				plan: "chatbot",
				status: "active",
				status_locked: 0,
				site_id: "site_pannu_dental",
				site_key: "sk_pannu_live_def456",
				type: "chatbot",
				site_status: "active",
				environment: "live",
				allowed_origins: null,
				version: 1,
				suggested: 3,
			},
		]);
	});

	it("writes times as text that sorts and reads", async () => {
		expect(
			await rows(
				"SELECT COUNT(*) AS wrong FROM orgs WHERE created_at IS NOT strftime('%Y-%m-%dT%H:%M:%fZ', created_at)",
			),
		).toEqual([{ wrong: 0 }]);
	});
});

describe("the schema, run again", () => {
	it("leaves a seeded database as it is", async () => {
		const before = await dumpDatabase();
		await apply(schema);
		expect(await dumpDatabase()).toEqual(before);
	});

	it("leaves changed plans, changed customers and live rows as they are", async () => {
		await db.batch([
			db.prepare("UPDATE plans SET monthly_messages = 7, name = 'Small' WHERE id = 'chatbot'"),
			db.prepare(
				"UPDATE orgs SET name = 'Renamed', status = 'past_due', clerk_org_id = 'org_2abcDEF' WHERE id = 'org_chadis'",
			),
			db.prepare("UPDATE org_config SET greeting = NULL, suggested_questions = '[]' WHERE org_id = 'org_chadis'"),
			db.prepare(
				"UPDATE portal_sites SET site_key = 'sk_chadis_live_rotated1', previous_key = site_key WHERE id = 'site_chadis'",
			),
			db.prepare(
				"INSERT INTO chat_sessions (id, org_id, site_id, visitor_id) VALUES ('s', 'org_chadis', 'site_chadis', 'v')",
			),
			db.prepare(
				"INSERT INTO chat_messages (id, org_id, session_id, role, content) VALUES ('m', 'org_chadis', 's', 'user', 'Hello')",
			),
			db.prepare(
				"INSERT INTO metrics_daily (org_id, date, site_id, messages) VALUES ('org_chadis', '2026-03-10', 'site_chadis', 4)",
			),
			db.prepare("INSERT INTO usage_daily (org_id, date, messages) VALUES ('org_chadis', '2026-03-10', 4)"),
		]);
		const before = await dumpDatabase();
		await apply(schema);
		expect(await dumpDatabase()).toEqual(before);
	});

	it("brings no sample customer back once there is any customer", async () => {
		await db.batch([
			db.prepare("INSERT INTO orgs (id, name, slug) VALUES ('org_own', 'Own', 'own')"),
			db.prepare("DELETE FROM orgs WHERE id <> 'org_own'"),
		]);
		await apply(schema);
		expect(await rows("SELECT id FROM orgs")).toEqual([{ id: "org_own" }]);
		expect(await rows("SELECT id FROM portal_sites UNION ALL SELECT org_id FROM org_config")).toEqual([]);
		expect(await rows("SELECT DISTINCT seeding FROM schema_version")).toEqual([{ seeding: 0 }]);
	});

	it("makes again what was dropped", async () => {
		const before = await dumpDatabase();
		await db.batch([
			db.prepare("DROP TRIGGER usage_daily_update"),
			db.prepare("DROP INDEX leads_by_org"),
			db.prepare("DROP TABLE legacy_usage"),
		]);
		await apply(schema);
		expect(await dumpDatabase()).toEqual(before);
	});
});
