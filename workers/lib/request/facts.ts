/// <reference path="./async-hooks.d.ts" />
import { AsyncLocalStorage } from "node:async_hooks";

/** What is known of a request while it is worked on. All of it ends up in the request's one log line. */
export interface RequestFacts {
	/** As the caller reads it in `X-Request-Id`. */
	readonly requestId: string;
	/** When it came, ms since the epoch. */
	readonly startedAt: number;
	/** null = nobody's, or not known yet. */
	orgId: string | null;
	siteId: string | null;
	/** What it came to where the status does not tell: an answer's finish reason, a clip from the cache. */
	outcome: string | null;
	/** Batches that D1 was sent, retries among them. */
	d1Trips: number;
	/** Spent waiting for D1, ms. */
	d1Ms: number;
	d1RowsRead: number;
	d1RowsWritten: number;
	/** Calls of vendors, retries among them. */
	vendorCalls: number;
	/** Spent waiting for vendors, bodies included, ms. */
	vendorMs: number;
}

const current = new AsyncLocalStorage<RequestFacts>();

/** Does the work of a request; whatever it awaits, and whatever goes on after the response, finds the request's facts. */
export function withFacts<T>(facts: RequestFacts, work: () => T): T {
	return current.run(facts, work);
}

/** The facts of the request that is being worked on; undefined in a scheduled run. */
export function requestFacts(): RequestFacts | undefined {
	return current.getStore();
}

/** Facts of a request of which nothing has been done. @param startedAt ms since the epoch */
export function newFacts(requestId: string, startedAt: number): RequestFacts {
	return {
		requestId,
		startedAt,
		orgId: null,
		siteId: null,
		outcome: null,
		d1Trips: 0,
		d1Ms: 0,
		d1RowsRead: 0,
		d1RowsWritten: 0,
		vendorCalls: 0,
		vendorMs: 0,
	};
}

/** Notes whose request this is. Ids only. */
export function noteTenant(orgId: string, siteId?: string): void {
	const facts = requestFacts();
	if (facts === undefined) return;
	facts.orgId = orgId;
	if (siteId !== undefined) facts.siteId = siteId;
}

/** Notes what the request came to. @param outcome a fixed snake_case word */
export function noteOutcome(outcome: string): void {
	const facts = requestFacts();
	if (facts !== undefined) facts.outcome = outcome;
}
