import { afterAll, beforeAll, expect, it } from "vitest";
import { openPage } from "./browser.ts";
import type { Stage } from "./browser.ts";
import { startHosts } from "./embedding-host.ts";
import type { EmbeddingHosts, Given } from "./embedding-host.ts";
import { KEY } from "./site-keys.ts";
import { WAYS_OF_PLATFORMS } from "./ways-of-platforms.ts";
import { WAYS_OF_TAGS } from "./ways-of-tags.ts";

/** Whether the widget is there, and works, on a page that does what a platform does. */
export function embeddingTests(stage: Stage): void {
	let hosts: EmbeddingHosts;
	let given: Given;

	beforeAll(async () => {
		hosts = await startHosts(`${stage.origin()}/chat/`);
		const script = `${hosts.chat}widget.js`;
		const texts = [script, `${script}?site_key=${KEY}`].map(async (address) => (await fetch(address)).text());
		const [text = "", keyedText = ""] = await Promise.all(texts);
		given = { hosts, script, text, keyedText };
	});
	afterAll(() => hosts?.close());

	it.each([...WAYS_OF_TAGS, ...WAYS_OF_PLATFORMS])("$name", async ({ html, headers, afterwards, outcome, says }) => {
		const body = html(given);
		const whole = body.startsWith("<!doctype")
			? body
			: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A customer</title></head><body><h1>A customer</h1>${body}</body></html>`;
		const address = hosts.serve({ html: whole, ...(headers === undefined ? {} : { headers: headers(given) }) });
		const { page, lines } = await openPage(stage.browser());
		await page.goto(address);
		await afterwards?.(page, given);
		const ours = (): string => lines.filter((line) => line.startsWith("[koby]")).join("\n");
		if (says !== undefined) await expect.poll(ours).toMatch(says);
		if (outcome === "none") {
			await page.waitForLoadState("networkidle");
			expect(await page.locator("koby-chat").count()).toBe(0);
			return;
		}
		if (outcome !== "open") await page.getByRole("button", { name: "Open chat" }).click();
		await page.getByRole("textbox", { name: "Your message" }).click({ trial: true });
		expect(await page.locator("koby-chat").count()).toBe(1);
		if (says === undefined) expect(ours()).toBe("");
	});
}
