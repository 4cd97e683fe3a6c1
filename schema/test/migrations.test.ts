import type { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { SCHEMA_VERSION } from "../../workers/lib/d1/schema-version.ts";
import { migrate, migrations } from "../../workers/local/migrate/migrations.ts";
import { BEFORE_MIGRATIONS, FILL, FIRST, FRESH, content, handle, open, shape } from "./forms.ts";

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
		for (const old of [FIRST, BEFORE_MIGRATIONS]) {
			const database = open(old + FILL);
			const before = content(database);
			expect(() => database.exec(`BEGIN;\n${FRESH}\nCOMMIT;`)).toThrow(/older schema: run `npm run migrate`/);
			database.exec("ROLLBACK");
			expect(content(database)).toEqual(before);
		}
	});
});
