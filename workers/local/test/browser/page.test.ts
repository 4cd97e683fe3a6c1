import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { NEEDS_CHROMIUM, axeFindings, hasChromium, launchBrowser, openPage } from "./browser.ts";
import { createFolder, removeFolder, startLocal } from "../local-run.ts";
import type { LocalRun } from "../local-run.ts";

const START_LIMIT_MS = 60_000;

vi.setConfig({ testTimeout: 40_000 });

const folder = createFolder();
let run: LocalRun;
let browser: Browser;

beforeAll(async () => {
	if (!hasChromium) return;
	[run, browser] = await Promise.all([startLocal(folder), launchBrowser()]);
}, START_LIMIT_MS);
afterAll(async () => {
	await browser?.close();
	await run?.interrupt();
	removeFolder(folder);
}, START_LIMIT_MS);

async function openHome(options: Parameters<Browser["newContext"]>[0] = {}) {
	const watched = await openPage(browser, options);
	await watched.page.goto(run.origin);
	await watched.page.getByRole("button", { name: "Open chat" }).waitFor();
	await watched.page.locator("svg[role=img], [role=img] svg").first().waitFor();
	return watched;
}

describe.skipIf(!hasChromium)(`the local page in a browser (${NEEDS_CHROMIUM})`, () => {
	it("shows the product at work, asking nobody but this machine", async () => {
		const { page, lines, requests } = await openHome();
		const words = await page.locator("main").innerText();
		for (const text of ["stand-in", "Gemini", "ElevenLabs", "Clerk", "Stripe"]) expect(words).toContain(text);
		expect(requests.filter((url) => !url.startsWith(`${run.origin}/`) && !/^(?:blob|data):/.test(url))).toEqual([]);
		expect(lines).toEqual([]);
	});

	it("lets staff choose a client, and members not", async () => {
		const { page } = await openHome();
		expect(await page.getByRole("combobox", { name: "Customer" }).count()).toBe(0);
		await page.getByRole("radio", { name: /staff/i }).check({ force: true });
		await page.getByRole("combobox", { name: "Customer" }).selectOption("org_pannu_dental");
		await expect.poll(() => page.locator("main").innerText()).toContain("Pannu Dental");
	});

	it("speaks what is typed", async () => {
		const { page } = await openHome();
		await page.getByRole("textbox", { name: /text|say|speak/i }).first().fill("Good morning, and welcome.");
		await page.getByRole("button", { name: /speak/i }).click();
		await expect.poll(() => page.locator("audio").evaluate((audio) => (audio instanceof HTMLAudioElement ? audio.duration : 0)), { timeout: 15_000 }).toBeGreaterThan(0.5);
	});

	it.each([
		["light", {}],
		["dark", { colorScheme: "dark" as const }],
		["on a phone", { viewport: { width: 390, height: 844 } }],
	])("is found without fault by axe, %s, and is no wider than its window", async (_, options) => {
		const { page } = await openHome(options);
		expect(await axeFindings(page)).toEqual([]);
		expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
	});
});
