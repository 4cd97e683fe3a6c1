import type { Client } from "../local-client.ts";
import type { LocalRun } from "../local-run.ts";

/** What the tests of a local run play on. */
export interface Stage {
	/** Folder of the run's state and variables. */
	folder: string;
	run(): LocalRun;
	client(): Client;
	/** Ends the run, or starts it again with other variables. */
	end(): ReturnType<LocalRun["interrupt"]>;
	start(devVars?: string): Promise<void>;
}

/** For a start, on a busy machine. */
export const START_LIMIT_MS = 60_000;

export const CHADIS = { "X-Site-Key": "sk_chadis_live_abc123" };
export const PANNU = { "X-Site-Key": "sk_pannu_live_def456" };
/** A site whose conversations no other test opens. */
export const TEST = { "X-Site-Key": "sk_chadis_test_abc123" };
