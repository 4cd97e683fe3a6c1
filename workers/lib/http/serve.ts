import { nameVersion } from "../log.ts";
import { newFacts, withFacts } from "../request/facts.ts";
import type { RequestFacts } from "../request/facts.ts";
import { unlessKnown } from "./conditional.ts";
import { corsHeaders, preflight } from "./cors.ts";
import type { CorsRules } from "./cors.ts";
import { ApiError, errorBody, toApiError } from "./errors.ts";
import { json } from "./json.ts";
import { serverTiming, writeRequestLine } from "../request/line.ts";
import type { RequestEnd, RouteNamer } from "../request/line.ts";

/** What is known of every request. */
export interface RequestContext {
	/** Random UUID; the caller reads it in `X-Request-Id`. */
	requestId: string;
	/** When it came, ms since the epoch. */
	startedAt: number;
	/** The time now, ms since the epoch. */
	clock: () => number;
	/** `ctx.waitUntil`: keeps the worker alive until the work is done. What it is given never rejects. */
	waitUntil: (work: Promise<unknown>) => void;
}

/** How a worker answers, whatever it is asked. */
export interface ServeRules {
	/** Its name in the log. */
	worker: string;
	routeOf: RouteNamer;
	cors: CorsRules;
	/** The origin whose page may read the response; null = none. */
	reader(request: Request): string | null;
}

/**
 * The shell of every worker: a request id, the preflight, one try around the route, the 304 of what a client has already, the headers
 * that every response carries, and one log line when all of it has ended. A client that leaves does not stop the route, so that what
 * was reserved is booked or given back.
 * @param version id of the deployed version, for the log; undefined where the platform names none
 */
export async function serve(
	request: Request,
	rules: ServeRules,
	ctx: Pick<ExecutionContext, "waitUntil">,
	version: string | undefined,
	route: (context: RequestContext) => Promise<Response>,
): Promise<Response> {
	const { cors } = rules;
	const facts = newFacts(crypto.randomUUID(), Date.now());
	const origin = rules.reader(request);
	const isSecure = request.url.startsWith("https:");
	if (request.method === "OPTIONS")
		return finish(preflight(origin, cors), facts.requestId, corsHeaders(origin, cors), isSecure);
	nameVersion(version);
	const line = openLine(request, rules, facts);
	const waitUntil = (work: Promise<unknown>): void => ctx.waitUntil(line.after(work));
	return withFacts(facts, async () => {
		try {
			const response = route({ requestId: facts.requestId, startedAt: facts.startedAt, clock: Date.now, waitUntil });
			waitUntil(response.catch(() => undefined));
			const made = unlessKnown(request, await response);
			line.responded(made.status);
			if (made.status < 400) made.headers.append("Server-Timing", serverTiming(facts, Date.now()));
			return finish(made, facts.requestId, corsHeaders(origin, cors), isSecure);
		} catch (thrown) {
			const error = toApiError(thrown);
			line.responded(error.status, error);
			// A page that may not use a site may not read why, either.
			const isHidden = error.code === "origin_not_allowed";
			return finish(
				errorResponse(error, facts.requestId),
				facts.requestId,
				corsHeaders(isHidden ? null : origin, cors),
				isSecure,
			);
		}
	});
}

/** A request's line, which is written once nothing of the request goes on any more. */
interface RequestLine {
	/** Waits for work as well. */
	after(work: Promise<unknown>): Promise<void>;
	/** The response is made. */
	responded(status: number, error?: ApiError): void;
}

function openLine(request: Request, { worker, routeOf }: ServeRules, facts: RequestFacts): RequestLine {
	let left = 1;
	let end: Pick<RequestEnd, "status" | "respondedAt" | "code" | "reason"> = { status: 0, respondedAt: 0 };
	const ended = (): void => {
		left -= 1;
		if (left > 0) return;
		const route = `${request.method} ${routeOf(pathOf(request))}`;
		writeRequestLine(facts, { worker, route, ...end }, Date.now());
	};
	return {
		after(work) {
			left += 1;
			return work.then(ended, ended);
		},
		responded(status, error) {
			end = { status, code: error?.code, reason: error?.reason, respondedAt: Date.now() };
			ended();
		},
	};
}

/** The response to anything thrown: the envelope, its status and its headers. */
export function errorResponse(thrown: unknown, requestId: string): Response {
	const error = toApiError(thrown);
	return json(errorBody(error, requestId), error.status, error.headers);
}

/**
 * Opened as a page a response of ours may load, run and be framed by nothing. Of a script it says nothing to the page that runs it:
 * a policy is a document's (www.w3.org/TR/CSP3, 4.2).
 */
const POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** Two years without plain http (RFC 6797). */
const TRANSPORT = "max-age=63072000";

/**
 * Puts the headers that every response carries on one that was made here, and returns it. A policy of its own stays.
 * @param isSecure it goes out by https: elsewhere the promise of https must not be made (RFC 6797, 7.2)
 */
export function finish(
	response: Response,
	requestId: string,
	cors: Record<string, string> = {},
	isSecure = false,
): Response {
	const { headers } = response;
	headers.set("X-Request-Id", requestId);
	headers.set("X-Content-Type-Options", "nosniff");
	headers.set("Referrer-Policy", "no-referrer");
	if (isSecure) headers.set("Strict-Transport-Security", TRANSPORT);
	if (!headers.has("Content-Security-Policy")) headers.set("Content-Security-Policy", POLICY);
	if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
	for (const name in cors) {
		const value = cors[name] ?? "";
		if (name === "Vary") headers.append(name, value);
		else headers.set(name, value);
	}
	return response;
}

/** The URL of a path on the host that a request came to: a place in the edge cache that nobody serves. @param path begins with / */
export function ownUrl(requestUrl: string, path: string): string {
	return requestUrl.slice(0, requestUrl.indexOf("/", requestUrl.indexOf("://") + 3)) + path;
}

/** The path of a request, percent-encoded as it came. The runtime gives every URL in its normal form, so nothing need be parsed. */
export function pathOf({ url }: Request): string {
	const start = url.indexOf("/", url.indexOf("://") + 3);
	const end = url.indexOf("?", start);
	return end === -1 ? url.slice(start) : url.slice(start, end);
}

/**
 * Refuses a method that the path does not have. HEAD is served wherever GET is (the runtime drops the body).
 * @throws {ApiError} method_not_allowed, with `Allow`
 */
export function allowMethods(request: Request, ...methods: string[]): void {
	const { method } = request;
	if (methods.includes(method) || (method === "HEAD" && methods.includes("GET"))) return;
	const allow = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
	throw new ApiError("method_not_allowed", `Use a method that this path answers: ${allow}.`, {
		headers: { Allow: allow },
	});
}

/** The 404 of a path nobody serves. */
export function notFound(): ApiError {
	return new ApiError("not_found", "There is nothing at this path; check its spelling, and the id in it.");
}
