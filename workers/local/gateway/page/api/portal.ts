import { NoTokens, refusal } from "./problem.ts";
import { fields } from "./read.ts";
import type { Fields } from "./read.ts";

export type Role = "member" | "admin" | "staff";

export function roleOf(value: string): Role {
	return value === "member" || value === "staff" ? value : "admin";
}

/** Who asks, and for which customer: staff for any, the others for the one that they belong to. */
export interface Caller {
	role: Role;
	orgId: string;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The portal's public API, as one caller sees it. All of it throws a Problem when it is refused. */
export interface Api {
	get(path: string, query?: Record<string, string>): Promise<Fields>;
	/** {} where the answer has no body. @param version of what is changed, as it was read: a change in between is refused */
	send(method: Method, path: string, body?: object, version?: number): Promise<Fields>;
}

/** Tokens by caller. They live for an hour, and only in this page's memory. */
const tokens = new Map<string, string>();

/** @param signal ends what is under way */
export function portalApi(caller: Caller, signal: AbortSignal): Api {
	const url = (path: string, query: Record<string, string> = {}): string => {
		const all = new URLSearchParams(
			caller.role === "staff" && path !== "clients" ? { ...query, orgId: caller.orgId } : query,
		);
		return `/portal/${path}${all.size === 0 ? "" : `?${all}`}`;
	};
	const answered = async (address: string, init: RequestInit): Promise<Fields> => {
		const ask = async (): Promise<Response> => {
			const headers = new Headers(init.headers);
			headers.set("Authorization", `Bearer ${await tokenOf(caller, signal)}`);
			return fetch(address, { ...init, headers, signal });
		};
		let response = await ask();
		if (response.status === 401) {
			// The hour is over.
			tokens.delete(nameOf(caller));
			response = await ask();
		}
		if (!response.ok) throw await refusal(response);
		return response.status === 204 ? {} : fields(await response.json());
	};
	return {
		get: (path, query) => answered(url(path, query), {}),
		send: (method, path, body, version) => answered(url(path), requestOf(method, body, version)),
	};
}

function requestOf(method: Method, body: object | undefined, version: number | undefined): RequestInit {
	const headers: Record<string, string> = {};
	if (body !== undefined) headers["Content-Type"] = "application/json";
	if (version !== undefined) headers["If-Match"] = `W/"${version}"`;
	return { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
}

function nameOf({ role, orgId }: Caller): string {
	return role === "staff" ? role : `${role} ${orgId}`;
}

async function tokenOf(caller: Caller, signal: AbortSignal): Promise<string> {
	const kept = tokens.get(nameOf(caller));
	if (kept !== undefined) return kept;
	const { role, orgId } = caller;
	const query = new URLSearchParams(role === "staff" ? { role } : { role, org: orgId });
	const response = await fetch(`/local/token?${query}`, { signal });
	// So it is when Clerk is real; the server says why.
	if (response.status === 404)
		throw new NoTokens(`This page signs in with tokens of Clerk’s stand-in. ${(await refusal(response)).message}`);
	if (!response.ok) throw await refusal(response);
	const token = await response.text();
	tokens.set(nameOf(caller), token);
	return token;
}
