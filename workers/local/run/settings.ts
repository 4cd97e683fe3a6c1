import { existsSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { parseEnv } from "node:util";
import { ROOT } from "../root.ts";

const DEFAULT_PORT = 8787;
/** Where local state lies, as wrangler has it. */
export const DEFAULT_STATE = ".wrangler/state";

/** A start that cannot be: its message is all that is said. */
export class Refusal extends Error {}

/** What the environment and .dev.vars say. */
export interface LocalSettings {
	port: number;
	/** Where D1, cache and limiters lie; the folder that wrangler's --persist-to means. */
	stateDir: string;
	/** LOG=verbose: all that workers and runtime say. */
	isVerbose: boolean;
	/** Pause between the chunks of the stand-ins' streams, ms; absent = long enough for a person to see them stream. */
	chunkGapMs?: number;
	/** .dev.vars, blanks left out. */
	devVars: Map<string, string>;
}

/**
 * @param env PORT (default 8787), KOBY_STATE_DIR (default .wrangler/state), KOBY_DEV_VARS (default .dev.vars), LOG,
 * KOBY_CHUNK_GAP_MS
 * @throws {Refusal} PORT is no port
 */
export function readSettings(env: NodeJS.ProcessEnv): LocalSettings {
	const port = env.PORT === undefined || env.PORT === "" ? DEFAULT_PORT : Number(env.PORT);
	if (!Number.isInteger(port) || port < 1 || port > 65_535)
		throw new Refusal("PORT must be a whole number from 1 to 65535.");
	return {
		port,
		stateDir: resolve(ROOT, env.KOBY_STATE_DIR ?? DEFAULT_STATE),
		isVerbose: env.LOG === "verbose",
		...(env.KOBY_CHUNK_GAP_MS === undefined ? {} : { chunkGapMs: Number(env.KOBY_CHUNK_GAP_MS) }),
		devVars: readDevVars(resolve(ROOT, env.KOBY_DEV_VARS ?? ".dev.vars")),
	};
}

function readDevVars(path: string): Map<string, string> {
	if (!existsSync(path)) return new Map();
	const entries = Object.entries(parseEnv(readFileSync(path, "utf8")));
	return new Map(
		entries.flatMap(([name, value]) =>
			value === undefined || value.trim() === "" ? [] : [[name, value.trim()] as const],
		),
	);
}

/** Flags that make wrangler, run in the repository, use this run's database. */
export function databaseFlags(stateDir: string): string {
	const flags = "--config wrangler-portal.toml --local";
	if (stateDir === resolve(ROOT, DEFAULT_STATE)) return flags;
	return `${flags} --persist-to '${stateDir}'`;
}

/** Where the dashboard runs in development: Next.js' own default. */
const DASHBOARD_ORIGIN = "http://localhost:3000";

/** Where people reach the local run's page. */
export function pageOrigin(port: number): string {
	return `http://localhost:${port}`;
}

/** Where this run's stand-ins are reached. By address: a name may first be tried over IPv6, where nobody listens. */
export function standInOrigin(port: number): string {
	return `http://127.0.0.1:${port}`;
}

/** Browser origins that a local run admits beside those of the tomls. */
export function origins(port: number): string[] {
	return [DASHBOARD_ORIGIN, pageOrigin(port), `http://127.0.0.1:${port}`];
}

/** A path as people in the repository see it. */
export function shown(path: string): string {
	const fromRoot = relative(ROOT, path);
	return fromRoot.startsWith("..") ? path : fromRoot;
}
