import { readBytes } from "../../lib/http/body.ts";
import { ApiError, retryLater } from "../../lib/http/errors.ts";
import { isObject, parseJson } from "../../lib/http/json.ts";
import { retryAfterSeconds } from "../../lib/vendor/call.ts";

const MAX_ERROR_BYTES = 16_384;
/** What a caller is told to wait when Clerk names no time, and at most, seconds. */
const RETRY_AFTER_SECONDS = 5;
const MAX_RETRY_AFTER_SECONDS = 60;
/** Statuses below 500 that pass by themselves. */
const PASSING_STATUSES: readonly number[] = [408, 425, 429];

/** The 503 of Clerk not answering as it should, which passes. `reason` is for the log. */
export function teamUnavailable(reason: string, seconds = RETRY_AFTER_SECONDS): ApiError {
	return retryLater(
		"team_unavailable",
		"The list of members cannot be read right now; please try again in a moment.",
		Math.min(seconds, MAX_RETRY_AFTER_SECONDS),
		reason,
	);
}

/** For an organization that Clerk does not have. */
export const NO_ORGANIZATION =
	"This organization is not known to the sign-in provider, which waiting will not change; please contact Koby's support.";
const NO_ACCESS =
	"The list of members cannot be read until Koby's support has corrected its settings; please contact them.";

/** For what will not pass, so it names no time to come back. */
export function teamRefused(message: string, reason: string): ApiError {
	return new ApiError("team_unavailable", message, { reason });
}

/** What an answer that is no list is to our caller: an organization that is gone, and a key that may not, wait for people. */
export async function refusalOf(response: Response): Promise<ApiError> {
	const { status } = response;
	const seconds = retryAfterSeconds(response);
	const reason = `status_${status}${await detailOf(response)}`;
	if (status < 400 || status >= 500 || PASSING_STATUSES.includes(status)) return teamUnavailable(reason, seconds);
	return teamRefused(status === 404 || status === 410 ? NO_ORGANIZATION : NO_ACCESS, reason);
}

/** Clerk's code and trace id as far as they have the form of one; its texts are not kept. */
async function detailOf(response: Response): Promise<string> {
	const body = parseJson(await readBytes(response, MAX_ERROR_BYTES).catch(() => new Uint8Array()));
	if (!isObject(body)) return "";
	const [error]: unknown[] = Array.isArray(body["errors"]) ? body["errors"] : [];
	const code = isObject(error) ? textOf(error["code"]) : null;
	const trace = textOf(body["clerk_trace_id"]);
	return (
		(code !== null && /^[a-z][a-z0-9_]{0,63}$/.test(code) ? ` code=${code}` : "") +
		(trace !== null && /^[\w-]{1,64}$/.test(trace) ? ` trace=${trace}` : "")
	);
}

/** A text of Clerk's; null when it is none, or empty. */
export function textOf(value: unknown): string | null {
	return typeof value === "string" && value !== "" ? value : null;
}
