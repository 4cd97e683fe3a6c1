import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from "miniflare";
import type { MiniflareOptions, V4WorkerOptions } from "miniflare";
import { Refusal, shown } from "./settings.ts";
import type { LocalSettings } from "./settings.ts";
import { ROOT } from "../root.ts";

/** Applied in this order; each may be applied again and again. */
const SQL_FILES = ["schema/portal-schema.sql", "schema/demo-data.sql"];
/** What workers say that an engineer should see unasked. */
const SHOWN_LEVELS = ["warn", "error"];

/**
 * One workerd with all workers, the only process that writes to the state folder. It ends with this process.
 * @throws {Refusal} the database in the state folder does not take the schema
 */
export async function startRuntime(settings: LocalSettings, workers: V4WorkerOptions[]): Promise<Miniflare> {
	const runtime = new Miniflare(options(settings, workers));
	await runtime.ready;
	for (const file of SQL_FILES) await apply(runtime, file, settings.stateDir);
	await runDaily(runtime);
	return runtime;
}

async function apply(runtime: Miniflare, file: string, stateDir: string): Promise<void> {
	const path = join(ROOT, file);
	if (!existsSync(path)) return;
	const database = await runtime.getD1Database("DB", "gateway");
	try {
		await database.prepare(readFileSync(path, "utf8")).run();
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new Refusal(
			`${file} could not be applied (${reason}). If the data is of an older schema, delete ${shown(stateDir)} and start again.`,
		);
	}
}

/** The portal's daily run: the chat finds the sample data's knowledge only after it. */
async function runDaily(runtime: Miniflare): Promise<void> {
	const portal = await runtime.getWorker("koby-portal");
	await portal.scheduled({ cron: "at the start" });
}

/** Other code for a running runtime; its database stays. */
export function changeWorkers(runtime: Miniflare, settings: LocalSettings, workers: V4WorkerOptions[]): Promise<void> {
	return runtime.setOptions(options(settings, workers));
}

function options({ stateDir, isVerbose }: LocalSettings, workers: V4WorkerOptions[]): MiniflareOptions {
	return convertV4MiniflareOptions({
		workers,
		host: "127.0.0.1",
		port: 0,
		// As wrangler names it: `wrangler d1 execute --local` sees the same database.
		resourcePersistencePath: join(stateDir, "v3"),
		log: new Log(isVerbose ? LogLevel.INFO : LogLevel.WARN),
		handleStructuredLogs: ({ level, message }) => {
			if (isVerbose || SHOWN_LEVELS.includes(level)) console.error(message);
		},
		cf: false,
		telemetry: { enabled: false },
		unsafeLocalExplorer: false,
		unsafeObservability: false,
	});
}
