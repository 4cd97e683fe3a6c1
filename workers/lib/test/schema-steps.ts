import { vi } from "vitest";
import { SCHEMA_VERSION } from "../d1/schema-version.ts";

export const NEXT_VERSION = SCHEMA_VERSION + 1;
export const LAST_VERSION = SCHEMA_VERSION - 1;

/**
 * What a database has once the next migration has run and the workers are still of this version: a migration only adds, so every
 * table has one more column, with a default, and there is one more table. `resetDatabase` takes it back.
 */
export async function stepForward(db: D1Database): Promise<void> {
	const sql =
		"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'";
	const { results } = await db.prepare(sql).all<{ name: string }>();
	await db.batch([
		...results.map(({ name }) =>
			db.prepare(`ALTER TABLE "${name}" ADD COLUMN of_the_next TEXT NOT NULL DEFAULT 'new'`),
		),
		db.prepare("CREATE TABLE of_the_next (id TEXT PRIMARY KEY NOT NULL) WITHOUT ROWID"),
		db.prepare("INSERT INTO schema_version (version) VALUES (?1)").bind(NEXT_VERSION),
	]);
}

/**
 * A database that waits for its last migration, as if that one made this table. `resetDatabase` takes it back.
 * @param table one that no other refers to
 */
export async function stepBack(db: D1Database, table: string): Promise<void> {
	await db.batch([
		db.prepare(`DROP TABLE "${table}"`),
		db.prepare("DELETE FROM schema_version WHERE version > ?1").bind(LAST_VERSION),
	]);
}

/** How a request is refused by a database one step back. */
export const OUTDATED = {
	code: "unavailable",
	message: `The database has schema version ${LAST_VERSION} and this service needs ${SCHEMA_VERSION}; its operator must run the migrations.`,
};

let hours = 0;

/** Runs at an hour of its own: what `/health` has found is kept for 10 s. */
export async function inAnHour<Value>(work: () => Promise<Value>): Promise<Value> {
	vi.useFakeTimers({ toFake: ["Date"], now: vi.getRealSystemTime() + 3_600_000 * ++hours });
	try {
		return await work();
	} finally {
		vi.useRealTimers();
	}
}

/** What a worker writes in its log meanwhile: the lines that tell of the schema. */
export async function schemaLines(work: () => Promise<void>): Promise<unknown[]> {
	const spy = vi.spyOn(console, "error").mockImplementation(() => undefined);
	await work();
	const lines = spy.mock.calls.map(([line]): Record<string, unknown> => JSON.parse(String(line)));
	spy.mockRestore();
	return lines.filter(({ event }) => event === "schema_outdated");
}

export const SCHEMA_LINE = {
	level: "error",
	event: "schema_outdated",
	expected: SCHEMA_VERSION,
	found: LAST_VERSION,
};
