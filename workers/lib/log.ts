import { requestFacts } from "./request/facts.ts";

/** Values that a log line may hold. */
type LogValue = string | number | boolean | null | undefined;

/** Ids, codes, counts and durations of a log line, by snake_case name. */
export type LogFields = Record<string, LogValue>;

let version: string | undefined;

/** Names the deployed version in every line of this isolate, so that a fault can be tied to it. */
export function nameVersion(id: string | undefined): void {
	version = id;
}

/** What every line of a request tells, so that it can be found by its request and its customer. */
function ofRequest(): LogFields | undefined {
	const facts = requestFacts();
	if (facts === undefined) return undefined;
	const { requestId, orgId, siteId } = facts;
	return { request_id: requestId, org_id: orgId ?? undefined, site_id: siteId ?? undefined };
}

/**
 * One JSON line. `event` is a fixed snake_case name; `fields` hold ids, codes, counts and durations only:
 * never a message text, e-mail, token, secret, site key, full IP or vendor body.
 */
export function log(level: "info" | "warn" | "error", event: string, fields: LogFields = {}): void {
	const line = JSON.stringify({ level, event, ...ofRequest(), ...fields, version });
	if (level === "error") console.error(line);
	else if (level === "warn") console.warn(line);
	else console.log(line);
}
