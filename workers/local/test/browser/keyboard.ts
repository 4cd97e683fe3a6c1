import { expect } from "vitest";
import type { Visited } from "./engines/visited.ts";

/** Opens the chat of a page, asks, rates and closes it with nothing but keys, and hears what is announced meanwhile. */
export async function walkByKeyboard(page: Visited): Promise<void> {
	await page.getByRole("button", { name: "Open chat" }).waitFor();
	const focused = (): Promise<string> =>
		page.evaluate(() => {
			const inner = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
			return inner?.getAttribute("aria-label") ?? inner?.textContent ?? "";
		});
	const tabTo = async (name: string, key = "Tab"): Promise<void> => {
		for (let presses = 0; presses < 20 && (await focused()) !== name; presses++) await page.keyboard.press(key);
		expect(await focused()).toBe(name);
	};
	await tabTo("Open chat");
	await page.keyboard.press("Enter");
	await page.getByRole("dialog").waitFor();
	await page.evaluate(() => {
		const added: string[] = [];
		Object.assign(globalThis, { added });
		const element = document.querySelector("koby-chat")?.shadowRoot?.querySelector("[role=log]");
		if (element)
			new MutationObserver((records) => {
				for (const { addedNodes } of records) for (const node of addedNodes) added.push(node.textContent ?? "");
			}).observe(element, { childList: true, subtree: true });
	});
	await page.keyboard.type("How long");
	await page.keyboard.press("Shift+Enter");
	await page.keyboard.type("does a questionnaire take?");
	await page.keyboard.press("Enter");
	const answer = page.locator("koby-chat .log .message.bot").last();
	await expect.poll(() => answer.textContent()).toContain("fifteen minutes");
	const added: string[] = await page.evaluate(() => Reflect.get(globalThis, "added"));
	expect(added.filter((text) => text.includes("fifteen minutes"))).toHaveLength(1);
	// Backwards: beyond the last of a page a browser may have something of its own.
	await tabTo("Good answer", "Shift+Tab");
	await page.keyboard.press("Space");
	await expect.poll(() => page.getByRole("button", { name: "Good answer" }).getAttribute("aria-pressed")).toBe("true");
	await page.keyboard.press("Escape");
	expect(await page.getByRole("dialog").count()).toBe(0);
	expect(await focused()).toBe("Open chat");
}
