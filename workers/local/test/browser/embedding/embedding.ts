import { afterAll, beforeAll, expect, it } from "vitest";
import type { Opened } from "../engines/visited.ts";
import { startHosts } from "./host.ts";
import type { EmbeddingHosts, Given } from "./host.ts";
import { KEY } from "../../site-keys.ts";
import { WAYS_OF_PLATFORMS } from "./platforms.ts";
import { WAYS_OF_TAGS } from "./tags.ts";

/** Where the table is played. */
interface Place {
	origin(): string;
	open(): Promise<Opened>;
	/** Ways that cannot be looked at there. */
	without?: RegExp;
}

/** Whether the widget is there, and works, on a page that does what a platform does. */
export function embeddingTests(stage: Place): void {
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

	const ways = [...WAYS_OF_TAGS, ...WAYS_OF_PLATFORMS].filter(({ name }) => stage.without?.test(name) !== true);
	it.each(ways)("$name", async ({ html, headers, afterwards, outcome, says }) => {
		const body = html(given);
		const whole = body.startsWith("<!doctype")
			? body
			: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A customer</title></head><body><h1>A customer</h1>${body}</body></html>`;
		const address = hosts.serve({ html: whole, ...(headers === undefined ? {} : { headers: headers(given) }) });
		const { page, lines } = await stage.open();
		await page.goto(address);
		await afterwards?.(page, given);
		const ours = (): string => (lines ?? []).filter((line) => line.startsWith("[koby]")).join("\n");
		if (says !== undefined && lines !== null) await expect.poll(ours).toMatch(says);
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
