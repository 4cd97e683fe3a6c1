import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { Json, V4WorkerOptions } from "miniflare";
import { parse } from "smol-toml";
import { isObject as isTable } from "../../lib/http/json.ts";
import type { Bundles } from "./bundles.ts";
import { embedder } from "./embedder.ts";
import { referenceFiles } from "./reference-files.ts";
import { databaseFlags, origins, pageOrigin, standInOrigin } from "./settings.ts";
import type { LocalSettings } from "./settings.ts";
import { stripePages } from "./stripe-pages.ts";
import type { LocalVariables } from "./variables.ts";
import { ROOT } from "../root.ts";

/** A configuration, or one of its environments, as TOML has it. */
type Table = Record<string, unknown>;

interface Deployment {
	/** The gateway's name for it. */
	binding: string;
	folder: "portal" | "chat" | "voice";
	/** The toml's environment; none = its top level. */
	environment?: string;
}

const DEPLOYMENTS: readonly Deployment[] = [
	{ binding: "PORTAL", folder: "portal" },
	{ binding: "CHAT", folder: "chat" },
	{ binding: "VOICE", folder: "voice" },
	{ binding: "CONVERSATION", folder: "voice", environment: "conversation" },
];

/** What a deployment has and a local run does not: where it is reached and runs, how it is packed, watched and scheduled. */
const NOT_LOCAL = [
	"main",
	"env",
	"routes",
	"workers_dev",
	"preview_urls",
	"placement",
	"minify",
	"keep_names",
	"keep_vars",
	"observability",
	"version_metadata",
	"upload_source_maps",
	"triggers",
	"build",
	"alias",
];
/** What `deployed` below turns into options. Anything else must be taught there first. */
const KNOWN = ["name", "compatibility_date", "compatibility_flags", "vars", "d1_databases", "ratelimits"];
/** Variables with browser origins, to which a local run adds its own. */
const ORIGIN_LISTS = ["PORTAL_ORIGINS", "LEGACY_ORIGINS"];
/** Enough for a person to see the stand-ins' answers stream, ms. */
const DEFAULT_CHUNK_GAP_MS = 50;
const STAND_INS = { name: "stand-ins", serviceBindings: { EMBEDDER: embedder } };

export interface LocalWorkers {
	/** One workerd's workers: the deployments as their tomls have them, but in development; the stand-ins; the gateway, the only one that listens. */
	options(bundles: Bundles): V4WorkerOptions[];
	/** What .dev.vars sets in vain: no worker has such a variable, or the key beside it is missing. */
	unused: string[];
}

/** @throws {Error} a toml has what a local run does not know */
export function localWorkers(settings: LocalSettings, local: LocalVariables): LocalWorkers {
	const deployments = DEPLOYMENTS.map((deployment) => ({
		...deployment,
		options: deployed(deployment, settings, local),
	}));
	const isUsed = ([name, value]: [string, string]): boolean =>
		deployments.some(({ options }) => options.bindings[name] === value);
	const gateway = gatewayOptions(deployments, settings, local);
	const standIns = {
		CHUNK_GAP_MS: String(settings.chunkGapMs ?? DEFAULT_CHUNK_GAP_MS),
		...stripePages(settings.port, local),
	};
	return {
		options: (bundles) => [
			{ ...gateway, ...code(bundles.gateway) },
			...deployments.map(({ folder, options }) => ({ ...options, ...code(bundles[folder]) })),
			{ ...common(gateway), ...STAND_INS, bindings: standIns, ...code(bundles.standIns) },
		],
		unused: [...settings.devVars].filter((entry) => !isUsed(entry)).map(([name]) => name),
	};
}

function code(contents: string): { modules: { type: "ESModule"; path: string; contents: string }[] } {
	return { modules: [{ type: "ESModule", path: "index.js", contents }] };
}

/** A deployment's options without its code. */
interface Options {
	name: string;
	compatibilityDate: string;
	compatibilityFlags: string[];
	bindings: Record<string, Json>;
	/** Database ids by binding. */
	d1Databases: Record<string, string>;
	ratelimits: Record<string, { namespace_id: string; simple: { limit: number; period: 10 | 60 } }>;
}

