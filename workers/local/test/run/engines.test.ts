import { afterAll, beforeAll, vi } from "vitest";
import { engineTests } from "../browser/engines/engines.ts";
import { createFolder, removeFolder, startLocal } from "../local-run.ts";
import type { LocalRun } from "../local-run.ts";
import { START_LIMIT_MS } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

// A run of its own, so that the other browsers play while Chromium does.
const folder = createFolder();
let run: LocalRun;

beforeAll(async () => {
	run = await startLocal(folder);
}, START_LIMIT_MS);
afterAll(async () => {
	await run?.interrupt();
	removeFolder(folder);
}, START_LIMIT_MS);

engineTests({ origin: () => run.origin });
