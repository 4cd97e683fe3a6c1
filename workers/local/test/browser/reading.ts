import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { axeFindings } from "./browser.ts";
import type { Stage } from "./browser.ts";
import { EVENT_STREAM, eventsOf } from "./events.ts";
import { answers, ask, openChat } from "./widget.ts";

/** Of every kind that an answer may hold. */
export const ANSWER = `### Opening hours

| Day | Morning | Afternoon | Evening | By phone |
|---|---|---|---|---|
| Monday | 8:00–12:00 | 13:00–17:00 | closed | (555) 010-0199 |

1. **Call** us, or write to desk@practice.example
   - or use [our form](/contact "Contact")
   - [ ] bring your card

> Please come \`early\`.

~~~
Dear clinic
~~~

---

See www.practice.example.`;

/** What the widget makes of an answer's markdown. */
export function readingTests(stage: Stage): void {
	const answerBy = (page: Page, pieces: readonly string[]) =>
		page.route("**/chat/", (route) => route.fulfill({ status: 200, headers: EVENT_STREAM, body: eventsOf(pieces) }));

	it.each([
		["on a desk", { viewport: { width: 1024, height: 700 } }, "light"],
		["on a phone in the dark", { viewport: { width: 360, height: 700 } }, "dark"],
	] as const)(
		"shows an answer of every kind %s, without fault by axe and no wider than itself",
		async (_, options, colorScheme) => {
			const { page, lines } = await openChat(stage, options);
			await page.emulateMedia({ colorScheme });
			await answerBy(page, ANSWER.match(/.{1,7}/gs) ?? []);
			const answer = await ask(page, "Tell me all");
			expect(await answer.locator("h3, th, li, blockquote, pre, hr").count()).toBe(12);
			expect(await answer.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href")))).toEqual([
				"tel:5550100199",
				"mailto:desk@practice.example",
				`${stage.hostOrigin()}/contact`,
				"https://www.practice.example/",
			]);
			const table = answer.locator(".wide");
			expect(await table.evaluate((element) => element.scrollWidth > element.clientWidth)).toBe(true);
			expect(
				await page.locator("koby-chat .scroller").evaluate((element) => element.scrollWidth <= element.clientWidth),
			).toBe(true);
			await table.focus();
			await page.keyboard.press("ArrowRight");
			await expect.poll(() => table.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0);
			expect(await axeFindings(page)).toEqual([]);
			expect(lines).toEqual([]);
		},
	);

	it("shows an answer without raw marks while it comes, and lets no focus in", async () => {
		const { page, lines } = await openChat(stage);
		await page.evaluate(() => {
			const live = document
				.querySelector("koby-chat")
				?.shadowRoot?.querySelector<HTMLElement>(".message.bot[aria-hidden]");
			const seen: string[] = [];
			const stops: number[] = [];
			Object.assign(globalThis, { seen, stops });
			if (live)
				new MutationObserver(() => {
					if (live.hidden) return;
					seen.push(live.textContent ?? "");
					for (const stop of live.querySelectorAll<HTMLElement>("a, [tabindex]")) stops.push(stop.tabIndex);
				}).observe(live, { childList: true, subtree: true, characterData: true });
		});
		await ask(page, "Call **now** or [book](https://a.example/b): | a | b | [[...]]");
		const shown: string[] = await page.evaluate(() => Reflect.get(globalThis, "seen"));
		expect(shown.length).toBeGreaterThan(0);
		expect(shown.filter((text) => /\*\*|\]\(/.test(text))).toEqual([]);
		expect(await page.evaluate(() => Reflect.get(globalThis, "stops").every((stop: number) => stop === -1))).toBe(true);
		expect(await answers(page).last().textContent()).not.toMatch(/\*\*|\]\(/);
		expect(lines).toEqual([]);
	});
}
