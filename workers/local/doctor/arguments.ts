import { parseArgs } from "node:util";
import type { Place } from "./facts.ts";

const USE = `Use: npm run doctor                              the local default
     npm run doctor -- --env staging             what is deployed, or --env production
     npm run doctor -- --env production --token <a session token of staff>   and what only the portal itself knows
     --json prints the report as JSON.`;

/** Wrong words on the command line. */
export class UsageError extends Error {}

export interface DoctorArguments {
	place: Place;
	isJson: boolean;
	/** A session token of staff; undefined = the deployed portal is not asked. */
	token: string | undefined;
}

/**
 * @param args those behind `npm run doctor --`
 * @param env STAFF_TOKEN, which a shell's history does not keep
 * @throws {UsageError}
 */
export function parseArguments(args: readonly string[], env: NodeJS.ProcessEnv): DoctorArguments {
	const { local, env: named, json, token } = parse(args);
	const isKnown = named === undefined || named === "staging" || named === "production";
	if (!isKnown || (local && named !== undefined)) throw new UsageError(USE);
	const given = (token ?? env.STAFF_TOKEN ?? "").trim();
	return { place: named ?? "local", isJson: json, token: given === "" ? undefined : given };
}

function parse(args: readonly string[]) {
	try {
		const flag = { type: "boolean", default: false } as const;
		const text = { type: "string" } as const;
		return parseArgs({ args: [...args], options: { local: flag, json: flag, env: text, token: text } }).values;
	} catch {
		throw new UsageError(USE);
	}
}
