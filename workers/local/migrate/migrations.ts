import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../root.ts";
import { earlyStatements } from "./early.ts";

const FOLDER = join(ROOT, "schema/migrations");

export interface Migration {
	/** The file's name, by which wrangler remembers that it was applied. */
	name: string;
	sql: string;
}

/** The migrations in their order. */
export function migrations(): Migration[] {
	const names = readdirSync(FOLDER).filter((name) => /^\d{4}_\w+\.sql$/.test(name));
	return names.sort().map((name) => ({ name, sql: readFileSync(join(FOLDER, name), "utf8") }));
}

/** A database, wherever it is. */
export interface Database {
	/** Runs one statement. */
	query(sql: string): Promise<Record<string, unknown>[]>;
	/** Runs a text of several statements, all of them or none. */
	execute(sql: string): Promise<void>;
}

/** As wrangler makes it before it applies the first migration (`wrangler d1 migrations apply`). */
export const RECORDS =
	"CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)";

/** Adds what a database of the project's first days lacks. @returns how many statements that took */
export async function prepareEarly(database: Database): Promise<number> {
	const rows = await database.query("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL");
	const statements = earlyStatements(new Map(rows.map(({ name, sql }) => [String(name), String(sql)])));
	if (statements.length > 0) await database.execute(statements.join(";\n"));
	return statements.length;
}

/**
 * Brings a database to the last migration, as `npm run migrate` does by wrangler: for the local run, which has the database
 * open itself.
 * @returns the names of those applied
 */
export async function migrate(database: Database): Promise<string[]> {
	await prepareEarly(database);
	await database.execute(RECORDS);
	const applied = new Set((await database.query("SELECT name FROM d1_migrations")).map(({ name }) => name));
	const pending = migrations().filter(({ name }) => !applied.has(name));
	for (const { name, sql } of pending) {
		await database.execute(`${sql}\nINSERT INTO d1_migrations (name) VALUES ('${name}');`);
	}
	return pending.map(({ name }) => name);
}
