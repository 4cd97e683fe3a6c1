import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SCHEMA_VERSION } from "../../../lib/d1/schema-version.ts";
import { EVENTS_API_VERSION, HANDLED_EVENTS } from "../../../portal/events/handled-events.ts";
import { WORKERS } from "../../check/deployments.ts";
import type { CommandResult } from "../../check/command.ts";
import { writeDatabaseId } from "../../check/database-ids.ts";
import { ROOT } from "../../root.ts";
import { createSigningKey } from "../../stand-ins/clerk/clerk-token.ts";
import { examine } from "../examine.ts";
import type { Finding } from "../finding.ts";
import type { Wrangler } from "../gather/cloudflare.ts";
import { secretNames } from "../gather/tomls.ts";
import type { Servers } from "./servers.ts";
import { wranglerStandIn } from "./wrangler.ts";
import type { AccountState } from "./wrangler.ts";

/** When the doctor looks. */
const NOW = Date.parse("2026-11-29T12:00:00.000Z");
export const DATABASE_ID = "0f7d2c4e-9a1b-4c3d-8e5f-6a7b8c9d0e1f";
export const STAGING_ID = "1f7d2c4e-9a1b-4c3d-8e5f-6a7b8c9d0e1f";
export const AGENT = "agent_good";
const HOSTS = { production: "portal-worker.koby.ai", staging: "staging.portal-worker.koby.ai" };
const CONFIGS = {
	production: {
		portal: ["wrangler-portal.toml "],
		chat: ["wrangler-chat.toml "],
		voice: ["wrangler-voice.toml ", "wrangler-voice.toml conversation"],
	},
	staging: {
		portal: ["wrangler-portal.toml staging"],
		chat: ["wrangler-chat.toml staging"],
		voice: ["wrangler-voice.toml staging", "wrangler-voice.toml staging-conversation"],
	},
};

type DeployedPlace = keyof typeof HOSTS;

/** A set-up that is good until a test changes it. */
export interface TestSetup {
	place: DeployedPlace;
	servers: Servers;
	folder: string;
	account: AccountState;
	database: DatabaseSync;
	/** The secrets at hand. */
	keys: Map<string, string>;
	/** What the portal answers staff, and with which status. */
	toldStatus: number;
	told: Record<string, unknown>;
	health: { status: number; body: unknown };
	/** What wrangler prints instead, whatever it is asked. */
	broken: CommandResult | undefined;
	/** Wrangler in place of the stand-in in this process. */
	wrangler: Wrangler | undefined;
	token: string | undefined;
	limitMs: number;
	/** Writes a toml anew. */
	edit(file: string, from: string | RegExp, to: string): void;
	/** A fault of the stand-ins' for calls with one of the keys. */
	fault(key: string, fault: Record<string, unknown>): Promise<void>;
}

export async function goodSetup(servers: Servers, place: DeployedPlace = "production"): Promise<TestSetup> {
	const folder = mkdtempSync(join(tmpdir(), "koby-doctor-"));
	for (const { config } of WORKERS) {
		const text = readFileSync(join(ROOT, config), "utf8");
		writeFileSync(
			join(folder, config),
			text.replaceAll('ELEVENLABS_AGENT_ID = ""', `ELEVENLABS_AGENT_ID = "${AGENT}"`),
		);
	}
	writeDatabaseId(folder, "production", DATABASE_ID);
	writeDatabaseId(folder, "staging", STAGING_ID);
	const keys = await goodVendors(servers, place);
	const database = goodDatabase();
	const crons = database.prepare("SELECT worker, cron, ended_at FROM cron_runs").all();
	return {
		...{ place, servers, folder, keys, database, account: goodAccount(place) },
		toldStatus: 200,
		told: { ...goodPortal(String(keys.get("CLERK_DOMAIN")), place), crons },
		health: { status: 200, body: { status: "ok", worker: "koby-portal", schema: versions(SCHEMA_VERSION) } },
		...{ broken: undefined, wrangler: undefined, token: "token-of-staff", limitMs: 5000 },
		edit(file, from, to) {
			const text = readFileSync(join(folder, file), "utf8");
			if (text.replace(from, to) === text) throw new Error(`${file} has no ${String(from)}`);
			writeFileSync(join(folder, file), text.replace(from, to));
		},
		fault: (key, fault) => servers.control("faults", { credential: keys.get(key), faults: [fault] }),
	};
}

export function versions(found: number): { expected: number; found: number } {
	return { expected: SCHEMA_VERSION, found };
}

