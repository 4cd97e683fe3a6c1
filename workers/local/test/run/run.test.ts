import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, vi } from "vitest";
import { NEEDS_CHROMIUM, hasChromium, launchBrowser, openPage, serveHost } from "../browser/browser.ts";
import type { Host } from "../browser/browser.ts";
import { brokenTests } from "../browser/conversation/broken.ts";
import { callTests } from "../browser/looks/call.ts";
import { clumsyTests } from "../browser/clumsy.ts";
import { consentTests } from "../browser/safeguards/consent.ts";
import { embeddingTests } from "../browser/embedding/embedding.ts";
import { hiddenTests } from "../browser/safeguards/hidden.ts";
import { dangerTests } from "../browser/safeguards/danger.ts";
import { loaderTests } from "../browser/loader.ts";
import { languageTests } from "../browser/languages.ts";
import { looksTests } from "../browser/looks/looks.ts";
import { memoryTests } from "../browser/conversation/memory.ts";
import { pageTests } from "../browser/demonstration/page.ts";
import { pagesTests } from "../browser/conversation/pages.ts";
import { readingTests } from "../browser/reading.ts";
import { identityTests } from "../browser/states/identity.ts";
import { stateTests } from "../browser/states/looked-at.ts";
import { walkTests } from "../browser/states/walk.ts";
import { tabsTests } from "../browser/states/tabs.ts";
import { talkTests } from "../browser/conversation/talk.ts";
import { setVoice, voiceTests } from "../browser/looks/voice.ts";
import { widgetTests } from "../browser/widget.ts";
import { createClient } from "../local-client.ts";
import type { Client } from "../local-client.ts";
import { createFolder, removeFolder, startLocal } from "../local-run.ts";
import type { LocalRun } from "../local-run.ts";
import { answerTests } from "./answers.ts";
import { lifetimeTests } from "./lifetime.ts";
import { loadTests } from "./load.ts";
import { printedTests } from "./printed.ts";
import { guideTests } from "./guides.ts";
import { requestTests } from "./requests.ts";
import { START_LIMIT_MS, TEST } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

// One run and one browser for all, as a start costs more than most tests.
const folder = createFolder();
let run: LocalRun;
let client: Client;

async function start(devVars?: string): Promise<void> {
	run = await startLocal(folder, devVars);
	client = createClient(run.origin);
}

// A place is held until its conversation has been read back, which is minutes later.
beforeAll(() => start("MAX_OPEN_SESSIONS=20"), START_LIMIT_MS);
afterAll(async () => {
	await run?.interrupt();
	removeFolder(folder);
}, START_LIMIT_MS);

const stage = { folder, run: () => run, client: () => client, end: () => run.interrupt(), start };

describe.skipIf(!hasChromium)(`in a browser (${NEEDS_CHROMIUM})`, () => {
	let browser: Browser;
	let host: Host;
	const browserStage = { folder, origin: () => run.origin, hostOrigin: () => host.origin, browser: () => browser };

	beforeAll(async () => {
		browser = await launchBrowser();
		host = await serveHost(`${run.origin}/chat/`, TEST["X-Site-Key"]);
		// The widget is what it is without a voice; what it is with one are tests of their own.
		await setVoice(browserStage, "paused");
	}, START_LIMIT_MS);
	afterAll(async () => {
		await setVoice(browserStage, "active");
		await host?.close();
		await browser?.close();
	});
	afterEach(async () => {
		// A page that nobody looks at goes on working.
		for (const context of browser.contexts()) await context.close();
	});

	describe("the widget", () => widgetTests(browserStage));
	describe("the widget and a message of danger", () => dangerTests(browserStage));
	describe("the widget and a broken answer", () => brokenTests(browserStage));
	describe("the widget from page to page", () => pagesTests(browserStage));
	describe("the widget, state by state", () => stateTests(browserStage));
	describe("the widget to a screen reader", () => walkTests(browserStage));
	describe("the widget and who a page names", () => identityTests(browserStage));
	describe("the widget in two tabs", () => tabsTests(browserStage));
	describe("the widget on a device of many people's", () => memoryTests(browserStage));
	describe("the widget's reading of answers", () => readingTests(browserStage));
	describe("the widget and consent", () => consentTests(browserStage));
	describe("the widget's language", () => languageTests(browserStage));
	describe("the widget where it stays away", () => hiddenTests(browserStage));
	describe("the widget, whatever way it comes into a page", () =>
		embeddingTests({ origin: browserStage.origin, open: () => openPage(browser) }));
	describe("the widget's launcher", () => loaderTests(browserStage));
	describe("the widget on a clumsy page, and in clumsy hands", () => clumsyTests(browserStage));
	describe("the widget and a conversation that does not break", () => talkTests(browserStage));
	describe("the widget's looks", () => looksTests(browserStage));
	describe("the widget's voice", () => voiceTests(browserStage));
	describe("the widget's spoken conversation", () => callTests(browserStage));
	describe("the local page", () => pageTests(browserStage));
});

requestTests(stage);
answerTests(stage);
printedTests(stage);
guideTests(stage);
loadTests(stage);
lifetimeTests(stage);
