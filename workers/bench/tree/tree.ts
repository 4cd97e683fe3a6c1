/** A source tree of this repository, ours or another checkout: what it deploys, and its database. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { build } from "esbuild";
import type { Plugin } from "esbuild";
import { parse } from "smol-toml";

export type WorkerName = "portal" | "chat" | "voice";

/** A configuration or a part of it, as TOML has it. */
type Table = Record<string, unknown>;

/** A worker as its toml's top level deploys it. */
export interface WorkerSource {
	name: WorkerName;
	/** The bundle. */
	script: string;
	compatibilityDate: string;
	compatibilityFlags: string[];
	vars: Record<string, unknown>;
	/** Names of the rate-limit bindings. */
	limiters: string[];
}

export interface BundleOptions {
	/** As deployed: true. Readable names for a profile: false. */
	minify: boolean;
	plugins?: Plugin[];
	/** JavaScript before all else. */
	banner?: string;
}

const SQL_FILES = ["schema/portal-schema.sql", "schema/demo-data.sql"];

/** The schema and the demo data, in the order in which they are applied. */
export function databaseSql(root: string): string[] {
	return SQL_FILES.map((file) => readFileSync(join(root, file), "utf8"));
}

/**
 * Runs the toml's [build] and bundles the worker as wrangler would.
 * @param root folder of the tree; its packages must be installed or linked there
 * @throws {Error} the tree has no packages, or does not build
 */
export async function workerSource(root: string, name: WorkerName, options: BundleOptions): Promise<WorkerSource> {
	if (!existsSync(join(root, "node_modules/jose")))
		throw new Error(`${root} has no packages: run npm ci there, or link a node_modules into it.`);
	const toml: Table = parse(readFileSync(join(root, `wrangler-${name}.toml`), "utf8"));
	runBuild(root, toml.build);
	return {
		name,
		script: await bundle(root, toml, options),
		compatibilityDate: String(toml.compatibility_date),
		compatibilityFlags: list(toml.compatibility_flags).map(String),
		vars: isTable(toml.vars) ? toml.vars : {},
		limiters: list(toml.ratelimits)
			.filter(isTable)
			.map((limiter) => String(limiter.name)),
	};
}

function runBuild(root: string, section: unknown): void {
	if (!isTable(section)) return;
	// The tomls call `node`: the one that runs this, as npm would have it.
	const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
	const { status, stderr } = spawnSync(String(section.command), {
		cwd: root,
		env: { ...process.env, PATH },
		shell: true,
		encoding: "utf8",
	});
	if (status !== 0) throw new Error(`${String(section.command)} failed in ${root}:\n${stderr}`);
}

async function bundle(
	root: string,
	toml: Table,
	{ minify, plugins = [], banner = "" }: BundleOptions,
): Promise<string> {
	const aliases = Object.entries(isTable(toml.alias) ? toml.alias : {});
	const { outputFiles } = await build({
		absWorkingDir: root,
		entryPoints: [String(toml.main)],
		bundle: true,
		write: false,
		format: "esm",
		target: "es2024",
		minify,
		conditions: ["workerd", "worker", "browser"],
		mainFields: ["browser", "module", "main"],
		external: ["cloudflare:*", "node:*"],
		alias: Object.fromEntries(aliases.map(([from, to]) => [from, join(root, String(to))])),
		plugins,
		banner: { js: banner },
		logLevel: "warning",
	});
	return outputFiles[0]?.text ?? "";
}

function list(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}

function isTable(value: unknown): value is Table {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
