import { runWrangler } from "../check/command.ts";
import type { CommandResult } from "../check/command.ts";
import { readSettings } from "../run/settings.ts";
import { lockState } from "../run/state-lock.ts";
import type { Store } from "../../lib/recovery/store.ts";
import { wranglerStore } from "./wrangler-store.ts";
import type { Place } from "./arguments.ts";

/**
 * Works on a database by `wrangler d1 execute`. The local one is locked meanwhile: two processes that write to it lose some of the
 * writes.
 * @param run wrangler, or what stands in for it
 * @throws {Error} a local run is under way; wrangler's own words
 */
export async function withStore<T>(
	{ isLocal, name, flags }: Place,
	work: (store: Store) => Promise<T>,
	run: (args: readonly string[]) => Promise<CommandResult> = runWrangler,
): Promise<T> {
	const unlock = isLocal ? await lockState(readSettings(process.env)) : undefined;
	try {
		return await work(
			wranglerStore(async (sql) => {
				const args = ["d1", "execute", name, ...flags, "--yes", "--json", "--command", sql];
				const { exitCode, stdout, output } = await run(args);
				if (exitCode !== 0) throw new Error(output.trim());
				return stdout;
			}),
		);
	} finally {
		unlock?.();
	}
}
