import { runWrangler } from "../check/command.ts";
import { targetOf } from "./arguments.ts";
import { prepareEarly } from "./migrations.ts";
import type { Target } from "./arguments.ts";
import type { Database } from "./migrations.ts";

/**
 * `npm run migrate`: brings a database in use to the schema of this checkout, with every row intact. What SQL cannot do of
 * itself comes first (columns of the project's first days), then `wrangler d1 migrations apply`.
 */
async function main(args: readonly string[]): Promise<void> {
	const target = targetOf(args);
	const early = await prepareEarly(wranglerDatabase(target));
	if (early > 0) console.log(`Added what a database of an early form lacks: ${early} statements.`);
	const { exitCode, output } = await runWrangler(["d1", "migrations", "apply", target.name, ...target.flags]);
	console.log(output.trim());
	process.exitCode = exitCode ?? 1;
}

function wranglerDatabase({ name, flags }: Target): Database {
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
