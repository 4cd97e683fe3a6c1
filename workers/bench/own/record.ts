/** The recording pass: a worker runs over a real D1 and its vendors' stand-ins, and all that it was answered is kept. */
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
import type { Json } from "miniflare";
import { nodeOutbound } from "../../local/run/outbound.ts";
import { createStandIns } from "../../local/stand-ins/index.ts";
import type { StandIns } from "../../local/stand-ins/index.ts";
import type { Database } from "../knowledge/orgs.ts";
import { databaseSql } from "../tree/tree.ts";
import type { WorkerSource } from "../tree/tree.ts";
import { insideModule, recordingModule } from "./modules.ts";
import type { Recorded, Recording, VendorAnswer } from "./recording.ts";

const CLERK_HOST = "bench-clerk-1.clerk.accounts.dev";
/** Longer than any run. */
const TOKEN_SECONDS = 86_400;
const SECRETS = { CLERK_DOMAIN: CLERK_HOST, GEMINI_API_KEY: "bench-gemini", ELEVENLABS_API_KEY: "bench-elevenlabs" };

/** A worker under recording. */
export interface Recorder {
	url: string;
	/** A session token of the customer's admin that outlasts any run. */
	token: string;
	/** What was recorded so far. */
	told(): Promise<Recorded>;
	vendors(): VendorAnswer[];
	/** Has the portal do what it does at the times of a cron, to its end. */
	schedule(cron: string): Promise<void>;
	stop(): Promise<void>;
}

/** Bindings of a worker, D1 and the limiters apart. */
function bindingsOf({ vars }: WorkerSource): Record<string, unknown> {
	return { ...vars, ENVIRONMENT: "development", ...SECRETS };
}

/** A recording of a worker's bindings, empty otherwise. */
export function emptyRecording(source: WorkerSource): Recording {
	return { bindings: bindingsOf(source), limiters: source.limiters, statements: {}, vendors: [], clips: [] };
}

/** What a recording begins with. */
interface RecorderOptions {
	/** Where the database's file is to be left; absent = it goes with the process. */
	databaseDir?: string;
	/** What else the database holds than the demo. */
	prepare?: ((db: Database) => Promise<void>) | undefined;
}

/** Starts a worker over a fresh demo database; `portal` makes its knowledge searchable by its daily run first. */
export async function startRecorder(
	root: string,
	source: WorkerSource,
	portal: WorkerSource,
	{ databaseDir, prepare }: RecorderOptions = {},
): Promise<Recorder> {
	const standIns = createStandIns();
	const vendors = new Map<string, VendorAnswer>();
	const runtime = new Miniflare(
		convertV4MiniflareOptions({
			workers: [
				await options("measured", source, recordedStandIns(standIns, vendors)),
				await options("daily", portal, standIns),
			],
			cf: false,
			...(databaseDir === undefined ? {} : { resourcePersistencePath: databaseDir }),
			handleStructuredLogs: ({ level, message }) => level === "error" && console.error(message),
		}),
	);
	const [, told] = [await runtime.ready, await runtime.unsafeGetDirectURL("measured", "told")];
	const db = await runtime.getD1Database("DB", "measured");
	for (const sql of databaseSql(root)) await db.prepare(sql).run();
	await (await runtime.getWorker("daily")).scheduled({ cron: "at the start" });
	await prepare?.(db);
	return {
		url: String(await runtime.unsafeGetDirectURL("measured")).replace(/\/$/, ""),
		token: await signIn(standIns),
		told: async () => JSON.parse(await (await fetch(told)).text()),
		vendors: () => [...vendors.values()],
		schedule: async (cron) => void (await (await runtime.getWorker("daily")).scheduled({ cron })),
		stop: () => runtime.dispose(),
	};
}

async function options(name: string, source: WorkerSource, standIns: StandIns) {
	const socket = { host: "127.0.0.1", port: 0 };
	return {
		name,
		modules: [
			{ type: "ESModule" as const, path: "entry.js", contents: await insideModule("recorder") },
			{ type: "ESModule" as const, path: "koby-worker", contents: source.script },
			{ type: "ESModule" as const, path: "koby-recording", contents: recordingModule(emptyRecording(source)) },
		],
		compatibilityDate: source.compatibilityDate,
		compatibilityFlags: source.compatibilityFlags,
		bindings: bindingsOf(source) as Record<string, Json>,
		d1Databases: { DB: "recorded" },
		outboundService: { node: nodeOutbound(standIns) },
		unsafeDirectSockets: name === "measured" ? [socket, { ...socket, entrypoint: "told" }] : [],
	};
}

/** The stand-ins, their answers written down with every write apart. */
function recordedStandIns(standIns: StandIns, kept: Map<string, VendorAnswer>): StandIns {
	return {
		async fetch(request) {
			const { method } = request;
			// The runtime hands requests over without their scheme; every vendor is called by https.
			const url = request.url.replace(/^http:/, "https:");
			const response = await standIns.fetch(request);
			const chunks: Uint8Array[] = [];
			if (response.body !== null) for await (const chunk of response.body) chunks.push(chunk);
			const { status, headers } = response;
			const name = `${method} ${url}`;
			const answer = {
				method,
				url,
				status,
				headers: [...headers],
				chunks: chunks.map((chunk) => Buffer.from(chunk).toString("base64")),
			};
			// As the statements: what was answered first.
			if (!kept.has(name)) kept.set(name, answer);
			return new Response(chunks.length === 0 ? null : Buffer.concat(chunks), { status, headers });
		},
	};
}

async function signIn(standIns: StandIns): Promise<string> {
	const response = await standIns.fetch(
		new Request("http://stand-ins.test/control/clerk/token", {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify({
				host: CLERK_HOST,
				user_id: "user_bench",
				org_id: "org_chadis",
				org_role: "admin",
				expires_in: TOKEN_SECONDS,
			}),
		}),
	);
	const body = await response.text();
	if (!response.ok) throw new Error(`The Clerk stand-in minted no token: ${body}`);
	return body.startsWith("{") ? String(JSON.parse(body).token) : body;
}
