import type { Locator, Page } from "playwright-core";
import { expect, it } from "vitest";
import { axeFindings } from "../browser.ts";
import type { Stage } from "../browser.ts";
import { ask, log, openChat, reopen } from "../widget.ts";

const banner = (page: Page): Locator => page.locator("koby-chat .banner");
const linksOf = (element: Locator): Promise<(string | null)[]> =>
	element.locator("a").evaluateAll((found) => found.map((link) => link.getAttribute("href")));

/** What the widget makes of a message that speaks of danger. */
export function dangerTests(stage: Stage): void {
	it("gives whoever is in danger numbers to tap, nothing to rate, and the conversation as it was", async () => {
		const { page, lines } = await openChat(stage);
		const kept = (): Promise<string | null> => page.evaluate(() => localStorage.getItem("koby:sk_chadis_test_abc123"));
		await ask(page, "Before it");
		const before = await kept();
		const answer = await ask(page, "I want to die");
		expect(await linksOf(answer)).toEqual(["tel:988", "sms:988", "tel:911"]);
		expect(await answer.getByRole("button").count()).toBe(0);
		expect(await kept()).toBe(before);
		await ask(page, "After it");
		expect(lines).toEqual([]);
	});

	it("keeps whom to call above the conversation, over a reload, until it is begun anew, and leaves none to another tab", async () => {
		const { page, lines } = await openChat(stage);
		expect(await banner(page).isHidden()).toBe(true);
		await ask(page, "I want to die");
		expect(await linksOf(banner(page))).toEqual(["tel:988", "sms:988", "tel:911"]);
		expect(await banner(page).textContent()).not.toContain("automated assistant");
		await ask(page, "When do you open?");
		expect(await banner(page).isVisible()).toBe(true);
		expect(await axeFindings(page)).toEqual([]);
		await page.reload();
		await reopen(page);
		await expect.poll(() => linksOf(banner(page))).toEqual(["tel:988", "sms:988", "tel:911"]);
		const other = await page.context().newPage();
		await other.goto(stage.hostOrigin());
		await other.getByRole("button", { name: "Open chat" }).click();
		await log(other).waitFor();
		expect(await banner(other).isHidden()).toBe(true);
		await page.getByRole("button", { name: "New conversation" }).click();
		expect(await banner(page).isHidden()).toBe(true);
		await page.reload();
		await reopen(page);
		await log(page).waitFor();
		expect(await banner(page).isHidden()).toBe(true);
		expect(lines).toEqual([]);
	});

	it("shows a hint's answer with its line and numbers, and no banner", async () => {
		const { page, lines } = await openChat(stage);
		const answer = await ask(page, "My friend wants to kill herself");
		expect(await linksOf(answer)).toEqual(["tel:988", "sms:988", "tel:911"]);
		expect(await answer.locator("p").count()).toBeGreaterThan(1);
		expect(await answer.getByRole("button", { name: "Good answer" }).count()).toBe(1);
		expect(await banner(page).isHidden()).toBe(true);
		expect(lines).toEqual([]);
	});
}
