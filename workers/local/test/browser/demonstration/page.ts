import { expect, it } from "vitest";
import { axeFindings, shownText } from "../browser.ts";
import type { Stage } from "../browser.ts";
import { openHome, resize, says, showView, strangers } from "./home.ts";
import { walkTests } from "./walk.ts";

const VIEWS = [
	"Unanswered",
	"Knowledge",
	"Leads",
	"Look, privacy",
	"Voice",
	"Numbers",
	"Billing",
	"Key",
	"Activity",
	"Conversations",
];

/** The page at `/` of a local run, in a browser. */
export function pageTests(stage: Stage): void {
	it("begins with what the product does, and names the stand-ins in a line", async () => {
		const { page, lines, requests, site } = await openHome(stage);
		await site.getByRole("button", { name: "Open chat" }).waitFor();
		expect(await shownText(page.getByRole("heading", { level: 1 }))).toBe(
			"Your website answers its visitors, and tells you what it could not.",
		);
		const footer = await shownText(page.getByRole("contentinfo"));
		for (const text of ["stand-ins", "Gemini", "ElevenLabs", "Clerk", "Stripe"]) expect(footer).toContain(text);
		expect(strangers(requests)).toEqual([]);
		expect(lines).toEqual([]);
	});

	it("shows each role what it may see, and staff every customer", async () => {
		const home = await openHome(stage);
		const { page, dashboard, site } = home;
		const tabs = () => shownText(page.getByRole("navigation", { name: "Dashboard" }));
		await page.getByRole("radio", { name: "Member" }).check({ force: true });
		await expect.poll(tabs).not.toContain("Leads");
		await page.getByRole("radio", { name: "Koby staff" }).check({ force: true });
		await expect.poll(tabs).toContain("Customers");
		await showView(home, "Customers");
		await dashboard
			.getByRole("row", { name: /CHADIS/ })
			.getByRole("button", { name: "Look at it" })
			.click();
		await expect.poll(() => shownText(dashboard.getByRole("heading", { level: 2 }))).toBe("CHADIS");
		await site.getByRole("heading", { name: "Know how a child is doing before the visit begins" }).waitFor();
		await page.getByRole("combobox", { name: "Customer" }).selectOption("org_pannu_dental");
		await site.getByRole("heading", { name: "Gentle dentistry, next to the library" }).waitFor();
	});

	it("speaks what is typed", async () => {
		const home = await openHome(stage);
		await showView(home, "Voice");
		await home.dashboard.getByRole("textbox", { name: "Text to speak" }).fill("Good morning, and welcome.");
		await home.dashboard.getByRole("button", { name: "Speak" }).click();
		await expect
			.poll(
				() =>
					home.dashboard
						.locator("audio")
						.evaluateAll(([audio]) => (audio instanceof HTMLAudioElement ? audio.duration : 0)),
				{ timeout: 15_000 },
			)
			.toBeGreaterThan(0.5);
	});

	it("says what an unanswered question would find once it has an answer", async () => {
		const home = await openHome(stage);
		await showView(home, "Knowledge");
		await home.dashboard.getByRole("textbox", { name: /Try a question/ }).fill("Where can I park?");
		await home.dashboard.getByRole("button", { name: "What would be found?" }).click();
		await says(home, "There is free parking behind the building");
	});

	it("works by keyboard alone: from the tabs into a conversation and back", async () => {
		const home = await openHome(stage);
		const { page, dashboard } = home;
		await dashboard.getByRole("list", { name: "Conversations" }).getByRole("link").first().focus();
		await page.keyboard.press("Enter");
		await dashboard.getByRole("list", { name: "Messages" }).waitFor();
		await dashboard.getByRole("button", { name: "All conversations" }).focus();
		await page.keyboard.press("Enter");
		await dashboard.getByRole("list", { name: "Conversations" }).waitFor();
	});

	it("is found without fault by axe in every view, light, dark and on a phone, and is no wider than its window", {
		timeout: 180_000,
	}, async () => {
		const home = await openHome(stage);
		const { page, dashboard } = home;
		const frame = page.frame({ url: /\/site\// });
		for (const [scheme, width] of [
			["light", 1360],
			["dark", 1360],
			["dark", 390],
		] as const) {
			await resize(page, scheme, width);
			for (const view of VIEWS) {
				if (width === 390) await page.getByRole("button", { name: "The dashboard" }).click();
				await showView(home, view);
				await dashboard.locator("#view > *").first().waitFor();
				expect(await axeFindings(page), `${view}, ${scheme}, ${width}`).toEqual([]);
				expect(
					await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
				).toBe(0);
			}
			if (frame !== null) expect(await axeFindings(frame), `the website, ${scheme}, ${width}`).toEqual([]);
		}
	});

	walkTests(stage);
}
