import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, vi } from "vitest";
import { createFolder, removeFolder, startLocal } from "../local-run.ts";
import type { LocalRun } from "../local-run.ts";
import { NEEDS_CHROMIUM, hasChromium, launchBrowser, serveHost } from "./browser.ts";
import type { Host } from "./browser.ts";
import { pageTests } from "./page.ts";
import { widgetTests } from "./widget.ts";

const START_LIMIT_MS = 60_000;
/** Admits pages of this machine; a live key admits https only. */
const TEST_KEY = "sk_chadis_test_abc123";

vi.setConfig({ testTimeout: 60_000 });

// One run and one browser for all: their starts cost more than the tests.
const folder = createFolder();
let run: LocalRun;
let browser: Browser;
let host: Host;
const stage = { folder, origin: () => run.origin, hostOrigin: () => host.origin, browser: () => browser };

beforeAll(async () => {
	if (!hasChromium) return;
	[run, browser] = await Promise.all([startLocal(folder), launchBrowser()]);
	host = await serveHost(`${run.origin}/chat/`, TEST_KEY);
}, START_LIMIT_MS);
afterAll(async () => {
	await host?.close();
	await browser?.close();
	await run?.interrupt();
	removeFolder(folder);
}, START_LIMIT_MS);

afterEach(async () => {
	// A page that nobody looks at goes on working.
	for (const context of browser?.contexts() ?? []) await context.close();
});

describe.skipIf(!hasChromium)(`the widget in a browser (${NEEDS_CHROMIUM})`, () => widgetTests(stage));
describe.skipIf(!hasChromium)(`the local page in a browser (${NEEDS_CHROMIUM})`, () => pageTests(stage));
