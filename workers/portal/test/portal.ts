import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { setKeys } from "../../local/stand-ins/control.ts";
import { createSigningKey, mintToken } from "../../lib/test/tokens.ts";
import { readDescription, requireSafeHeaders } from "../../lib/test/openapi.ts";
import type { SigningKey, TokenOptions } from "../../lib/test/tokens.ts";
import worker from "../index.ts";
import { portalOpenapi } from "../openapi.ts";

/** The instant at which the tests of the portal's routes play. */
export const NOW = Date.parse("2026-08-20T12:00:00.000Z");
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Every answer of every test is held against it. */
export const description = readDescription(portalOpenapi());

export interface Call {
	/** Who calls; null = nobody signed in. */
	as?: Partial<TokenOptions> | null;
	/** The Authorization header as it is, instead of `as`. */
	authorization?: string | null;
	method?: string;
	headers?: Record<string, string>;
	/** A text or bytes are sent as they are, anything else as JSON. */
	body?: unknown;
	/** Laid over the worker's bindings; undefined = the binding is missing. */
	env?: { [Name in keyof Env]?: unknown };
}

export interface Answer {
	status: number;
	headers: Headers;
	text: string;
	/** Parsed; null when it is no JSON. */
	body: unknown;
	/** D1 round trips made for it. */
	roundTrips: number;
}

export interface Portal {
	/** What makes a good token of this Clerk instance. */
	good: TokenOptions;
	call(path: string, call?: Call): Promise<Answer>;
	/** As `call`, the answer as it comes. */
	fetch(path: string, call?: Call): Promise<Response>;
}

type IncomingRequest = Request<unknown, IncomingRequestCfProperties>;

/** Making an RSA key takes a tenth of a second, and instances differ by their domain. */
let signingKey: Promise<SigningKey> | undefined;

/** The portal in front of a Clerk instance of its own, whose keys it fetches from the stand-in. */
export async function createPortal(bindings: Call["env"] = {}): Promise<Portal> {
	signingKey ??= createSigningKey();
	const key = await signingKey;
	const domain = `clerk-${crypto.randomUUID()}.test`;
	await setKeys(domain, [key.jwk]);
	const good = { key, issuer: `https://${domain}`, now: NOW };
	const own = { CLERK_DOMAIN: domain, USER_LIMITER: limiterApart(env.USER_LIMITER, domain), ...bindings };
	const send = async (path: string, call: Call, DB: D1Database): Promise<Response> => {
		const all: Env = Object.assign({}, env, { DB }, own, call.env);
		const request = await requestOf(path, call, good);
		const response = await worker.fetch(request, all, createExecutionContext());
		requireSafeHeaders(response, request.url);
		return expectDescribed(request, response);
	};
	const call = async (path: string, call: Call = {}): Promise<Answer> => {
		const counted = countRoundTrips(env.DB);
		const response = await send(path, call, counted.db);
		const text = await response.text();
		return {
			status: response.status,
			headers: response.headers,
			text,
			body: response.headers.get("Content-Type")?.startsWith("application/json") === true ? JSON.parse(text) : null,
			roundTrips: counted.count(),
		};
	};
	return { good, call, fetch: (path, call = {}) => send(path, call, env.DB) };
}

/** The answer, once it is found to be as the portal's own description says. A file is left unread: a test may want to read it slowly. */
export async function expectDescribed({ method, url }: Request, response: Response): Promise<Response> {
	const { status, headers } = response;
	const text = headers.get("Content-Type")?.startsWith("text/csv") === true ? null : await response.clone().text();
	description.checkAnswer({ method, path: new URL(url).pathname, status, headers, text });
	return response;
}

async function requestOf(path: string, call: Call, good: TokenOptions): Promise<IncomingRequest> {
	const headers = new Headers({ "CF-Connecting-IP": randomAddress(), ...call.headers });
	const authorization = call.authorization !== undefined ? call.authorization : await bearer(call.as ?? null, good);
	if (authorization !== null) headers.set("Authorization", authorization);
	const { method = "GET", body } = call;
	if (body === undefined)
		return new Request<unknown, IncomingRequestCfProperties>(`https://portal.test${path}`, { method, headers });
	if (!headers.has("Content-Type")) headers.set("Content-Type", "application/json");
	const raw =
		typeof body === "string" || body instanceof Uint8Array || body instanceof ReadableStream
			? body
			: JSON.stringify(body);
	return new Request<unknown, IncomingRequestCfProperties>(`https://portal.test${path}`, {
		method,
		headers,
		body: raw,
	});
}

async function bearer(as: Partial<TokenOptions> | null, good: TokenOptions): Promise<string | null> {
	return as === null ? null : `Bearer ${await mintToken({ ...good, ...as })}`;
}

/** An address that no limiter has seen. */
export function randomAddress(): string {
	const groups = Array.from(crypto.getRandomValues(new Uint16Array(2)), (group) => group.toString(16));
	return `2001:db8:${groups.join(":")}::1`;
}

/** A limiter's minute begins with the clock's: a test that counts to a limit waits for the next when this one is nearly over. */
export async function inOneMinute(): Promise<void> {
	const leftMs = 60_000 - (vi.getRealSystemTime() % 60_000);
	if (leftMs < 4000) await scheduler.wait(leftMs);
}

/** The limiter with counters of its own: it goes on counting from one file of tests to the next, who share their users. */
function limiterApart(limiter: RateLimit, prefix: string): RateLimit {
	return { limit: ({ key }) => limiter.limit({ key: `${prefix} ${key}` }) };
}

function countRoundTrips(db: D1Database): { db: D1Database; count(): number } {
	let count = 0;
	const counting = new Proxy(db, {
		get(target, name) {
			if (name === "prepare") return (sql: string) => target.prepare(sql);
			// Anything but a batch would be a round trip that nobody counts.
			if (name !== "batch") throw new Error(`the portal uses ${String(name)} of D1`);
			return (statements: D1PreparedStatement[]) => {
				count += 1;
				return target.batch(statements);
			};
		},
	});
	return { db: counting, count: () => count };
}

/** The ETag of an answer with its version alone: what it has of the body behind that, only `conditional.test.ts` asks. */
export function versionTag(headers: Headers): string | null {
	return headers.get("ETag")?.replace(/\.[0-9a-f]{16}"$/, '"') ?? null;
}

/** The 403s of what takes somebody else. */
export const FORBIDDEN = {
	notAdmin: refusal("forbidden", "This needs an admin of this organization; ask one of them."),
	impersonated: refusal(
		"forbidden",
		"This cannot be done in somebody else's name; they must sign in and do it themselves.",
	),
	onlyLook: refusal(
		"forbidden",
		"This needs an admin of the organization itself; ask one of them, as staff can only look.",
	),
	notStaff: refusal("forbidden", "This needs Koby's staff; please contact support."),
	foreignOrg: refusal(
		"forbidden",
		"This needs a member of the organization that orgId names; leave orgId out to have your own.",
	),
};

/** The error envelope of an answer, its request id replaced. */
export function refusal(code: string, message: string, fields?: { field: string; message: unknown }[]) {
	const error = { code, message, request_id: "…" };
	return { error: fields === undefined ? error : { ...error, fields } };
}

/** The body of an answer with its request id replaced, so that it can be compared whole. */
export function withoutRequestId({ text, headers, body }: Answer): unknown {
	if (body === null) return null;
	const id = headers.get("X-Request-Id") ?? "";
	return JSON.parse(text.replaceAll(id, "…"));
}
