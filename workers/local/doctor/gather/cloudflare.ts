import { parseJson } from "../../../lib/http/json.ts";
import type { CommandResult } from "../../check/command.ts";
import type { Known } from "../facts.ts";

/** Runs wrangler with these words to its end. `exitCode` null = it was ended, as it took too long. */
export type Wrangler = (args: readonly string[]) => Promise<CommandResult>;

const NOT_LOGGED_IN = "wrangler is not logged in";
const UNREACHABLE = "wrangler cannot reach Cloudflare";
const NOT_DEPLOYED = "there is no such worker yet";
const TOO_SLOW = "wrangler gave no answer in time";

/** What wrangler prints as JSON, or why it does not. */
export async function wranglerJson(wrangler: Wrangler, args: readonly string[]): Promise<Known<unknown>> {
	const { exitCode, stdout, output } = await wrangler(args);
	if (exitCode !== 0) return { unknown: whyFailed(exitCode, output) };
	// A notice may stand before it.
	const value = parseJson(stdout.slice(Math.max(0, stdout.search(/[[{]/))));
	return value === undefined ? { unknown: "wrangler printed no JSON" } : { value };
}

function whyFailed(exitCode: number | null, output: string): string {
	if (exitCode === null) return TOO_SLOW;
	if (/not logged in|CLOUDFLARE_API_TOKEN|authentication error|\[?code: (?:10000|9106|9109)\]?/i.test(output))
		return NOT_LOGGED_IN;
	if (/fetch failed|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|network connection/i.test(output)) return UNREACHABLE;
	if (/code: 10007|code: 10090|worker .{0,80}not found|does not exist on your account/i.test(output))
		return NOT_DEPLOYED;
	const [line = ""] = output.match(/^.*ERROR.*$/m) ?? [];
	return `wrangler failed${line === "" ? "" : `: ${line.replace(/^\W*\[?ERROR\]?\s*/, "").slice(0, 200)}`}`;
}

/** Whether nothing else need be asked of wrangler either. */
export function isHopeless(why: string): boolean {
	return [NOT_LOGGED_IN, UNREACHABLE, TOO_SLOW].includes(why);
}
