import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { rows } from "../../local-run.ts";
import { openPage } from "../browser.ts";
import type { Stage } from "../browser.ts";
import { ask, dialog, openChat } from "../widget.ts";

const ANN = { visitor_id: "ann-0b5c", name: "Ann Lee", email: "ann@example.com" };

/** Whom a page names, and whom it does not mean any more. */
export function identityTests(stage: Stage): void {
	/** Commands in one go, as a page gives them whose visitor logs out while it loads. */
	const tell = (page: Page, ...commands: unknown[][]) =>
		page.evaluate((given) => {
			for (const [name, ...values] of given) Reflect.get(globalThis, "koby")(name, ...values);
		}, commands);
	const visitorsOf = (text: string) =>
		rows(
			stage.folder,
			`SELECT DISTINCT s.visitor_id FROM chat_sessions s JOIN chat_messages m ON m.session_id = s.id WHERE m.content LIKE '${text}%'`,
		);

	/** Nothing of the name is in what comes next: neither its session, nor the form, nor what the browser keeps. */
	async function expectNobody(page: Page, text: string): Promise<void> {
		await ask(page, `${text} [[blocked]]`);
		for (const name of ["E-mail", "Name (optional)"])
			expect(await page.getByRole("textbox", { name, exact: true }).inputValue()).toBe("");
		await expect.poll(() => visitorsOf(text)).toEqual([{ visitor_id: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
		expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toMatch(/ann-0b5c|Ann Lee|ann@/);
	}

	it("forgets a visitor who was named and logged out at once, with the chat there and before it is", async () => {
		const { page, lines } = await openChat(stage);
		await tell(page, ["identify", ANN], ["reset"]);
		await expectNobody(page, "Who after both?");
		const { page: fresh } = await openPage(stage.browser());
		await fresh.goto(stage.hostOrigin());
		await fresh.waitForFunction(() => Reflect.get(globalThis, "koby"));
		await tell(fresh, ["identify", ANN], ["reset"], ["open"]);
		await dialog(fresh).waitFor();
		await expectNobody(fresh, "Who before it came?");
		expect(lines).toEqual([]);
	});

	it("keeps nothing of a visitor who was named as the chat was taken off", async () => {
		const { page } = await openChat(stage);
		const source = await page.locator("script[data-site-key]").getAttribute("src");
		const given = page.waitForResponse(/identity-given/);
		await tell(page, ["identify", ANN], ["destroy"]);
		await given;
		// The file is there, and what it was fetched for is due.
		await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
		await page.addScriptTag({ url: `${source}?site_key=sk_chadis_test_abc123` });
		await page.getByRole("button", { name: "Open chat" }).click();
		await dialog(page).waitFor();
		await expectNobody(page, "Who after it came back?");
	});

	it("ends the conversation of whoever logs out", async () => {
		const { page } = await openChat(stage);
		const given = page.waitForResponse(/identity-given/);
		await tell(page, ["identify", ANN]);
		await given;
		await expect
			.poll(() => page.evaluate(() => localStorage.getItem("koby:sk_chadis_test_abc123")))
			.toContain(ANN.visitor_id);
		await ask(page, "Ann's own question");
		await tell(page, ["reset"]);
		const ended =
			"SELECT s.ended_at IS NOT NULL AS ended FROM chat_sessions s JOIN chat_messages m ON m.session_id = s.id WHERE m.content = 'Ann''s own question'";
		await expect.poll(() => rows(stage.folder, ended)).toEqual([{ ended: 1 }]);
		await expectNobody(page, "Who after her?");
	});
}
