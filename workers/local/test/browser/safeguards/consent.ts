import type { Page, Request } from "playwright-core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { rows } from "../../local-run.ts";
import { axeFindings, openPage, shownText } from "../browser.ts";
import type { Stage } from "../browser.ts";
import { reloadedFresh, setInPortal } from "../settings.ts";
import { ask, dialog, log, openChat, reopen } from "../widget.ts";

const NONE = {
	consent: null,
	audience: null,
	ai_notice: null,
	privacy_url: null,
	terms_url: null,
	visitor_memory: null,
};
const OWN = {
	ai_notice: "You are writing with an AI of our practice.",
	privacy_url: "https://www.chadis.com/privacy",
	terms_url: "https://www.chadis.com/terms",
};

/** What a visitor is told and asked before they write. */
export function consentTests(stage: Stage): void {
	const set = (changes: Record<string, unknown>) => setInPortal(stage, "config", changes);
	// The sample customer has a notice of its own.
	beforeEach(() => set(NONE));
	afterEach(() => set(NONE));

	const about = (page: Page) => page.getByRole("group", { name: "About this chat" });
	const input = (page: Page) => page.getByRole("textbox", { name: "Your message" });
	const agree = (page: Page, name = "I agree") => page.getByRole("button", { name, exact: true });
	const consentsOf = (words: string) =>
		rows(
			stage.folder,
			`SELECT s.consents ->> '$[0][0]' AS version FROM chat_sessions s JOIN chat_messages m ON m.session_id = s.id WHERE m.content = '${words}'`,
		);

	it("says by itself, and with the input for whoever hears the page, that an AI answers and who processes what is said", async () => {
		const { page } = await openChat(stage);
		const words = "AI assistant of CHADIS. Not a person, and not medical advice.";
		expect(await shownText(about(page))).toContain(words);
		expect(await shownText(about(page))).toMatch(/processed for CHADIS by Koby and Google/);
		expect(await shownText(page.getByRole("heading", { name: "CHADIS" }).locator(".."))).toContain("AI");
		await expect.poll(() => input(page).getAttribute("aria-describedby")).toBe("disclosure");
		await ask(page, "Told by itself?");
		expect(await shownText(about(page))).toContain(words);
		await expect.poll(() => consentsOf("Told by itself?")).toEqual([{ version: null }]);
	});

	it("notice: says it in the customer's words, with links, and keeps which words they were", async () => {
		await set({ consent: "notice", ...OWN });
		const { page } = await openChat(stage);
		expect(await shownText(about(page))).toContain(OWN.ai_notice);
		const links = about(page).getByRole("link");
		expect(await links.evaluateAll((all) => all.map((link) => [link.textContent, link.getAttribute("href")]))).toEqual([
			["Privacy", OWN.privacy_url],
			["Terms", OWN.terms_url],
		]);
		expect(await agree(page).count()).toBe(0);
		expect(await axeFindings(page)).toEqual([]);
		await ask(page, "Told in own words?");
		await expect
			.poll(() => consentsOf("Told in own words?"))
			.toEqual([{ version: expect.stringMatching(/^[0-9a-f]{16}$/) }]);
	});

	it("required: nothing can be written or sent before it is agreed to, by keyboard, and it is asked once", async () => {
		await set({ consent: "required", ...OWN });
		const { page, lines, requests } = await openPage(stage.browser());
		await page.goto(stage.hostOrigin());
		await page.getByRole("button", { name: "Open chat" }).focus();
		await page.keyboard.press("Enter");
		await dialog(page).waitFor();
		expect(await agree(page).evaluate((button) => button.matches(":focus"))).toBe(true);
		expect(await agree(page).getAttribute("aria-describedby")).toBe("disclosure");
		expect(await input(page).isDisabled()).toBe(true);
		await page
			.getByRole("button", { name: "What is CHADIS?" })
			.click({ force: true, timeout: 2000 })
			.catch(() => undefined);
		expect(await axeFindings(page)).toEqual([]);
		await page.emulateMedia({ colorScheme: "dark" });
		expect(await axeFindings(page)).toEqual([]);
		expect(
			requests
				.filter((url) => url.includes("/chat/"))
				.map((url) => new URL(url).pathname)
				.sort(),
		).toEqual([
			"/chat/config",
			"/chat/widget.js",
			expect.stringMatching(/^\/chat\/widget\/later\.\w{8}\.js$/),
			expect.stringMatching(/^\/chat\/widget\/panel\.\w{8}\.js$/),
			expect.stringMatching(/^\/chat\/widget\/words-en\.\w{8}\.js$/),
		]);
		await agree(page).focus();
		await page.keyboard.press("Enter");
		expect(await input(page).evaluate((field) => field.matches(":focus"))).toBe(true);
		const sent = page.waitForRequest((request) => request.method() === "POST");
		await ask(page, "Agreed to?");
		const version = await headerOf(await sent);
		expect(version).toMatch(/^[0-9a-f]{16}$/);
		await expect.poll(() => consentsOf("Agreed to?")).toEqual([{ version }]);
		await page.reload();
		await reopen(page);
		expect(await agree(page).count()).toBe(0);
		await ask(page, "Asked once?");
		expect(lines).toEqual([]);
	});

	const headerOf = async (request: Request): Promise<string | undefined> => (await request.allHeaders())["x-consent"];

	it("required: a page that was opened before the words changed asks anew, and what was typed stays", async () => {
		await set({ consent: "required", ...OWN });
		const { page } = await openChat(stage);
		await agree(page).click();
		await ask(page, "Before the change?");
		await set({ ai_notice: "You are writing with an AI, and it is recorded." });
		await input(page).fill("After the change?");
		await page.keyboard.press("Enter");
		await agree(page).waitFor();
		await expect.poll(() => shownText(about(page))).toContain("it is recorded");
		expect(await input(page).inputValue()).toBe("After the change?");
		expect(await input(page).isDisabled()).toBe(true);
		expect(await log(page).textContent()).not.toContain("After the change?");
		await expect.poll(() => shownText(dialog(page))).toContain("Your message is still here.");
		expect(await rows(stage.folder, "SELECT id FROM chat_messages WHERE content = 'After the change?'")).toEqual([]);
		await agree(page).click();
		await page.keyboard.press("Enter");
		await expect.poll(() => log(page).textContent()).toContain("After the change?");
		await expect
			.poll(() =>
				rows(
					stage.folder,
					"SELECT json_array_length(s.consents) AS count FROM chat_sessions s JOIN chat_messages m ON m.session_id = s.id WHERE m.content = 'After the change?'",
				),
			)
			.toEqual([{ count: 2 }]);
		await reloadedFresh(page);
		await reopen(page);
		expect(await agree(page).count()).toBe(0);
		await set({ ai_notice: "You are writing with an AI, anew." });
		await reloadedFresh(page);
		await reopen(page);
		await agree(page).waitFor();
	});

	it("required: a form is not sent with words that changed either", async () => {
		await set({ consent: "required", ...OWN });
		const { page } = await openChat(stage);
		await agree(page).click();
		await ask(page, "[[blocked]]");
		await page.getByRole("textbox", { name: "E-mail" }).fill("changed@example.com");
		await set({ ai_notice: "You are writing with an AI, as a form." });
		const send = page.locator("koby-chat form.lead").getByRole("button", { name: "Send" });
		await send.click();
		await agree(page).click();
		await send.click();
		await expect
			.poll(() =>
				rows(
					stage.folder,
					"SELECT consent_version IS NOT NULL AS is_kept FROM leads WHERE email = 'changed@example.com'",
				),
			)
			.toEqual([{ is_kept: 1 }]);
	});

	it.each([
		["adults alone", { audience: "adults" }, "I am 18 or older"],
		["adults who agree", { audience: "adults", consent: "required" }, "I agree, and I am 18 or older"],
	])("%s: one tap says so", async (_, changes, name) => {
		await set(changes);
		const { page } = await openChat(stage);
		expect(await shownText(about(page))).toMatch(/18/);
		expect(await input(page).isDisabled()).toBe(true);
		await agree(page, name).click();
		await ask(page, `Who is asked, ${name}`);
	});

	it("tab: every tab asks, and so does a new conversation at a device of many", async () => {
		await set({ consent: "required", visitor_memory: "tab" });
		const { page } = await openChat(stage);
		await agree(page).click();
		await ask(page, "Agreed in a tab?");
		await page.reload();
		await reopen(page);
		expect(await agree(page).count()).toBe(0);
		expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
		const other = await page.context().newPage();
		await other.goto(stage.hostOrigin());
		await reopen(other);
		await agree(other).waitFor();
		await page.getByRole("button", { name: "New conversation" }).click();
		await agree(page).waitFor();
		expect(await input(page).isDisabled()).toBe(true);
	});

	it("none: every page asks, and nothing of it is kept", async () => {
		await set({ consent: "required", visitor_memory: "none" });
		const { page } = await openChat(stage);
		await agree(page).click();
		await ask(page, "Agreed on a page?");
		expect(await page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)])).toEqual([]);
		await page.reload();
		await reopen(page);
		await agree(page).waitFor();
	});

	it("sends nothing while somebody types, and asks nobody but the chat", async () => {
		const { page, requests } = await openChat(stage);
		const before = requests.length;
		await input(page).pressSequentially("Nobody reads this before it is sent", { delay: 5 });
		await page.keyboard.press("Tab");
		await page.mouse.move(10, 10);
		await new Promise((resolve) => setTimeout(resolve, 500));
		expect(requests.slice(before)).toEqual([]);
		const origins = new Set(requests.map((url) => new URL(url).origin));
		expect([...origins].sort()).toEqual([stage.hostOrigin(), new URL(stage.origin()).origin].sort());
	});
}
