import { afterAll, beforeAll, vi } from "vitest";
import { createClient } from "../local-client.ts";
import type { Client } from "../local-client.ts";
import { createFolder, removeFolder, startLocal } from "../local-run.ts";
import type { LocalRun } from "../local-run.ts";
import { lifetimeTests } from "./lifetime.ts";
import { loadTests } from "./load.ts";
import { requestTests } from "./requests.ts";
import { START_LIMIT_MS } from "./stage.ts";

vi.setConfig({ testTimeout: 30_000 });

// One run for all, as a start costs more than most tests.
const folder = createFolder();
let run: LocalRun;
let client: Client;

async function start(devVars?: string): Promise<void> {
	run = await startLocal(folder, devVars);
	client = createClient(run.origin);
}

beforeAll(() => start(), START_LIMIT_MS);
afterAll(async () => {
	await run?.interrupt();
	removeFolder(folder);
}, START_LIMIT_MS);

const stage = { folder, run: () => run, client: () => client, end: () => run.interrupt(), start };
requestTests(stage);
loadTests(stage);
lifetimeTests(stage);
