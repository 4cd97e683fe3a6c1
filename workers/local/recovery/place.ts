import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
import { parse } from "smol-toml";
import { isObject } from "../../lib/http/json.ts";
import type { Store } from "../../lib/recovery/store.ts";
import { runWrangler } from "../check/command.ts";
import type { CommandResult } from "../check/command.ts";
import { ROOT } from "../root.ts";
import { readSettings } from "../run/settings.ts";
import { lockState } from "../run/state-lock.ts";
import { wranglerStore } from "./wrangler-store.ts";
import type { Place } from "./arguments.ts";

/**
 * Works on a database: a remote one by `wrangler d1 execute`, the local one itself, as `npm start` has it, which is locked meanwhile: two
 * processes that write to it lose some of the writes.
 * @param run wrangler, or what stands in for it
 * @throws {Error} a local run is under way; wrangler's own words
 */
export async function withStore<T>(
	{ isLocal, name, flags }: Place,
	work: (store: Store) => Promise<T>,
	run: (args: readonly string[]) => Promise<CommandResult> = runWrangler,
): Promise<T> {
	if (isLocal) return withLocal(work);
	return work(
		wranglerStore(async (sql) => {
			const args = ["d1", "execute", name, ...flags, "--yes", "--json", "--command", sql];
			const { exitCode, stdout, output } = await run(args);
			if (exitCode !== 0) throw new Error(output.trim());
			return stdout;
		}),
	);
}

async function withLocal<T>(work: (store: Store) => Promise<T>): Promise<T> {
	const settings = readSettings(process.env);
	const unlock = await lockState(settings);
	try {
		const runtime = new Miniflare(
			convertV4MiniflareOptions({
				modules: true,
				script: "",
				resourcePersistencePath: join(settings.stateDir, "v3"),
				d1Databases: { DB: databaseId() },
			}),
		);
		try {
			const db = await runtime.getD1Database("DB");
			const rowsOf = async (statements: D1PreparedStatement[]) =>
				(await db.batch<Record<string, unknown>>(statements)).map(({ results }) => results);
			return await work({
				db,
				run: (statements) => (statements.length === 0 ? Promise.resolve([]) : rowsOf(statements)),
			});
		} finally {
			await runtime.dispose();
		}
	} finally {
		unlock();
	}
}

/** By which the local database's file is named. */
function databaseId(): string {
	const toml = parse(readFileSync(join(ROOT, "wrangler-portal.toml"), "utf8"));
	const [database]: unknown[] = Array.isArray(toml["d1_databases"]) ? toml["d1_databases"] : [];
	return isObject(database) ? String(database["database_id"]) : "";
}
