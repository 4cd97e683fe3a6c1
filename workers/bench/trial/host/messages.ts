/** What a trial asks of its host, the process that runs the workers; each is answered by one `Reply` of its number. */
export type Command =
	| { kind: "sql"; sql: string }
	/** Runs a worker's cron at an instant, ms since the epoch, that may lie ahead. */
	| { kind: "scheduled"; worker: string; cron: string; at: number }
	/** Sends a command to the stand-ins' control API. */
	| { kind: "standIns"; path: string; body: object }
	/** Lets faults of vendors and of D1 happen, or no more. */
	| { kind: "faults"; isOn: boolean }
	/** What went wrong by our hand so far. */
	| { kind: "counts" };

export interface Numbered {
	number: number;
	command: Command;
}

export interface Reply {
	number: number;
	result?: unknown;
	error?: string;
}

/** The first word of a host. */
export interface Ready {
	isReady: true;
	/** Base URL by worker, straight on workerd, and the gateway's. */
	urls: Record<string, string>;
	/** Host of the Clerk stand-in, for tokens. */
	clerkHost: string;
	stripeKey: string;
	webhookSecret: string;
}

/** What a host is told by its environment, as JSON in TRIAL. */
export interface HostOptions {
	seed: number;
	/** Share of the vendors' calls that go wrong. */
	vendorFaults: number;
	/** Share of D1's batches that go wrong. */
	d1Faults: number;
	/** Words that belong to one org each: a call of a vendor that holds two of them mixes orgs. */
	markers: readonly string[];
	/** Wait between the chunks of the vendors' streams, ms. */
	chunkGapMs: number;
}

/** What went wrong by our hand. */
export interface Counts {
	vendor: { calls: number; faults: number; mixed: number };
	/** By worker: batches, and faults by what they were. */
	d1: Record<string, Record<string, number>>;
}
