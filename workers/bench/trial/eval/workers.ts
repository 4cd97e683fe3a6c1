import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { stop as stopBundler } from "esbuild";
import { watchBundles } from "../../../local/run/bundles.ts";
import { nodeOutbound } from "../../../local/run/outbound.ts";
import { startRuntime } from "../../../local/run/runtime.ts";
import { localVariables } from "../../../local/run/variables.ts";
import { standInOrigin } from "../../../local/run/settings.ts";
import { localWorkers } from "../../../local/run/workers.ts";
import { createClient } from "../../../local/test/local-client.ts";
import type { Client } from "../../../local/test/local-client.ts";
import { createFolder, freePort, removeFolder } from "../../../local/test/local-run.ts";
import type { LiveVendor } from "./live.ts";
import { createRecorder } from "./recorder.ts";
import type { Exchange } from "./recorder.ts";

/** The workers that call Gemini, by their names in the tomls. */
const CALLERS = ["koby-portal", "chadis-chat"];
/** The sample customers' golden questions would be asked as well, by a vendor who takes money for it. */
const NO_GOLDEN_RUNS = new Map([["GOLDEN_DAILY_BUDGET_USD_MICROS", "0"]]);
const SETTLING_LIMIT_MS = 20_000;
const POLL_MS = 5;

/** The local default in this process, but for what stands between it and Gemini. */
export interface Workers {
	client: Client;
	sql(sql: string): Promise<Record<string, unknown>[]>;
	/** What went to the model and came from it since the last call. */
	exchanges(): Exchange[];
	/** Questions that were embedded so far. */
	embedded(): number;
	/** Waits until every turn is recorded: its answer is part of the session only then. */
	settle(): Promise<void>;
	/** Has a worker, by its name in the toml, do what it does at the times of a cron. */
	schedule(name: string, cron: string): Promise<void>;
	/** Variables that no worker has. */
	unknown: string[];
	stop(): Promise<void>;
}

/**
 * Starts the workers with an empty database.
 * @param variables over those of the tomls
 * @param vendor null = its stand-in answers
 */
export async function startWorkers(
	variables: ReadonlyMap<string, string>,
	vendor: LiveVendor | null,
): Promise<Workers> {
	const folder = createFolder();
	const port = await freePort();
	const devVars = new Map([...NO_GOLDEN_RUNS, ...variables, ...(vendor === null ? [] : variablesOf(vendor))]);
	const settings = { port, stateDir: join(folder, "state"), isVerbose: false, devVars };
	const { options, unused } = localWorkers(settings, localVariables(devVars, standInOrigin(port)));
	const recorder = createRecorder(vendor?.baseUrl);
	const outboundService = { node: nodeOutbound(recorder) };
	const workers = options(await watchBundles(() => undefined)).map((worker) =>
		CALLERS.includes(worker.name ?? "") ? { ...worker, outboundService } : worker,
	);
	const runtime = await startRuntime(settings, workers);
	const database = await runtime.getD1Database("DB", "gateway");
	const sql = async (text: string) => (await database.prepare(text).all<Record<string, unknown>>()).results;
	return {
		client: createClient(standInOrigin(port)),
		sql,
		exchanges: () => recorder.take(),
		embedded: () => recorder.embedded(),
		settle: () => settled(sql),
		async schedule(name, cron) {
			await (await runtime.getWorker(name)).scheduled({ cron });
		},
		unknown: unused,
		async stop() {
			await runtime.dispose();
			await stopBundler();
			removeFolder(folder);
		},
	};
}

function variablesOf({ apiKey, baseUrl }: LiveVendor): [string, string][] {
	return [
		["GEMINI_API_KEY", apiKey],
		["GEMINI_BASE_URL", baseUrl],
	];
}

async function settled(sql: Workers["sql"]): Promise<void> {
	const until = Date.now() + SETTLING_LIMIT_MS;
	while ((await sql("SELECT id FROM turns LIMIT 1")).length > 0) {
		if (Date.now() > until) throw new Error("A turn was not recorded in time.");
		await pause(POLL_MS);
	}
}
