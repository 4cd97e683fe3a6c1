/** What a worker asked of the platform, counted since the isolate began. */
export interface Counts {
	/** Round trips to D1: batches and statements that ran alone. */
	roundTrips: number;
	statements: number;
	limiterCalls: number;
	fetches: number;
	cacheMatches: number;
	cachePuts: number;
}

/** The rows that a statement answered, with D1's own words about it. */
export interface StatementResult {
	success: true;
	meta: Record<string, unknown>;
	results: Record<string, unknown>[];
}

/** A statement that ran, with what it was given. */
export interface StatementRun {
	sql: string;
	params: (string | number | null)[];
	result: StatementResult;
	/** Which of the isolate's trips to D1 it was part of, from 1. */
	roundTrip: number;
}

/** A vendor's answer to one URL. */
export interface VendorAnswer {
	method: string;
	url: string;
	status: number;
	headers: [string, string][];
	/** One write on the wire each, base64. */
	chunks: string[];
}

/** A response that a worker put into the cache. */
export interface Clip {
	/** Path and query of its key. */
	path: string;
	headers: [string, string][];
	body: string;
}

/** What the recorder has seen, as its second entry tells it. */
export interface Recorded {
	counts: Counts;
	runs: StatementRun[];
	clips: Clip[];
	/** Numbers of functions entered; only a bundle with probes fills it. */
	entered: number[];
}

/** All that a played platform answers with. */
export interface Recording {
	/** Variables and secrets. */
	bindings: Record<string, unknown>;
	/** Names of the rate limiters bound. */
	limiters: string[];
	/** By SQL text; parameters are not looked at. */
	statements: Record<string, StatementResult>;
	vendors: VendorAnswer[];
	/** What the cache holds all the time; empty for cases that are to miss. */
	clips: Clip[];
}
