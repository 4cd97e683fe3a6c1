import type { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { SCHEMA_VERSION } from "../../workers/lib/d1/schema-version.ts";
import { migrate, migrations } from "../../workers/local/migrate/migrations.ts";
import { BEFORE_MIGRATIONS, FILL, FIRST, FRESH, content, handle, kept, open, shape } from "./forms.ts";

async function migrated(sql = ""): Promise<DatabaseSync> {
	const database = open(sql);
	await migrate(handle(database));
	return database;
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
		["the schema before there were migrations", BEFORE_MIGRATIONS],
	])("bring a filled database of %s to today's, with every row", async (_, old) => {
		const database = open(old + FILL);
		const before = content(database);
		await migrate(handle(database));
		expect(shape(database)).toEqual(shape(open(FRESH)));
		const after = content(database);
		for (const [table, rows] of Object.entries(before)) {
			if (["schema_version", "d1_migrations"].includes(table)) continue;
			expect(after[table]?.length, table).toBe(rows.length);
			for (const [index, row] of rows.entries()) expect(after[table]?.[index], table).toMatchObject(kept(table, row));
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

describe("the migration to counted terms", () => {
	it("counts in how many passages each term is that there was", async () => {
		const database = open("");
		for (const { name, sql } of migrations()) {
			if (name.endsWith("_term_counts.sql"))
				database.exec(`
					INSERT INTO knowledge (id, org_id, title, body, passages) VALUES ('k', 'org_chadis', 'Refunds', 'A refund.', 2);
					INSERT INTO knowledge_passages (id, knowledge_id, position, content) VALUES (1, 'k', 0, 'A refund.'), (2, 'k', 1, 'A week.');
					INSERT INTO knowledge_terms (org_id, term, weight, passage_id)
					VALUES ('org_chadis', 'refund', 1, 1), ('org_chadis', 'refund', 1, 2), ('org_chadis', 'week', 1, 2);
				`);
			database.exec(sql);
		}
		expect(
			database
				.prepare("SELECT org_id, term, passages FROM knowledge_term_counts ORDER BY term")
				.all()
				.map((row) => ({ ...row })),
		).toEqual([
			{ org_id: "org_chadis", term: "refund", passages: 2 },
			{ org_id: "org_chadis", term: "week", passages: 1 },
		]);
	});
});

describe("the migration to conversations that are found", () => {
	it("counts what had no answer and who left an address", async () => {
		const database = open("");
		for (const { name, sql } of migrations()) {
			if (name.endsWith("_find.sql"))
				database.exec(`
					INSERT INTO chat_sessions (id, org_id, site_id, visitor_id) VALUES ('a', 'org_chadis', 'site_chadis', 'v'), ('b', 'org_chadis', 'site_chadis', 'v');
					INSERT INTO chat_messages (id, org_id, session_id, role, content, is_unanswered)
					VALUES ('1', 'org_chadis', 'a', 'assistant', '', 1), ('2', 'org_chadis', 'a', 'assistant', '', 1), ('3', 'org_chadis', 'b', 'assistant', '', 0);
					INSERT INTO leads (id, org_id, site_id, session_id, email) VALUES ('l', 'org_chadis', 'site_chadis', 'b', 'a@b.example'), ('m', 'org_chadis', 'site_chadis', NULL, 'c@d.example');
				`);
			database.exec(sql);
		}
		const rows = database.prepare("SELECT id, unanswered, leads FROM chat_sessions ORDER BY id").all();
		expect(rows.map((row) => ({ ...row }))).toEqual([
			{ id: "a", unanswered: 2, leads: 0 },
			{ id: "b", unanswered: 0, leads: 1 },
		]);
	});
});

/** How the worker of schema version 2 finds the orgs whose conversations end. */
const ORGS_OF_VERSION_2 = `
	SELECT org_id FROM org_config INDEXED BY org_config_with_retention WHERE retention_days IS NOT NULL
`;

describe("the migration to a retention by default", () => {
	const org = (id: string) => `INSERT INTO orgs (id, name, slug) VALUES ('org_${id}', '${id}', '${id}');`;
	const retention = (database: DatabaseSync): unknown[] =>
		database
			.prepare("SELECT org_id, retention_days, version FROM org_config WHERE org_id LIKE 'org_%' ORDER BY org_id")
			.all()
			.map((row) => ({ ...row }));
	const before = BEFORE_MIGRATIONS + org("set") + org("unset") + org("none");

	it("keeps for good what was kept for good, with a configuration or without, and leaves a number as it is", async () => {
		const sql = "INSERT INTO org_config (org_id, retention_days) VALUES ('org_set', 30), ('org_unset', NULL);";
		expect(retention(await migrated(before + sql))).toEqual([
			{ org_id: "org_chadis", retention_days: 0, version: 2 },
			{ org_id: "org_none", retention_days: 0, version: 1 },
			{ org_id: "org_pannu_dental", retention_days: 0, version: 2 },
			{ org_id: "org_set", retention_days: 30, version: 1 },
			{ org_id: "org_unset", retention_days: 0, version: 2 },
		]);
	});

	it("counts a conversation or a day's numbers of a sample customer as use", async () => {
		for (const used of [
			"INSERT INTO chat_sessions (id, org_id, site_id, visitor_id) VALUES ('s', 'org_chadis', 'site_chadis', 'v');",
			"INSERT INTO metrics_daily (org_id, date, site_id) VALUES ('org_chadis', '2026-01-01', 'site_chadis');",
		])
			expect(retention(await migrated(BEFORE_MIGRATIONS + used))).toMatchObject([
				{ org_id: "org_chadis", retention_days: 0 },
				{ org_id: "org_pannu_dental", retention_days: 0 },
			]);
	});

	it("lets 0 and 7 to 3650 in and nothing else", async () => {
		const database = await migrated(before);
		const set = (days: unknown) => database.exec(`UPDATE org_config SET retention_days = ${days}`);
		for (const days of [0, 7, 3650, null]) expect(() => set(days)).not.toThrow();
		for (const days of [-1, 1, 6, 3651, 7.5, "'x'"])
			expect(() => set(days)).toThrow("org_config.retention_days must be NULL, 0 or 7 to 3650");
	});

	it("leaves the version before unable to take 0 for no days, even after its own schema file has run again", async () => {
		const database = await migrated(before);
		expect(() => database.prepare(ORGS_OF_VERSION_2)).toThrow("no query solution");
		database.exec(
			"CREATE INDEX IF NOT EXISTS org_config_with_retention ON org_config (org_id, retention_days) WHERE retention_days IS NOT NULL",
		);
		expect(() => database.prepare(ORGS_OF_VERSION_2)).toThrow("no query solution");
	});
});

describe("the migration to reads in the audit log", () => {
	/** How the worker of schema version 4 reads the log. */
	const LOG_OF_VERSION_4 =
		"SELECT id, action FROM audit_log INDEXED BY audit_log_by_org WHERE org_id = 'org_old' AND id < 9 ORDER BY id DESC";
	const WRITE_OF_VERSION_4 =
		"INSERT INTO audit_log (org_id, user_id, acting_as, action, target) VALUES ('org_old', 'user_1', 'admin', ";

	it("tells old rows apart by what they did, and leaves the version before able to read and write the log", async () => {
		const database = await migrated(
			`${BEFORE_MIGRATIONS + FILL + WRITE_OF_VERSION_4}'export.create', '2026-01-01/2026-01-02');`,
		);
		database.exec(`${WRITE_OF_VERSION_4}'engine.update', 'site_old')`);
		database.exec(`${WRITE_OF_VERSION_4}'engine.update', 'site_old')`);
		const rows = (sql: string) =>
			database
				.prepare(sql)
				.all()
				.map((row) => ({ ...row }));
		expect(rows(LOG_OF_VERSION_4)).toEqual([
			{ id: 4, action: "engine.update" },
			{ id: 3, action: "engine.update" },
			{ id: 2, action: "export.create" },
			{ id: 1, action: "config.update" },
		]);
		expect(rows("SELECT kind, reads, hour, impersonator_id FROM audit_log WHERE id < 4 ORDER BY id")).toEqual(
			["write", "read", "write"].map((kind) => ({ kind, reads: 1, hour: null, impersonator_id: "" })),
		);
	});
});

describe("the migration to what protects visitors", () => {
	const ELEVEN = migrations()
		.slice(0, 11)
		.map(({ sql }) => sql)
		.join("\n");

	it("fills up the version in force, reads older ones as they were kept, and lets the portal before go on writing", async () => {
		const database = open(`${ELEVEN}\n${FILL}`);
		database.exec("UPDATE org_config SET greeting = 'Hello.' WHERE org_id = 'org_old'");
		const versions = (): Record<string, unknown>[] =>
			database
				.prepare("SELECT config FROM config_versions WHERE org_id = 'org_old' ORDER BY version")
				.all()
				.map(({ config }) => JSON.parse(String(config)));
		const before = versions();
		for (const { sql } of migrations().slice(11)) database.exec(sql);
		const [first, second] = versions();
		expect(first).toEqual(before[0]);
		expect(second).toMatchObject({ ...before[1], privacy: null, safety_phrases: null, provider_policy: null });
		expect(second).toMatchObject({ translations: null, widget: null });
		// The portal before names neither the new columns nor a version.
		database.exec(
			"UPDATE org_config SET privacy = 'redact', safety_phrases = '[]', widget = '{}' WHERE org_id = 'org_old'",
		);
		database.exec("UPDATE org_config SET greeting = 'Hey.' WHERE org_id = 'org_old'");
		expect(versions().at(-1)).toMatchObject({
			greeting: "Hey.",
			privacy: "redact",
			safety_phrases: "[]",
			widget: "{}",
		});
		expect(versions()).toHaveLength(4);
		database.exec(
			"INSERT INTO golden_questions (org_id, questions) VALUES ('org_old', '[{}]'); UPDATE orgs SET status = 'active' WHERE id = 'org_old'; UPDATE golden_questions SET nightly_date = '2026-01-02'",
		);
		const run = database.prepare("SELECT config FROM golden_runs").get();
		expect(JSON.parse(String(run?.["config"]))).toEqual(versions().at(-1));
	});
});

describe("portal-schema.sql", () => {
	it("stops at a database of an older schema before it changes anything, and says what to do", () => {
		for (const old of [FIRST, BEFORE_MIGRATIONS]) {
			const database = open(old + FILL);
			const before = content(database);
			expect(() => database.exec(`BEGIN;\n${FRESH}\nCOMMIT;`)).toThrow(/older schema: run `npm run migrate`/);
			database.exec("ROLLBACK");
			expect(content(database)).toEqual(before);
		}
	});
});
