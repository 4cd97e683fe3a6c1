import { expect, it } from "vitest";
import { shownText } from "../browser.ts";
import type { Stage } from "../browser.ts";
import { answers, ask, dialog, openChat } from "../widget.ts";

/** The widget and an answer that breaks off. */
export function brokenTests(stage: Stage): void {
	it("keeps what was read of an answer that broke off, and says so below it", async () => {
		const { page, lines } = await openChat(stage);
		const error = { code: "model_unavailable", message: "Busy.", request_id: "r" };
		const events = [
			["session", { session_id: crypto.randomUUID(), message_id: crypto.randomUUID() }],
			["delta", { text: "You find us **behind**" }],
			["delta", { text: " the town hall, and" }],
			["error", { error }],
		] as const;
		await page.route("**/chat/", (route) =>
			route.fulfill({
				status: 200,
				headers: { "content-type": "text/event-stream", "access-control-allow-origin": "*" },
				body: events.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join(""),
			}),
		);
		await ask(page, "Where are you?");
		const shown = await answers(page).count();
		const stump = answers(page).nth(shown - 1);
		expect(await stump.textContent()).toContain("You find us behind the town hall, and");
		expect(await stump.getByRole("button").count()).toBe(0);
		await expect.poll(() => shownText(dialog(page))).toMatch(/is busy right now/);
		await page.unrouteAll();
		await page.getByRole("button", { name: "Try again" }).click();
		await expect.poll(() => answers(page).count()).toBe(shown + 1);
		expect(await stump.textContent()).toContain("behind the town hall");
		expect(await answers(page).last().textContent()).toContain("I am sorry, I do not know that");
		expect(lines).toEqual([]);
	});
}
