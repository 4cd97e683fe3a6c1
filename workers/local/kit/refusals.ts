import type { ApiError } from "../../lib/http/errors.ts";
import type { Typed } from "./arguments.ts";
import { optionOf } from "./bodies.ts";

/**
 * A refusal of the portal's, as whoever typed a command reads it: what is wrong, and what to type.
 * @param fault what wrangler said, where it failed
 */
export function refusalText(error: ApiError, typed: Typed, fault: string): string {
	const faults = (error.fields ?? []).map(({ field, message }) => `  ${optionOf(field)} ${message}`);
	const reason = error.code === "unavailable" && fault !== "" ? fault : error.message;
	const told = error.code === "invalid_request" ? "Nothing was written. Please correct:" : reason;
	return [told, ...faults, hintOf(error, typed, fault)].filter((line) => line !== "").join("\n");
}

function hintOf(
	{ code, message }: ApiError,
	{ place, words: [named = ""], command, environment }: Typed,
	fault: string,
): string {
	switch (code) {
		case "invalid_request":
			return "Type the command once more with that changed.";
		case "org_not_found":
			return `Type npm run client -- list ${place} to see the ids.`;
		case "conflict":
			return `Type npm run client -- list ${place} to see who has it, or the command once more with another.`;
		case "subscription_live":
			return message.startsWith("Plan and status")
				? `Type npm run client -- change ${named} … --lock ${place} --yes to decide yourself.`
				: `Then type npm run client -- ${command} ${named} ${place} once more.`;
		case "forbidden":
			return `Type npm run client -- erase ${named} ${place} --yes for a new token; it is good for the same --as alone.`;
		case "unavailable":
			return unreachable(environment, fault);
		default:
			return "";
	}
}

function unreachable(environment: Typed["environment"], fault: string): string {
	if (/no such (?:table|column)/.test(fault)) {
		const migrate = { local: "--local", production: "--remote", staging: "--remote --env staging" }[environment];
		return `The database lacks what this version needs. Type npm run migrate -- ${migrate}${environment === "local" ? ", or npm start once for a new one" : ""}.`;
	}
	if (environment === "local") return "If npm start is writing just now, type the command once more.";
	return "Type npx wrangler whoami to see whether you are logged in, and npm run database-id to see whether the tomls name the database.";
}
