import type { Reply, Skipped } from "../facts.ts";
import { warn } from "../finding.ts";
import type { Finding } from "../finding.ts";

/** Whether a server answered with a status. */
export function isStatus<Status extends number>(
	reply: Reply | undefined,
	status: Status,
): reply is { status: Status; body: unknown } {
	return reply !== undefined && "status" in reply && reply.status === status;
}

/** What an answer came to that says nothing of what was asked for. */
export function troubleOf(reply: Reply): string {
	return "failed" in reply ? reply.failed : `it answered ${reply.status}`;
}

/** Why nothing was asked of a vendor: a stand-in needs no word of it, and a bad address has a line elsewhere. */
export function notAsked(check: string, vendor: string, key: string, place: string, skipped: Skipped): Finding[] {
	if (skipped !== "no key" || place === "local") return [];
	const again = `${key}=<the key of ${place}> npm run doctor -- --env ${place}`;
	return [
		warn(
			check,
			`${vendor} is not looked at: Cloudflare gives ${key} to nobody, and this shell does not have it.`,
			again,
		),
	];
}
