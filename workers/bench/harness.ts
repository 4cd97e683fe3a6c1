import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
import type { Json, V4WorkerOptions } from "miniflare";
import { unstable_readConfig } from "wrangler";

const WRANGLER = "node_modules/wrangler/bin/wrangler.js";
const QUIET = { ...process.env, CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_SEND_METRICS: "false" };
const UNLIMITED = { simple: { limit: 1_000_000_000, period: 60 as const } };

export interface Bench {
	/** The base URL of a worker: portal, portal-large, chat, voice or floor; straight on workerd, no proxy between. */
	url: (worker: string) => string;
	/** A Clerk session token of org_chadis' admin, an hour valid. */
	token: string;
	/** Runs SQL on the database that all but portal-large share. */
	run: (sql: string) => Promise<void>;
	/** The number that a query on it gives in its column n. */
	count: (sql: string) => Promise<number>;
	/** Has the portal do what it does at the times of a cron, to its end. */
	schedule: (cron: string) => Promise<void>;
	/** Runs SQL on portal-large's own. */
	runLarge: (sql: string) => Promise<void>;
	/** Minified bundle by worker, bytes after gzip. */
	bundleBytes: Record<string, number>;
	stop: () => Promise<void>;
}

interface Bundle {
	script: string;
	bytes: number;
}

function build(args: string[], outdir: string): void {
	const { status, stderr } = spawnSync(process.execPath, [WRANGLER, ...args, "--dry-run", "--outdir", outdir], {
		env: QUIET,
		encoding: "utf8",
	});
	if (status !== 0) throw new Error(`wrangler ${args.join(" ")} failed:\n${stderr}`);
}

function bundle(worker: string, dir: string): Bundle {
	const outdir = join(dir, worker);
	const target = { floor: "workers/bench/floor.ts", "stand-ins": "workers/local/stand-ins/worker.ts" }[worker];
	const plain = [
		"deploy",
		target ?? "",
		"--name",
		worker,
		"--compatibility-date",
		configuration("portal").compatibility.compatibilityDate,
		"--minify",
	];
	build(target === undefined ? ["deploy", "--config", `wrangler-${worker}.toml`] : plain, outdir);
	const script = join(
		outdir,
		target === undefined ? "index.js" : (target.split("/").pop() ?? "").replace(/\.ts$/, ".js"),
	);
	return { script: readFileSync(script, "utf8"), bytes: gzipSync(readFileSync(script)).byteLength };
}

/** What a benchmark needs of a toml's top level. */
function configuration(worker: string): {
	vars: Record<string, Json>;
	compatibility: { compatibilityDate: string; compatibilityFlags: string[] };
} {
	const config = unstable_readConfig({ config: `wrangler-${worker}.toml` });
	return {
		vars: { ...(config.vars as Record<string, Json>), ENVIRONMENT: "development" },
		compatibility: {
			compatibilityDate: config.compatibility_date ?? "",
			compatibilityFlags: config.compatibility_flags,
		},
	};
}

const CLERK_HOST = "bench-clerk-1.clerk.accounts.dev";
const SECRETS: Record<string, Record<string, string>> = {
	portal: { CLERK_DOMAIN: CLERK_HOST },
	"portal-large": { CLERK_DOMAIN: CLERK_HOST },
	chat: { GEMINI_API_KEY: randomUUID() },
	voice: { ELEVENLABS_API_KEY: randomUUID() },
	floor: { GEMINI_API_KEY: randomUUID(), ELEVENLABS_API_KEY: randomUUID() },
};
const PORTAL_LIMITERS = ["IP_LIMITER", "USER_LIMITER", "FAILED_TOKEN_LIMITER"];
const LIMITERS: Record<string, string[]> = {
	portal: PORTAL_LIMITERS,
	"portal-large": PORTAL_LIMITERS,
	chat: ["IP_LIMITER", "SESSION_LIMITER", "SITE_LIMITER", "LEGACY_LIMITER"],
	voice: ["IP_LIMITER", "SITE_LIMITER", "LEGACY_LIMITER"],
	floor: ["LIMITER"],
};

/** The worker whose code and toml a name runs: portal-large is the portal over a database of its own. */
function sourceOf(name: string): string {
	return name === "portal-large" ? "portal" : name;
}

