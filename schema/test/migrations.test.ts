import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { SCHEMA_VERSION } from "../../workers/lib/d1/schema-version.ts";
import { migrate, migrations } from "../../workers/local/migrate/migrations.ts";
import type { Database } from "../../workers/local/migrate/migrations.ts";
import { ROOT } from "../../workers/local/root.ts";

const FRESH = readFileSync(join(ROOT, "schema/portal-schema.sql"), "utf8");
const FIRST = readFileSync(join(ROOT, "schema/test/early/first-schema.sql"), "utf8");
/** What portal-schema.sql made before there were migrations: the first of them creates the same. */
const [ADOPT] = migrations();

/** Rows in every table that the project's first schema had, so that a migration that loses one is seen. */
const FILL = `
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

function open(sql = ""): DatabaseSync {
	const database = new DatabaseSync(":memory:");
	database.exec(`PRAGMA foreign_keys = ON;\n${sql}`);
	return database;
}

function handle(database: DatabaseSync): Database {
	return {
		query: async (sql) => database.prepare(sql).all(),
		execute: async (sql) => database.exec(sql),
	};
}

async function migrated(sql = ""): Promise<DatabaseSync> {
	const database = open(sql);
	await migrate(handle(database));
	return database;
}

type Rows = Record<string, unknown>[];

function tableNames(database: DatabaseSync): string[] {
	const rows = database
		.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
		.all();
	return rows.map(({ name }) => String(name));
}

/** The columns of every table, the text of all else: an added column stands last, and its text elsewhere. */
function shape(database: DatabaseSync): unknown {
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

/** Every row of every table; instants of their making are left out. */
function content(database: DatabaseSync): Record<string, Rows> {
	const volatile = ["created_at", "updated_at", "applied_at"];
	const rowsOf = (name: string): Rows =>
		database
			.prepare(`SELECT * FROM "${name}" ORDER BY 1, 2`)
			.all()
			.map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => !volatile.includes(column))));
	return Object.fromEntries(tableNames(database).map((name) => [name, rowsOf(name)]));
}

describe("the migrations", () => {
	it("are numbered without a gap, and the last is the version that the workers expect", () => {
		const numbers = migrations().map(({ name }) => Number(name.slice(0, 4)));
		expect(numbers).toEqual(Array.from({ length: SCHEMA_VERSION }, (_, index) => index + 1));
		const database = open(FRESH);
		expect(database.prepare("SELECT MAX(version) AS version FROM schema_version").get()).toEqual({
			version: SCHEMA_VERSION,
		});
	});

	it("make of an empty database what portal-schema.sql makes, data included", async () => {
		const database = await migrated();
		expect(shape(database)).toEqual(shape(open(FRESH)));
		expect(content(database)).toEqual(content(open(FRESH)));
	});

	it.each([
		["the project's first schema", FIRST],
		["the schema before there were migrations", ADOPT?.sql ?? ""],
	])("bring a filled database of %s to today's, with every row", async (_, old) => {
		const database = open(old + FILL);
		const before = content(database);
		await migrate(handle(database));
		expect(shape(database)).toEqual(shape(open(FRESH)));
		const after = content(database);
		for (const [table, rows] of Object.entries(before)) {
			if (["schema_version", "d1_migrations"].includes(table)) continue;
			expect(after[table]?.length, table).toBe(rows.length);
			for (const [index, row] of rows.entries()) expect(after[table]?.[index], table).toMatchObject(row);
		}
		expect(database.prepare("SELECT rating_up FROM chat_sessions").get()).toEqual({ rating_up: 1 });
		expect(database.prepare("PRAGMA foreign_key_check").all()).toEqual([]);
		expect(database.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
	});

	it("are applied once, however often they are asked for", async () => {
		const database = await migrated(FIRST + FILL);
		const before = content(database);
		expect(await migrate(handle(database))).toEqual([]);
		expect(content(database)).toEqual(before);
	});

	it("apply nothing to a database that portal-schema.sql has made", async () => {
		expect(await migrate(handle(open(FRESH)))).toEqual([]);
	});
});

describe("portal-schema.sql", () => {
	it("stops at a database of an older schema before it changes anything, and says what to do", () => {
		for (const old of [FIRST, ADOPT?.sql ?? ""]) {
			const database = open(old + FILL);
			const before = content(database);
			expect(() => database.exec(`BEGIN;\n${FRESH}\nCOMMIT;`)).toThrow(/older schema: run `npm run migrate`/);
			database.exec("ROLLBACK");
			expect(content(database)).toEqual(before);
		}
	});
});
