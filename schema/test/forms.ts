import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { migrations } from "../../workers/local/migrate/migrations.ts";
import type { Database } from "../../workers/local/migrate/migrations.ts";
import { ROOT } from "../../workers/local/root.ts";

export const FRESH = readFileSync(join(ROOT, "schema/portal-schema.sql"), "utf8");
export const FIRST = readFileSync(join(ROOT, "schema/test/early/first-schema.sql"), "utf8");
/** What portal-schema.sql made before there were migrations: the first of them creates the same. */
export const BEFORE_MIGRATIONS = migrations()[0]?.sql ?? "";

/** Rows in every table that the project's first schema had, so that a migration that loses one is seen. */
export const FILL = `
	INSERT INTO orgs (id, name, slug, plan, status, clerk_org_id) VALUES ('org_old', 'Old', 'old', 'chatbot', 'past_due', 'org_2abc');
	INSERT INTO portal_sites (id, org_id, site_key, name) VALUES ('site_old', 'org_old', 'sk_old_live_abc123', 'Old bot');
	INSERT INTO org_config (org_id, greeting) VALUES ('org_old', 'Hi.');
	INSERT INTO team_members (org_id, user_id) VALUES ('org_old', 'user_1');
	INSERT INTO workflows (id, org_id, name) VALUES ('w', 'org_old', 'W');
	INSERT INTO workflow_runs (id, org_id, workflow_id, status) VALUES ('r', 'org_old', 'w', 'success');
	INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, message_count) VALUES ('s', 'org_old', 'site_old', 'v', 2);
	INSERT INTO chat_messages (id, org_id, session_id, role, content) VALUES ('m1', 'org_old', 's', 'user', 'It''s late?');
	INSERT INTO chat_messages (id, org_id, session_id, role, content, finish, rating) VALUES ('m2', 'org_old', 's', 'assistant', 'No.', 'stop', 'up');
	INSERT INTO leads (id, org_id, site_id, session_id, email) VALUES ('l', 'org_old', 'site_old', 's', 'a@b.example');
	INSERT INTO voice_sessions (id, org_id, site_id, agent_id, expires_at) VALUES ('v', 'org_old', 'site_old', 'agent', '2026-01-01T00:00:00.000Z');
	INSERT INTO knowledge (id, org_id, title, body) VALUES ('k', 'org_old', 'Hours', 'Nine to five.');
	INSERT INTO question_stats (org_id, site_id, slot, question) VALUES ('org_old', 'site_old', 3, 'late');
	INSERT INTO metrics_daily (org_id, date, site_id, messages) VALUES ('org_old', '2026-01-01', 'site_old', 7);
	INSERT INTO usage_daily (org_id, date, messages) VALUES ('org_old', '2026-01-01', 7);
	INSERT INTO legacy_usage (date, worker, requests) VALUES ('2026-01-01', 'chat', 3);
	INSERT INTO stripe_events (id, type, created_at) VALUES ('evt_1', 'x', '2026-01-01');
	INSERT INTO audit_log (org_id, user_id, acting_as, action) VALUES ('org_old', 'user_1', 'admin', 'config.update');
`;

/** A database in memory. */
export function open(sql = ""): DatabaseSync {
	const database = new DatabaseSync(":memory:");
	database.exec(`PRAGMA foreign_keys = ON;\n${sql}`);
	return database;
}

export function handle(database: DatabaseSync): Database {
	return {
		query: async (sql) => database.prepare(sql).all(),
		execute: async (sql) => database.exec(sql),
	};
}

type Rows = Record<string, unknown>[];

function tableNames(database: DatabaseSync): string[] {
	const rows = database
		.prepare(
			"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' ORDER BY name",
		)
		.all();
	return rows.map(({ name }) => String(name));
}

/** The columns of every table, the text of all else: an added column stands last, and its text elsewhere. */
export function shape(database: DatabaseSync): unknown {
	const columns = tableNames(database).map((name) => [
		name,
		database
			.prepare(`SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo('${name}') ORDER BY name`)
			.all(),
	]);
	const others = database
		.prepare(
			"SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type <> 'table' AND sql IS NOT NULL ORDER BY type, name",
		)
		.all()
		.map(({ sql, ...object }) => ({ ...object, sql: plain(String(sql)) }));
	return { columns, others };
}

function plain(sql: string): string {
	return sql
		.replace(/--[^\n]*/g, "")
		.replaceAll("IF NOT EXISTS ", "")
		.replace(/\s+/g, " ")
		.trim();
}

/** Every row of every table; instants of their making, and what is random, are left out. */
export function content(database: DatabaseSync): Record<string, Rows> {
	const volatile = ["created_at", "updated_at", "applied_at", "visitor"];
	const rowsOf = (name: string): Rows =>
		database
			.prepare(`SELECT * FROM "${name}" ORDER BY 1, 2`)
			.all()
			.map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => !volatile.includes(column))));
	return Object.fromEntries(tableNames(database).map((name) => [name, rowsOf(name)]));
}

/** A row as the migrations leave it: a configuration without a retention goes on to keep for good, which is a change of its version. */
export function kept(table: string, row: Record<string, unknown>): Record<string, unknown> {
	return table === "org_config" ? { ...row, retention_days: 0, version: 2 } : row;
}
