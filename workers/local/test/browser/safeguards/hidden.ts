import { afterEach, beforeEach, expect, it } from "vitest";
import { openPage, pressedApart } from "../browser.ts";
import type { Stage } from "../browser.ts";
import { setInPortal } from "../settings.ts";
import { dialog } from "../widget.ts";

/** The paths on which a customer wants no chat. */
export function hiddenTests(stage: Stage): void {
	beforeEach(() => setInPortal(stage, "config", { hidden_paths: ["/kids/*", "/exact", "/a/*/b/*.html"] }));
	afterEach(() => setInPortal(stage, "config", { hidden_paths: null }));

	it.each([
		["/kids/games", 0],
		["/kids/", 0],
		["/exact", 0],
		["/a/x/y/b/c.html", 0],
		["/a/b/c.html", 1],
		["/exact/too", 1],
		["/for/kids/games", 1],
		["/", 1],
	])("at %s it is there %i times", async (path, count) => {
		const { page, lines } = await openPage(stage.browser());
		await page.addInitScript(() => addEventListener("koby:ready", () => Object.assign(globalThis, { isReady: true })));
		await page.goto(stage.hostOrigin() + path);
		await page.waitForFunction(() => Reflect.get(globalThis, "isReady"));
		await page.evaluate(() => Reflect.get(globalThis, "koby").open());
		// Where it stays away, whatever it fetches after being asked has come, and shows nothing.
		await page.waitForLoadState("networkidle");
		expect(await page.locator("koby-chat").count()).toBe(count);
		await expect.poll(() => dialog(page).count()).toBe(count);
		expect(lines).toEqual([]);
	});

	it.each([
		["whose browser tells of moves", false],
		["whose browser does not", true],
	])("goes and comes back with the moves of a page of one document %s", async (_, isOlder) => {
		const { page } = await openPage(stage.browser());
		if (isOlder) await page.addInitScript(() => Object.defineProperty(window, "navigation", { value: undefined }));
		await page.goto(stage.hostOrigin());
		await page.getByRole("button", { name: "Open chat" }).click();
		await page.getByRole("textbox", { name: "Your message" }).fill("Half a sent");
		await page.evaluate(() => history.pushState(null, "", "/kids/games"));
		await expect.poll(() => page.locator("koby-chat").count()).toBe(0);
		await page.evaluate(() => Reflect.get(globalThis, "koby").open());
		expect(await page.locator("koby-chat").count()).toBe(0);
		await page.evaluate(() => history.replaceState(null, "", "/kids-not"));
		await pressedApart();
		await page.getByRole("button", { name: "Open chat" }).click();
		expect(await page.getByRole("textbox", { name: "Your message" }).inputValue()).toBe("Half a sent");
		await page.evaluate(() => history.pushState(null, "", "/exact"));
		await expect.poll(() => page.locator("koby-chat").count()).toBe(0);
		await page.goBack();
		await page.getByRole("button", { name: "Open chat" }).waitFor();
		expect(await dialog(page).count()).toBe(0);
	});
}
