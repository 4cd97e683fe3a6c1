import type { Counts } from "./recording.ts";

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const INSTANT = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;
const MILLISECONDS = /"(\w+_ms)":\d+/g;

/** A response without what differs from request to request: ids, instants, times taken. */
function masked(text: string): string {
	return text.replace(UUID, "<id>").replace(INSTANT, "<instant>").replace(MILLISECONDS, '"$1":<ms>');
}

/** Whether two responses say the same. */
export function alike(one: { status: number; body: Buffer }, other: { status: number; body: Buffer }): boolean {
	return one.status === other.status && masked(one.body.toString("latin1")) === masked(other.body.toString("latin1"));
}

/** What each of `requests` asked for between two counts. */
export function difference(after: Counts, before: Counts, requests: number): Counts {
	return {
		roundTrips: (after.roundTrips - before.roundTrips) / requests,
		statements: (after.statements - before.statements) / requests,
		limiterCalls: (after.limiterCalls - before.limiterCalls) / requests,
		fetches: (after.fetches - before.fetches) / requests,
		cacheMatches: (after.cacheMatches - before.cacheMatches) / requests,
		cachePuts: (after.cachePuts - before.cachePuts) / requests,
	};
}
