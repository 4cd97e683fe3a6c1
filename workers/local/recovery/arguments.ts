import { parseArgs } from "node:util";

const DATABASE = "koby-portal-db";

/** Where a database is, and what wrangler is told of a remote one. */
export interface Place {
	isLocal: boolean;
	/** Its name: an environment's own, as for `npm run migrate`. */
	name: string;
	flags: string[];
}

interface Asked extends Place {
	isApplied: boolean;
	/** What stands behind the options. */
	words: string[];
	/** Of `recount`: an org, and UTC days. */
	org: string | undefined;
	from: string | undefined;
	to: string | undefined;
}

/** How a command is used, and which option lets it write. */
export interface Command {
	use: string;
	apply: "yes" | "mend";
}

const DATE = /^\d{4}-\d\d-\d\d$/;

/**
 * What a command line asks for. Without a place it is the local database.
 * @throws {Error} with the usage
 */
export function askedOf(args: readonly string[], { use, apply }: Command): Asked {
	const flag = { type: "boolean", default: false } as const;
	const text = { type: "string" } as const;
	const options = { local: flag, env: text, yes: flag, mend: flag, org: text, from: text, to: text };
	try {
		const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
		const { local, env, org, from, to } = values;
		const isKnown = env === undefined || env === "staging" || env === "production";
		const isDated = [from, to].every((date) => date === undefined || DATE.test(date));
		const isOther =
			apply === "yes" ? values.mend || org !== undefined || from !== undefined || to !== undefined : values.yes;
		if (!isKnown || !isDated || isOther || (local && env !== undefined)) throw new Error(use);
		return { ...placeOf(env), isApplied: values[apply], words: positionals, org, from, to };
	} catch {
		throw new Error(use);
	}
}

function placeOf(env: string | undefined): Place {
	const config = ["--config", "wrangler-portal.toml"];
	if (env === undefined) return { isLocal: true, name: DATABASE, flags: [] };
	if (env === "production") return { isLocal: false, name: DATABASE, flags: [...config, "--remote"] };
	return { isLocal: false, name: `${DATABASE}-${env}`, flags: [...config, "--remote", "--env", env] };
}
