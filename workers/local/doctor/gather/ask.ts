import { parseJson } from "../../../lib/http/json.ts";
import type { Reply } from "../facts.ts";

/** `fetch`, or what a test puts in its place. */
export type Fetcher = (url: string, init: RequestInit) => Promise<Response>;

/** How servers are asked. */
export interface Asking {
	fetch: Fetcher;
	/** As long as one answer may take with its body, ms. */
	limitMs: number;
}

interface Request {
	method?: "GET" | "POST";
	headers?: Record<string, string>;
	/** Sent as JSON. */
	body?: unknown;
}

/** Asks a server once. A redirect is not followed: a key would go along. Never rejects, and never takes longer than the limit. */
export async function ask({ fetch, limitMs }: Asking, url: string, request: Request = {}): Promise<Reply> {
	const { method = "GET", headers = {}, body } = request;
	const json = body === undefined ? {} : { "Content-Type": "application/json" };
	try {
		const response = await fetch(url, {
			method,
			headers: { ...headers, ...json },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
			redirect: "manual",
			signal: AbortSignal.timeout(limitMs),
		});
		return { status: response.status, body: parseJson(await response.text()) };
	} catch (error) {
		return { failed: whyFailed(error, limitMs) };
	}
}

function whyFailed(error: unknown, limitMs: number): string {
	if (error instanceof Error && error.name === "TimeoutError") return `it did not answer within ${limitMs / 1000} s`;
	const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
	const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "no connection";
	return `it cannot be reached (${code})`;
}

/** Asks about each of several things at once, by name. */
export async function askEach(
	names: Iterable<string>,
	asked: (name: string) => Promise<Reply>,
): Promise<Map<string, Reply>> {
	const replies = [...new Set(names)].map(async (name) => [name, await asked(name)] as const);
	return new Map(await Promise.all(replies));
}