function common({
	compatibilityDate,
	compatibilityFlags,
}: Options): Pick<Options, "compatibilityDate" | "compatibilityFlags"> {
	return { compatibilityDate, compatibilityFlags };
}

function deployed(deployment: Deployment, settings: LocalSettings, local: LocalVariables): Options {
	const table = deploymentTable(deployment);
	const secrets = Object.keys(
		parseEnv(readFileSync(join(ROOT, "workers", deployment.folder, "secrets.example"), "utf8")),
	);
	const vars = Object.entries(isTable(table.vars) ? table.vars : {}).map(([name, value]) => [
		name,
		variable(name, value, settings, local),
	]);
	return {
		name: String(table.name),
		compatibilityDate: String(table.compatibility_date),
		compatibilityFlags: list(table.compatibility_flags).map(String),
		bindings: { ...Object.fromEntries(vars), ...pick(local.secrets, secrets) },
		d1Databases: Object.fromEntries(
			tables(table.d1_databases).map(({ binding, database_id }) => [String(binding), String(database_id)]),
		),
		ratelimits: Object.fromEntries(
			tables(table.ratelimits).map((limiter) => [String(limiter.name), rateLimit(limiter)]),
		),
	};
}

/** An environment inherits the runtime's version and nothing else that a local run has. */
function deploymentTable({ folder, environment }: Deployment): Table {
	const file = `wrangler-${folder}.toml`;
	const top: Table = parse(readFileSync(join(ROOT, file), "utf8"));
	const { compatibility_date, compatibility_flags } = top;
	const named = isTable(top.env) && environment !== undefined ? top.env[environment] : top;
	const table = { compatibility_date, compatibility_flags, ...(isTable(named) ? named : {}) };
	const foreign = Object.keys(table).find((key) => !KNOWN.includes(key) && !NOT_LOCAL.includes(key));
	if (foreign !== undefined)
		throw new Error(`${file} has ${foreign}, which a local run does not know yet: see workers/local/run/workers.ts.`);
	return table;
}

function variable(name: string, value: unknown, { port, devVars }: LocalSettings, { variables }: LocalVariables): Json {
	const replaced = variables.get(name);
	if (ORIGIN_LISTS.includes(name) && !devVars.has(name)) return [value, ...origins(port)].join(",");
	if (replaced !== undefined) return replaced;
	const plain: Json = JSON.parse(JSON.stringify(value));
	return plain;
}

function rateLimit({ namespace_id, simple }: Table): Options["ratelimits"][string] {
	const { limit, period } = isTable(simple) ? simple : {};
	return { namespace_id: String(namespace_id), simple: { limit: Number(limit), period: period === 10 ? 10 : 60 } };
}

function gatewayOptions(
	deployments: { binding: string; options: Options }[],
	{ port, stateDir }: LocalSettings,
	{ standIns, secrets }: LocalVariables,
) {
	const [portal] = deployments;
	if (portal === undefined) throw new Error("There is no deployment.");
	return {
		...portal.options,
		name: "gateway",
		bindings: {
			ORIGIN: pageOrigin(port),
			STAND_IN_ORIGIN: standInOrigin(port),
			STAND_IN_VENDORS: standIns.join(","),
			DATABASE_FLAGS: databaseFlags(stateDir),
			...(standIns.includes("Stripe") ? pick(secrets, ["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"]) : {}),
		},
		ratelimits: {},
		serviceBindings: {
			...Object.fromEntries(deployments.map(({ binding, options }) => [binding, options.name])),
			STAND_INS: "stand-ins",
			REFERENCE_FILES: referenceFiles,
		},
		unsafeDirectSockets: [{ host: "127.0.0.1", port }],
	};
}

function pick(secrets: ReadonlyMap<string, string>, names: string[]): Record<string, string> {
	return Object.fromEntries([...secrets].filter(([name]) => names.includes(name)));
}

function list(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}

function tables(value: unknown): Table[] {
	return list(value).filter(isTable);
}
