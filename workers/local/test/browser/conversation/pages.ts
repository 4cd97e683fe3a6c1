import { expect, it } from "vitest";
import { rows } from "../../local-run.ts";
import type { Stage } from "../browser.ts";
import { answers, ask, dialog, log, openChat, reopen } from "../widget.ts";

/** The widget on several pages of one visitor, one after the other and side by side. */
export function pagesTests(stage: Stage): void {
	it("shows an answer that was under way when the page was left, and goes on from it", async () => {
		const { page, lines } = await openChat(stage);
		const gone = "How long does a questionnaire take? [[...]]";
		await page.getByRole("textbox", { name: "Your message" }).fill(gone);
		await page.keyboard.press("Enter");
		const live = page.locator("koby-chat .message.bot[aria-hidden]");
		await expect.poll(async () => (await live.textContent())?.length ?? 0, { interval: 10 }).toBeGreaterThan(0);
		await page.reload();
		await reopen(page);
		await expect.poll(() => log(page).textContent()).toContain(gone);
		await expect.poll(() => answers(page).last().textContent(), { timeout: 20_000 }).toContain("fifteen minutes");
		await ask(page, "And what comes next?");
		const counts = `SELECT message_count FROM chat_sessions WHERE id IN (SELECT session_id FROM chat_messages WHERE content = '${gone}')`;
		await expect.poll(() => rows(stage.folder, counts)).toEqual([{ message_count: 4 }]);
		expect(lines).toEqual([]);
	});

	it("goes on in one session from every tab, also from one that was idle when it began", async () => {
		const { page } = await openChat(stage);
		const other = await page.context().newPage();
		await other.goto(stage.hostOrigin());
		await other.getByRole("button", { name: "Open chat" }).click();
		await dialog(other).waitFor();
		await ask(page, "Is this the first tab?");
		await ask(other, "Is this the second tab?");
		const sessions =
			"SELECT COUNT(DISTINCT session_id) AS n FROM chat_messages WHERE content IN ('Is this the first tab?', 'Is this the second tab?')";
		await expect.poll(() => rows(stage.folder, sessions)).toEqual([{ n: 1 }]);
	});
}
