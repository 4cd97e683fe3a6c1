/** What a person should read instead of the result. */
export class Problem extends Error {
	readonly status: number | undefined;

	constructor(message: string, status?: number) {
		super(message);
		this.name = "Problem";
		this.status = status;
	}
}

/** Nobody can be signed in from here. */
export class NoTokens extends Problem {}

/** What to say of anything that was thrown. */
export function plainWords(error: unknown): string {
	if (error instanceof Problem) return error.message;
	// What fetch and a body's reader throw when the connection fails.
	if (error instanceof TypeError) return "The local server does not answer. Is npm start still running?";
	return "Something in this page went wrong. Reload it and try again.";
}

/** A refused request, in the words of its answer. */
export async function refusal(response: Response): Promise<Problem> {
	const wait = response.headers.get("Retry-After");
	const said = messageOf(await response.json().catch(() => undefined)) ?? `The server answered ${response.status}.`;
	return new Problem(wait === null ? said : `${said} Try again in ${wait} s.`, response.status);
}

function messageOf(body: unknown): string | undefined {
	const error = member(body, "error");
	const message = member(error, "message");
	if (typeof message !== "string") return undefined;
	const fields = member(error, "fields");
	const faults = (Array.isArray(fields) ? fields : []).map(
		(fault: unknown) => `${String(member(fault, "field"))} ${String(member(fault, "message"))}`,
	);
	return faults.length === 0 ? message : `${faults.join("; ")}.`;
}

function member(value: unknown, name: string): unknown {
	return typeof value === "object" && value !== null
		? Object.entries(value).find(([key]) => key === name)?.[1]
		: undefined;
}
