import { runWrangler } from "../check/command.ts";
import { prepareEarly } from "./migrations.ts";
import type { Database } from "./migrations.ts";

const DATABASE = "koby-portal-db";
const USE =
	"Use: npm run migrate -- --local [--persist-to DIR], npm run migrate -- --remote, or npm run migrate -- --remote --env staging.";

/**
 * `npm run migrate`: brings a database in use to the schema of this checkout, with every row intact. What SQL cannot do of
 * itself comes first (columns of the project's first days), then `wrangler d1 migrations apply`.
 */
async function main(args: readonly string[]): Promise<void> {
	if (!args.includes("--local") && !args.includes("--remote")) throw new Error(USE);
	const name = args.includes("staging") ? `${DATABASE}-staging` : DATABASE;
	const flags = ["--config", "wrangler-portal.toml", ...args];
	const early = await prepareEarly(wranglerDatabase(name, flags));
	if (early > 0) console.log(`Added what a database of an early form lacks: ${early} statements.`);
	const { exitCode, output } = await runWrangler(["d1", "migrations", "apply", name, ...flags]);
	console.log(output.trim());
	process.exitCode = exitCode ?? 1;
}

function wranglerDatabase(name: string, flags: readonly string[]): Database {
	const run = async (sql: string): Promise<string> => {
		const args = ["d1", "execute", name, ...flags, "--yes", "--json", "--command", sql];
		const { exitCode, stdout, output } = await runWrangler(args);
		if (exitCode !== 0) throw new Error(output.trim());
		return stdout;
	};
	return {
		async query(sql) {
			const [result]: { results: Record<string, unknown>[] }[] = JSON.parse(await run(sql));
			return result?.results ?? [];
		},
		execute: async (sql) => void (await run(sql)),
	};
}

try {
	await main(process.argv.slice(2));
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
