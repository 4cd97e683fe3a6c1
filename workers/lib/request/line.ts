import { log } from "../log.ts";
import type { RequestFacts } from "./facts.ts";
import { isObject } from "../http/json.ts";

/** The described path that a request's path is one of, such as `/sessions/{id}`; "other" where there is none, since a path may hold anything. */
export type RouteNamer = (pathname: string) => string;

/** Names routes by the description of their worker, which is read when the first one is named. @param describe gives its `paths` */
export function routeNamer(describe: () => unknown): RouteNamer {
	let exact: ReadonlySet<string> | undefined;
	let patterns: [RegExp, string][] = [];
	return (pathname) => {
		if (exact === undefined) {
			const paths = describe();
			const names = isObject(paths) ? Object.keys(paths) : [];
			exact = new Set(names.filter((name) => !name.includes("{")));
			patterns = names
				.filter((name) => name.includes("{"))
				.map((name) => [new RegExp(`^${name.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`), name]);
		}
		if (exact.has(pathname)) return pathname;
		return patterns.find(([pattern]) => pattern.test(pathname))?.[1] ?? "other";
	};
}

/** What a request came to. */
export interface RequestEnd {
	worker: string;
	/** Its method and the described path. */
	route: string;
	status: number;
	/** The code of a refusal or failure. */
	code?: string | undefined;
	/** Why, for whoever reads the log. */
	reason?: string | undefined;
	/** When its response was ready, ms since the epoch. */
	respondedAt: number;
}

/**
 * The one log line of a request, written when its response is sent and all that goes on behind it has ended: whose it was, what it came
 * to, how long it took and what it asked of the database and of vendors. Ids, codes, counts and durations only.
 * @param now ms since the epoch
 */
export function writeRequestLine(facts: RequestFacts, end: RequestEnd, now: number): void {
	log(end.status >= 500 ? "error" : "info", "request", {
		request_id: facts.requestId,
		worker: end.worker,
		route: end.route,
		status: end.status,
		outcome: end.code ?? facts.outcome ?? "ok",
		reason: end.reason,
		ms: end.respondedAt - facts.startedAt,
		total_ms: now - facts.startedAt,
		d1_trips: facts.d1Trips,
		d1_ms: facts.d1Ms,
		d1_rows_read: facts.d1RowsRead,
		d1_rows_written: facts.d1RowsWritten,
		vendor_calls: facts.vendorCalls,
		vendor_ms: facts.vendorMs,
		org_id: facts.orgId,
		site_id: facts.siteId,
	});
}

/**
 * `Server-Timing` (www.w3.org/TR/server-timing): what a caller waited for until the response began, ms. A refusal has none: how long the
 * database was asked would tell whether a key exists.
 * @param now ms since the epoch
 */
export function serverTiming(facts: RequestFacts, now: number): string {
	const parts = [`total;dur=${now - facts.startedAt}`];
	if (facts.d1Trips > 0)
		parts.push(`db;dur=${facts.d1Ms};desc="${facts.d1Trips} round trip${facts.d1Trips === 1 ? "" : "s"}"`);
	if (facts.vendorCalls > 0) parts.push(`vendor;dur=${facts.vendorMs}`);
	return parts.join(", ");
}
