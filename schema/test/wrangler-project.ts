import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
import { runWrangler } from "../../workers/local/check/command.ts";
import type { CommandResult } from "../../workers/local/check/command.ts";
import { RECORDS, migrations } from "../../workers/local/migrate/migrations.ts";
import { dump } from "./dump.ts";
import type { Dump } from "./dump.ts";
import { ROOT } from "../../workers/local/root.ts";

const TOML = "wrangler-portal.toml";
const MIGRATIONS = "schema/migrations";
/** Where wrangler keeps local databases, a file each, beside its own notes. */
const D1_STATE = ".wrangler/state/v3/d1/miniflare-D1DatabaseObject";
export const SCHEMA = join(ROOT, "schema/portal-schema.sql");
export const DEMO_DATA = join(ROOT, "schema/demo-data.sql");

/** A folder as staff have it: the portal's toml, and the local state that wrangler keeps beside it. */
export function createProject(): string {
	const folder = mkdtempSync(join(tmpdir(), "koby-schema-"));
	copyFileSync(join(ROOT, TOML), join(folder, TOML));
	return folder;
}

export function removeProject(folder: string): void {
	rmSync(folder, { recursive: true, force: true });
}

/** As `createProject`, with migrations beside the toml: these, by their files' names. */
export function createMigratingProject(names = migrations().map(({ name }) => name)): string {
	const folder = createProject();
	mkdirSync(join(folder, MIGRATIONS), { recursive: true });
	addMigrations(folder, names);
	return folder;
}

/** Puts more migrations beside a project's toml, as a new release does. */
export function addMigrations(folder: string, names: readonly string[]): void {
	for (const name of names) copyFileSync(join(ROOT, MIGRATIONS, name), join(folder, MIGRATIONS, name));
}

/** `wrangler d1 migrations apply`, by the name that the Worker knows its database by. */
export function applyMigrations(folder: string): Promise<CommandResult> {
	return runWrangler(["d1", "migrations", "apply", "DB", "--local", "--config", TOML], folder);
}

/** Of the database, by which wrangler names its file. */
function databaseId(): string {
	return /^database_id = "([^"]+)"/m.exec(readFileSync(join(ROOT, TOML), "utf8"))?.[1] ?? "";
}

/**
 * What `applyMigrations` does to a folder's database, in this process: wrangler's own splitting of each file, one batch for each, on
 * its own workerd, which it would start anew for each.
 * @param pending the migrations that the database waits for
 */
export async function applyInProcess(folder: string, pending = migrations()): Promise<void> {
	// Of those who import this file only one needs it, and it takes two seconds of CPU to load.
	const { unstable_splitSqlQuery } = await import("wrangler");
	const runtime = new Miniflare(
		convertV4MiniflareOptions({
			modules: true,
			script: "",
			resourcePersistencePath: join(folder, ".wrangler/state/v3"),
			d1Databases: { DB: databaseId() },
		}),
	);
	try {
		const database = await runtime.getD1Database("DB");
		await database.prepare(RECORDS).run();
		for (const { name, sql } of pending) {
			const text = `${sql}\nINSERT INTO d1_migrations (name) VALUES ('${name}');`;
			await database.batch(unstable_splitSqlQuery(text).map((statement) => database.prepare(statement)));
		}
	} finally {
		await runtime.dispose();
	}
}

/** Lets a project begin with a database that another way has made: this one's file stands where wrangler has put another project's. */
export async function beginWith(folder: string, sql: string, like: string): Promise<void> {
	const [file = ""] = databaseFiles(like);
	mkdirSync(join(folder, D1_STATE), { recursive: true });
	await closing(new DatabaseSync(join(folder, D1_STATE, file)), (database) => database.exec(sql));
}

/** `wrangler d1 execute` in the README's form. */
export function execute(folder: string, ...args: string[]): Promise<CommandResult> {
	return runWrangler(["d1", "execute", "koby-portal-db", "--local", "--config", TOML, ...args], folder);
}

/** `wrangler d1 export` in the README's form. */
export function exportTo(folder: string, file: string): Promise<CommandResult> {
	return runWrangler(["d1", "export", "koby-portal-db", "--local", "--config", TOML, "--output", file], folder);
}

/** Works on the file of the project's database by Node's SQLite: no further start of wrangler. */
export function withDatabase<T>(folder: string, work: (database: DatabaseSync) => T): Promise<Awaited<T>> {
	const [file = ""] = databaseFiles(folder);
	return closing(new DatabaseSync(join(folder, D1_STATE, file)), work);
}

function databaseFiles(folder: string): string[] {
	return readdirSync(join(folder, D1_STATE)).filter((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite");
}

async function closing<T>(database: DatabaseSync, work: (database: DatabaseSync) => T): Promise<Awaited<T>> {
	try {
		return await work(database);
	} finally {
		database.close();
	}
}

function dumpOf(database: DatabaseSync): Promise<Dump> {
	return dump((sql) => database.prepare(sql).all());
}

/** What the project's database holds. */
export function dumpProject(folder: string): Promise<Dump> {
	return withDatabase(folder, dumpOf);
}

/** What an empty database holds once this SQL has run. */
export function dumpText(sql: string): Promise<Dump> {
	return closing(new DatabaseSync(":memory:"), (database) => {
		database.exec(sql);
		return dumpOf(database);
	});
}
