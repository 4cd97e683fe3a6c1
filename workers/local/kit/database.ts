import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { ROOT } from "../root.ts";
import { inlined } from "./sql.ts";
import type { Bound } from "./sql.ts";

const require = createRequire(import.meta.url);

/** What wrangler is told of the database. */
export interface Target {
	/** The database's name. */
	name: string;
	flags: readonly string[];
}

/** A database as the portal's own functions take it. */
export interface KitDatabase {
	db: D1Database;
	/** The text of statements that `db` has prepared, as wrangler takes them. */
	textOf(statements: readonly D1PreparedStatement[]): string;
	/** What wrangler said when it last failed; "" = it has not. */
	fault(): string;
}

/** The words behind `wrangler` that run a text of SQL; all of it is one transaction, or one read. */
export function executeArguments({ name, flags }: Target, sql: string): string[] {
	return ["d1", "execute", name, ...flags, "--yes", "--json", "--command", sql];
}

/**
 * The database behind wrangler, for the portal's functions: each batch is one `wrangler d1 execute`, which D1 runs as it runs a batch
 * (developers.cloudflare.com/api, D1 query: statements "joined by semicolons … will be executed as a batch"; locally wrangler makes
 * one of them itself). It waits without giving way, so that no time limit of the portal's passes meanwhile.
 */
export function wranglerDatabase(target: Target): KitDatabase {
	const bound = new WeakMap<object, Bound>();
	let fault = "";
	const textOf = (statements: readonly D1PreparedStatement[]): string =>
		statements.map((statement) => inlined(bound.get(statement) ?? { sql: "", values: [] })).join(";\n");
	const run = (statements: readonly D1PreparedStatement[]): string => {
		const { status, stdout, stderr } = runWranglerNow(executeArguments(target, textOf(statements)));
		if (status === 0) return stdout;
		fault = stripVTControlCharacters(`${stdout}\n${stderr}`).trim();
		throw new Error("wrangler failed");
	};
	const db: D1Database = {
		prepare: (sql) => prepared(bound, { sql, values: [] }),
		batch: async (statements) => JSON.parse(run(statements)),
		exec: unsupported,
		withSession: unsupported,
		dump: unsupported,
	};
	return { db, textOf, fault: () => fault };
}

function prepared(bound: WeakMap<object, Bound>, of: Bound): D1PreparedStatement {
	const statement: D1PreparedStatement = {
		bind: (...values) => prepared(bound, { sql: of.sql, values }),
		first: unsupported,
		run: unsupported,
		all: unsupported,
		raw: unsupported,
	};
	bound.set(statement, of);
	return statement;
}

/** What the portal does not use. */
function unsupported(): never {
	throw new Error("the kit reaches the database by batches alone");
}

function runWranglerNow(args: readonly string[]) {
	const cli = join(dirname(require.resolve("wrangler/package.json")), "wrangler-dist/cli.js");
	return spawnSync(process.execPath, [cli, ...args], {
		cwd: ROOT,
		encoding: "utf8",
		maxBuffer: 64 * 1024 * 1024,
		env: {
			...process.env,
			CLOUDFLARE_CF_FETCH_ENABLED: "false",
			WRANGLER_SEND_METRICS: "false",
			WRANGLER_HIDE_BANNER: "true",
			NO_COLOR: "1",
			FORCE_COLOR: "0",
		},
	});
}
