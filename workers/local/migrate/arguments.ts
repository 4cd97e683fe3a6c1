import { parseArgs } from "node:util";

const DATABASE = "koby-portal-db";
const USE =
	"Use: npm run migrate -- --local [--persist-to DIR], npm run migrate -- --remote, or npm run migrate -- --remote --env staging.";

/** What wrangler is told of the database that is to be migrated. */
export interface Target {
	/** The database's name: an environment's own, since production's would act on production whatever `--env` says. */
	name: string;
	flags: string[];
}

/** @throws {Error} with the usage: another option, both places or none, an environment that there is not */
export function targetOf(args: readonly string[]): Target {
	const { local, remote, env, "persist-to": folder } = parse(args);
	const isMeant = local !== remote && (env === undefined || env === "staging") && (folder === undefined || local);
	if (!isMeant) throw new Error(USE);
	return {
		name: env === undefined ? DATABASE : `${DATABASE}-${env}`,
		flags: [
			...["--config", "wrangler-portal.toml", local ? "--local" : "--remote"],
			...(env === undefined ? [] : ["--env", env]),
			...(folder === undefined ? [] : ["--persist-to", folder]),
		],
	};
}

function parse(args: readonly string[]) {
	try {
		const place = { type: "boolean", default: false } as const;
		const text = { type: "string" } as const;
		return parseArgs({ args: [...args], options: { local: place, remote: place, env: text, "persist-to": text } })
			.values;
	} catch {
		throw new Error(USE);
	}
}
