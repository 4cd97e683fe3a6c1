import { expect, it } from "vitest";
import { axeFindings, openPage, shownText } from "./browser.ts";
import type { Stage } from "./browser.ts";

/** The page at `/` of a local run, in a browser. */
export function pageTests(stage: Stage): void {
	async function openHome() {
		const watched = await openPage(stage.browser());
		await watched.page.goto(stage.origin());
		await watched.page.getByRole("button", { name: "Open chat" }).waitFor();
		await watched.page.locator("svg[role=img], [role=img] svg").first().waitFor();
		return watched;
	}

	it("shows the product at work, asking nobody but this machine", async () => {
		const { page, lines, requests } = await openHome();
		const words = await shownText(page.locator("main"));
		for (const text of ["stand-in", "Gemini", "ElevenLabs", "Clerk", "Stripe"]) expect(words).toContain(text);
		expect(requests.filter((url) => !url.startsWith(`${stage.origin()}/`) && !/^(?:blob|data):/.test(url))).toEqual([]);
		expect(lines).toEqual([]);
	});

	it("lets staff choose a client, and members not", async () => {
		const { page } = await openHome();
		expect(await page.getByRole("combobox", { name: "Customer" }).count()).toBe(0);
		await page.getByRole("radio", { name: /staff/i }).check({ force: true });
		await page.getByRole("combobox", { name: "Customer" }).selectOption("org_pannu_dental");
		await expect.poll(() => shownText(page.locator("main"))).toContain("Pannu Dental");
	});

	it("speaks what is typed", async () => {
		const { page } = await openHome();
		await page
			.getByRole("textbox", { name: /text|say|speak/i })
			.first()
			.fill("Good morning, and welcome.");
		await page.getByRole("button", { name: /speak/i }).click();
		await expect
			.poll(() => page.locator("audio").evaluate((audio) => (audio instanceof HTMLAudioElement ? audio.duration : 0)), {
				timeout: 15_000,
			})
			.toBeGreaterThan(0.5);
	});

	it("is found without fault by axe, light, dark and on a phone, and is no wider than its window", async () => {
		const { page } = await openHome();
		for (const [colorScheme, width] of [
			["light", 1280],
			["dark", 1280],
			["light", 390],
		] as const) {
			await page.emulateMedia({ colorScheme });
			await page.setViewportSize({ width, height: 800 });
			expect(await axeFindings(page)).toEqual([]);
			expect(
				await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
			).toBe(0);
		}
	});
}
