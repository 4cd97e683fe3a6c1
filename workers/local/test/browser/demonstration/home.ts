import type { FrameLocator, Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { openPage, shownText } from "../browser.ts";
import type { Stage, Watched } from "../browser.ts";

/** The page at `/`: a customer's website, and its dashboard beside it. */
export interface Home extends Watched {
	/** The website, in its frame. */
	site: FrameLocator;
	dashboard: Locator;
}

export async function openHome(stage: Stage, width = 1360): Promise<Home> {
	const watched = await openPage(stage.browser(), { viewport: { width, height: 850 } });
	const { page } = watched;
	await page.goto(stage.origin());
	await page.getByRole("link", { name: "Conversations" }).waitFor({ state: "attached" });
	return {
		...watched,
		site: page.frameLocator("#site-frame"),
		dashboard: page.getByRole("region", { name: "The customer’s dashboard" }),
	};
}

/** Shows a view of the dashboard, as a click on its tab does. */
export async function showView({ page }: Pick<Home, "page">, name: string): Promise<void> {
	await page.getByRole("navigation", { name: "Dashboard" }).getByRole("link", { name, exact: true }).click();
}

export async function openChat({ site }: Home): Promise<void> {
	await site.getByRole("button", { name: "Open chat" }).click();
	await site.getByRole("textbox", { name: "Your message" }).waitFor();
}

/** Says something in the chat, and waits for an answer with these words. */
export async function ask({ site, page }: Home, question: string, answer: string): Promise<void> {
	await site.getByRole("textbox", { name: "Your message" }).fill(question);
	await page.keyboard.press("Enter");
	await expect
		.poll(() => shownText(site.locator("koby-chat .message.bot:not([aria-hidden])").last()))
		.toContain(answer);
}

/** What was asked of a host that is not this machine by its name. */
export function strangers(requests: readonly string[]): string[] {
	return requests.filter((url) => !/^(?:blob|data|about):/.test(url) && new URL(url).hostname !== "localhost");
}

/** What the dashboard says, once it says this. */
export function says(home: Pick<Home, "dashboard">, words: string): Promise<void> {
	return expect.poll(() => shownText(home.dashboard)).toContain(words);
}

export async function resize(page: Page, colorScheme: "light" | "dark", width: number): Promise<void> {
	await page.emulateMedia({ colorScheme });
	await page.setViewportSize({ width, height: 850 });
}