function goodAccount(place: DeployedPlace): AccountState {
	const folders = ["portal", "chat", "voice"] as const;
	return {
		databases: [
			{ name: "koby-portal-db", uuid: DATABASE_ID },
			{ name: "koby-portal-db-staging", uuid: STAGING_ID },
		],
		secrets: Object.fromEntries(
			folders.flatMap((folder) => CONFIGS[place][folder].map((config) => [config, secretNames(folder)] as const)),
		),
	};
}

/** The real schema, whose sample engines name their pages, and whose scheduled runs have just ended. */
function goodDatabase(): DatabaseSync {
	const database = new DatabaseSync(":memory:");
	database.exec(readFileSync(join(ROOT, "schema/portal-schema.sql"), "utf8"));
	database.exec(`UPDATE portal_sites SET allowed_origins = '["https://www.chadis.com"]'`);
	const runs = [
		["koby-portal", "17 3 * * *", "2026-11-29T03:17:20.000Z"],
		["koby-portal", "*/5 * * * *", "2026-11-29T11:55:02.000Z"],
		["chadis-chat", "* * * * *", "2026-11-29T11:59:01.000Z"],
		["chadis-chat", "*/5 * * * *", "2026-11-29T11:55:01.000Z"],
		["chadis-voice-conversation", "*/5 * * * *", "2026-11-29T11:55:01.000Z"],
	] as const;
	const insert = database.prepare("INSERT INTO cron_runs (worker, cron, ended_at) VALUES (?1, ?2, ?3)");
	for (const run of runs) insert.run(...run);
	return database;
}

async function goodVendors({ control }: Servers, place: DeployedPlace): Promise<Map<string, string>> {
	const mode = place === "production" ? "live" : "test";
	const id = randomUUID().replaceAll("-", "");
	const keys = new Map([
		["CLERK_DOMAIN", `clerk-${id}.example`],
		["CLERK_SECRET_KEY", `sk_${mode}_clerk${id}`],
		["STRIPE_SECRET_KEY", `sk_${mode}_${id}`],
		["STRIPE_WEBHOOK_SECRET", `whsec_${id}`],
		["GEMINI_API_KEY", `AQ.${id}`],
		["ELEVENLABS_API_KEY", `xi-${id}`],
	]);
	const { publicJwk } = await createSigningKey();
	for (const name of ["CLERK_DOMAIN", "CLERK_SECRET_KEY"])
		await control("clerk/keys", { host: keys.get(name), keys: [publicJwk] });
	const endpoint = { id: "we_good", url: `https://${HOSTS[place]}/webhooks/stripe`, enabled_events: HANDLED_EVENTS };
	await control("stripe/state", {
		credential: keys.get("STRIPE_SECRET_KEY"),
		webhook_endpoints: [{ ...endpoint, api_version: EVENTS_API_VERSION }],
	});
	await control("elevenlabs/agents", { id: AGENT });
	return keys;
}

function goodPortal(domain: string, place: DeployedPlace): Record<string, unknown> {
	return {
		worker: "koby-portal",
		environment: place,
		version: "v-1",
		secrets: secretNames("portal").map((name) => ({ name, present: true })),
		unusable: [],
		schema: versions(SCHEMA_VERSION),
		clerk: { issuer: `https://${domain}`, keys: "reachable" },
		stripe_mode: place === "production" ? "live" : "test",
		limiters: [{ name: "IP_LIMITER", bound: true }],
	};
}

/** What the doctor finds in a set-up. */
export async function findingsOf(setup: TestSetup): Promise<Finding[]> {
	const { servers, account, database, folder } = setup;
	servers.servePortal(HOSTS[setup.place], {
		"/health": setup.health,
		"/portal/doctor": { status: setup.toldStatus, body: setup.told },
	});
	try {
		return await examine({
			...{ place: setup.place, root: folder, now: NOW, keys: setup.keys, token: setup.token },
			...{ fetch: servers.fetch, limitMs: setup.limitMs },
			local: { port: 1, stateDir: folder, isVerbose: false, devVars: new Map() },
			async wrangler(args) {
				if (setup.broken !== undefined) return setup.broken;
				if (setup.wrangler !== undefined) return setup.wrangler(args);
				const { exitCode, stdout, stderr } = wranglerStandIn(account, database, args);
				return { exitCode, stdout, output: stdout + stderr };
			},
		});
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** What is not as it should be. */
export function faultsIn(findings: readonly Finding[]): Finding[] {
	return findings.filter(({ level }) => level !== "ok");
}