function worker(name: string, script: string): V4WorkerOptions {
	const limiters = (LIMITERS[name] ?? []).map(
		(limiter, index) => [limiter, { namespace_id: `${name}${index}`, ...UNLIMITED }] as const,
	);
	const isOfBench = name === "floor" || name === "stand-ins";
	const { vars, compatibility } = configuration(isOfBench ? "portal" : sourceOf(name));
	return {
		name,
		modules: [{ type: "ESModule" as const, path: `${name}.js`, contents: script }],
		...compatibility,
		bindings: { ...(isOfBench ? {} : vars), ...SECRETS[name] },
		d1Databases: { DB: name === "portal-large" ? "large" : "bench" },
		ratelimits: Object.fromEntries(limiters),
		...(name === "stand-ins" ? {} : { outboundService: "stand-ins" }),
		unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
	};
}

/** One workerd without a word but of errors. */
async function start(workers: V4WorkerOptions[]): Promise<Miniflare> {
	const mf = new Miniflare(
		convertV4MiniflareOptions({
			handleStructuredLogs: ({ level, message }) => level === "error" && console.error(message),
			workers,
		}),
	);
	await mf.ready;
	return mf;
}

const directUrl = async (mf: Miniflare, name: string) => String(await mf.unsafeGetDirectURL(name)).replace(/\/$/, "");

/** Makes the demo database behind a worker's binding. */
async function database(mf: Miniflare, name: string) {
	const db = await mf.getD1Database("DB", name);
	for (const file of ["schema/portal-schema.sql", "schema/demo-data.sql"])
		await db.prepare(readFileSync(file, "utf8")).run();
	return db;
}

/** Builds the workers as they are deployed and starts them in one workerd, with the demo database. */
export async function startBench(): Promise<Bench> {
	const dir = mkdtempSync(join(tmpdir(), "koby-bench-"));
	const names = ["portal", "chat", "voice", "floor", "stand-ins"];
	const bundles = new Map(names.map((name) => [name, bundle(name, dir)]));
	const started = [...names, "portal-large"];
	const mf = await start(started.map((name) => worker(name, bundles.get(sourceOf(name))?.script ?? "")));
	const urls = new Map<string, string>();
	for (const name of started) urls.set(name, await directUrl(mf, name));
	const [db, large] = [await database(mf, "floor"), await database(mf, "portal-large")];
	// Its daily run makes the sample data's knowledge searchable, so that a turn has something to find.
	for (const name of ["portal", "portal-large"]) await (await mf.getWorker(name)).scheduled({ cron: "at the start" });
	return {
		url: (name) => urls.get(name) ?? "",
		token: await signIn(urls.get("stand-ins") ?? ""),
		run: async (sql) => void (await db.prepare(sql).run()),
		count: async (sql) => Number(await db.prepare(sql).first("n")),
		schedule: async (cron) => void (await (await mf.getWorker("portal")).scheduled({ cron })),
		runLarge: async (sql) => void (await large.prepare(sql).run()),
		bundleBytes: Object.fromEntries([...bundles].map(([name, { bytes }]) => [name, bytes])),
		stop: async () => {
			await mf.dispose();
			rmSync(dir, { recursive: true, force: true });
		},
	};
}

/** Starts the voice worker alone with the demo database. Its vendor answers in this process, so that the vendor's memory is not workerd's. */
export async function startVoice(
	vendor: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
): Promise<{ url: string; stop: () => Promise<void> }> {
	const dir = mkdtempSync(join(tmpdir(), "koby-bench-"));
	const { script } = bundle("voice", dir);
	rmSync(dir, { recursive: true, force: true });
	const mf = await start([{ ...worker("voice", script), outboundService: { node: vendor } }]);
	await database(mf, "voice");
	return { url: await directUrl(mf, "voice"), stop: () => mf.dispose() };
}

/** Has the Clerk stand-in mint a token of the host that the portal trusts. */
async function signIn(standIns: string): Promise<string> {
	const response = await fetch(`${standIns}/control/clerk/token`, {
		method: "POST",
		headers: { "Content-Type": "application/json" },
		body: JSON.stringify({
			host: CLERK_HOST,
			user_id: "user_bench",
			org_id: "org_chadis",
			org_role: "admin",
			version: 2,
			expires_in: 3600,
		}),
	});
	const body = await response.text();
	if (!response.ok) throw new Error(`the Clerk stand-in minted no token: ${body}`);
	return body.startsWith("{") ? String(JSON.parse(body).token) : body;
}
