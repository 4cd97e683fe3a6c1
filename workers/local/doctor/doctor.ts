import { WRANGLER, runScript } from "../check/command.ts";
import { ROOT } from "../root.ts";
import { Refusal, readSettings } from "../run/settings.ts";
import { UsageError, parseArguments } from "./arguments.ts";
import { examine } from "./examine.ts";
import type { Wrangler } from "./gather/cloudflare.ts";
import { secretNames } from "./gather/tomls.ts";
import { report } from "./report.ts";

/** As long as a server may take to answer, ms. */
const SERVER_LIMIT_MS = 10_000;
/** As long as wrangler may take, which asks Cloudflare several times, ms. */
const WRANGLER_LIMIT_MS = 60_000;

/**
 * `npm run doctor`: what is wrong with a set-up, and the command that mends it. Ends with 1 when there is something to fix.
 *
 * KOBY_WRANGLER names another program than the repository's wrangler, a script for Node.
 */
async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
	const { place, isJson, token } = parseArguments(args, env);
	const findings = await examine({
		place,
		token,
		root: ROOT,
		local: readSettings(env),
		keys: keysOf(env),
		now: Date.now(),
		fetch,
		wrangler: wrangler(env.KOBY_WRANGLER ?? WRANGLER),
		limitMs: SERVER_LIMIT_MS,
	});
	const { text, exitCode } = report(findings, place, isJson);
	console.log(text);
	process.exitCode = exitCode;
}

/** The secrets that the shell has, by name. */
function keysOf(env: NodeJS.ProcessEnv): Map<string, string> {
	const names = ["portal", "chat", "voice"].flatMap(secretNames);
	const given = names.map((name) => [name, (env[name] ?? "").trim()] as const);
	return new Map(given.filter(([, value]) => value !== ""));
}

function wrangler(script: string): Wrangler {
	return (args) => runScript(script, args, ROOT, WRANGLER_LIMIT_MS);
}

try {
	await main(process.argv.slice(2), process.env);
} catch (error) {
	if (!(error instanceof UsageError) && !(error instanceof Refusal)) throw error;
	console.error(error.message);
	process.exitCode = 2;
}
