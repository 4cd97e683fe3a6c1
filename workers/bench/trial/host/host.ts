/**
 * The process that runs the workers of a trial: a local run whose vendors answer in this process, so that a cut or a reset
 * is one, and whose workers' D1 fails as often as it is told. It is told by messages, and killed.
 */
import { join } from "node:path";
import { build } from "esbuild";
import type { Miniflare, V4WorkerOptions } from "miniflare";
import { watchBundles } from "../../../local/run/bundles.ts";
import { nodeOutbound } from "../../../local/run/outbound.ts";
import { startRuntime } from "../../../local/run/runtime.ts";
import { readSettings } from "../../../local/run/settings.ts";
import { localVariables } from "../../../local/run/variables.ts";
import { standInOrigin } from "../../../local/run/settings.ts";
import { localWorkers } from "../../../local/run/workers.ts";
import { createStandIns } from "../../../local/stand-ins/index.ts";
import type { Command, HostOptions, Numbered, Ready, Reply } from "./messages.ts";
import { control, faultyStandIns } from "./vendors.ts";

/** The workers that are on trial, by their names in the tomls. */
const ON_TRIAL = ["koby-portal", "chadis-chat", "chadis-voice", "chadis-voice-conversation"];
/** So many requests of one site and one user in a minute are the trial's; limits of one client stay as they are. */
const OPENED = ["SITE_LIMITER", "USER_LIMITER"];
const OPEN = { limit: 1_000_000, period: 60 } as const;

const options: HostOptions = JSON.parse(process.env.TRIAL ?? "");
const settings = readSettings(process.env);
const standIns = faultyStandIns(createStandIns({ chunkGapMs: options.chunkGapMs, adoptsCustomers: true }), options);

async function entryModule(): Promise<string> {
	const { outputFiles } = await build({
		entryPoints: [join(import.meta.dirname, "inside/faulty.ts")],
		bundle: true,
		write: false,
		format: "esm",
		target: "es2024",
		external: ["koby-worker", "cloudflare:workers"],
		logLevel: "warning",
	});
	return outputFiles[0]?.text ?? "";
}

type LocalWorker = V4WorkerOptions & { modules: { type: "ESModule"; path: string; contents: string }[] };

/** A worker behind the trial's entry, on a socket of its own. */
function onTrial(worker: LocalWorker, entry: string): V4WorkerOptions {
	const [bundle] = worker.modules;
	return {
		...worker,
		modules: [
			{ type: "ESModule", path: "entry.js", contents: entry },
			{ type: "ESModule", path: "koby-worker", contents: bundle?.contents ?? "" },
		],
		bindings: {
			...worker.bindings,
			TRIAL_NAME: worker.name ?? "",
			TRIAL_SEED: options.seed,
			TRIAL_D1_FAULTS: options.d1Faults,
		},
		ratelimits: Object.fromEntries(
			Object.entries(worker.ratelimits ?? {}).map(([name, limit]) => [
				name,
				OPENED.includes(name) ? { ...limit, simple: OPEN } : limit,
			]),
		),
		outboundService: { node: nodeOutbound(standIns) },
		unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
	};
}

async function start(): Promise<{ runtime: Miniflare; ready: Ready }> {
	const local = localVariables(settings.devVars, standInOrigin(settings.port));
	const workers = localWorkers(settings, local).options(await watchBundles(() => undefined));
	const entry = await entryModule();
	const runtime = await startRuntime(
		{ ...settings, isVerbose: true },
		workers.map((worker) => (isOnTrial(worker) ? onTrial(worker, entry) : worker)),
	);
	const urls: Record<string, string> = { gateway: `http://127.0.0.1:${settings.port}` };
	for (const name of ON_TRIAL) urls[name] = String(await runtime.unsafeGetDirectURL(name)).replace(/\/$/, "");
	const secretOf = (name: string): string => local.secrets.get(name) ?? "";
	const ready: Ready = {
		isReady: true,
		urls,
		clerkHost: secretOf("CLERK_DOMAIN"),
		stripeKey: secretOf("STRIPE_SECRET_KEY"),
		webhookSecret: secretOf("STRIPE_WEBHOOK_SECRET"),
	};
	return { runtime, ready };
}

function isOnTrial(worker: V4WorkerOptions): worker is LocalWorker {
	return ON_TRIAL.includes(worker.name ?? "") && "modules" in worker && Array.isArray(worker.modules);
}

async function obey(runtime: Miniflare, urls: Record<string, string>, command: Command): Promise<unknown> {
	switch (command.kind) {
		case "sql": {
			const database = await runtime.getD1Database("DB", "gateway");
			return (await database.prepare(command.sql).all()).results;
		}
		case "scheduled":
			return (await runtime.getWorker(command.worker)).scheduled({
				cron: command.cron,
				scheduledTime: new Date(command.at),
			});
		case "standIns":
			return control(standIns, command.path, command.body);
		case "faults":
			standIns.setFaults(command.isOn);
			return askWorkers(urls, command.isOn ? "on" : "off");
		case "counts":
			return { vendor: standIns.counts, d1: await askWorkers(urls, "counts") };
	}
}

/** Asks the entry of each worker. */
async function askWorkers(urls: Record<string, string>, word: string): Promise<Record<string, unknown>> {
	const answers = ON_TRIAL.map(async (name) => [name, await (await fetch(`${urls[name]}/trial/${word}`)).json()]);
	return Object.fromEntries(await Promise.all(answers));
}

function tell(message: Ready | Reply): void {
	process.send?.(message);
}

const { runtime, ready } = await start();
process.on("message", ({ number, command }: Numbered) => {
	obey(runtime, ready.urls, command).then(
		(result) => tell({ number, result }),
		(error: unknown) => tell({ number, error: error instanceof Error ? error.message : String(error) }),
	);
});
// A host without its trial is of no use.
process.on("disconnect", () => process.exit());
tell(ready);
