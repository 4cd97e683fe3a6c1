import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from "miniflare";
import type { MiniflareOptions, V4WorkerOptions } from "miniflare";
import { Refusal, shown } from "./settings.ts";
import type { LocalSettings } from "./settings.ts";
import { migrate } from "../migrate/migrations.ts";
import { ROOT } from "../root.ts";
import { SWEEP_CRON } from "../../lib/site/sweep/sweep-cron.ts";

/** May be applied again and again. */
const DEMO_DATA = "schema/demo-data.sql";
/** As often as `SWEEP_CRON` says, ms. */
const SWEEP_MS = 300_000;
/** When the chat asks golden questions, as its toml says: every minute. */
const GOLDEN_CRON = "* * * * *";
/** As often as that, ms. */
const GOLDEN_MS = 60_000;
/** What workers say that an engineer should see unasked. */
const SHOWN_LEVELS = ["warn", "error"];

/**
 * One workerd with all workers, the only process that writes to the state folder. It ends with this process.
 * @throws {Refusal} the database in the state folder does not take the schema
 */
export async function startRuntime(settings: LocalSettings, workers: V4WorkerOptions[]): Promise<Miniflare> {
	const runtime = new Miniflare(options(settings, workers));
	await runtime.ready;
	await prepareDatabase(runtime, settings.stateDir);
	await runScheduled(runtime, "koby-portal", "at the start");
	await runOften(runtime);
	// The sample data's runs are answered soon, and nobody waits for them: a real vendor takes its time.
	void runGolden(runtime);
	setInterval(() => void runOften(runtime).catch(() => undefined), SWEEP_MS).unref();
	setInterval(() => void runGolden(runtime), GOLDEN_MS).unref();
	return runtime;
}

/** Brings the database to today's schema, whatever an earlier run has left, and puts the sample data into it. */
async function prepareDatabase(runtime: Miniflare, stateDir: string): Promise<void> {
	const database = await runtime.getD1Database("DB", "gateway");
	const execute = async (sql: string): Promise<void> => void (await database.prepare(sql).run());
	const query = async (sql: string) => (await database.prepare(sql).all<Record<string, unknown>>()).results;
	try {
		await migrate({ execute, query });
		await execute(readFileSync(join(ROOT, DEMO_DATA), "utf8"));
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		const remedy = `Send us the message if you need the data; else delete ${shown(stateDir)} and start again.`;
		throw new Refusal(`The database could not be brought to today's schema (${reason}). ${remedy}`);
	}
}

/** The scheduled runs of every five minutes. The chat finds the sample data's knowledge by meaning only after its own. */
async function runOften(runtime: Miniflare): Promise<void> {
	await runScheduled(runtime, "koby-portal", SWEEP_CRON);
	await runScheduled(runtime, "chadis-chat", SWEEP_CRON);
	await runScheduled(runtime, "chadis-voice-conversation", SWEEP_CRON);
}

/** The chat's run of every minute, which asks golden questions. Never rejects: the runtime may have ended. */
async function runGolden(runtime: Miniflare): Promise<void> {
	await runScheduled(runtime, "chadis-chat", GOLDEN_CRON).catch(() => undefined);
}

/** A worker's scheduled run: the chat finds the sample data's knowledge only after the portal's daily one. */
async function runScheduled(runtime: Miniflare, name: string, cron: string): Promise<void> {
	const worker = await runtime.getWorker(name);
	await worker.scheduled({ cron });
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
