import { NoTokens, refusal } from "./problem.ts";

export type Role = "member" | "admin" | "staff";

export function roleOf(value: string): Role {
	return value === "admin" || value === "staff" ? value : "member";
}

/** Tokens by who is signed in. They live for an hour, and only in this page's memory. */
const tokens = new Map<Role, string>();

/**
 * The answer of `GET /portal/{path}`.
 * @throws {Problem} it refused; there is no token to be had here
 */
export async function portal(path: string, role: Role, signal: AbortSignal): Promise<unknown> {
	const first = await ask(path, await tokenOf(role, signal), signal);
	if (first.status !== 401) return answered(first);
	// The hour is over.
	tokens.delete(role);
	return answered(await ask(path, await tokenOf(role, signal), signal));
}

function ask(path: string, token: string, signal: AbortSignal): Promise<Response> {
	return fetch(`/portal/${path}`, { headers: { Authorization: `Bearer ${token}` }, signal });
}

async function answered(response: Response): Promise<unknown> {
	if (!response.ok) throw await refusal(response);
	const body: unknown = await response.json();
	return body;
}

async function tokenOf(role: Role, signal: AbortSignal): Promise<string> {
	const kept = tokens.get(role);
	if (kept !== undefined) return kept;
	const query = new URLSearchParams(role === "staff" ? { role } : { role, org: "org_chadis" });
	const response = await fetch(`/local/token?${query}`, { signal });
	// So it is when Clerk is real; the server says why.
	if (response.status === 404)
		throw new NoTokens(`This view signs in with tokens of Clerk’s stand-in. ${(await refusal(response)).message}`);
	if (!response.ok) throw await refusal(response);
	const token = await response.text();
	tokens.set(role, token);
	return token;
}
