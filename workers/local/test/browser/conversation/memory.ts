import type { BrowserContext, Page } from "playwright-core";
import { afterEach, expect, it } from "vitest";
import { rows } from "../../local-run.ts";
import type { Stage } from "../browser.ts";
import { reloadedFresh, setInPortal } from "../settings.ts";
import { ask, dialog, log, openChat, reopen } from "../widget.ts";

const KEPT = "koby:sk_chadis_test_abc123";

/** What a browser keeps of a conversation, and what the next person at the same device sees of it. */
export function memoryTests(stage: Stage): void {
	afterEach(async () => {
		await remember(null);
		await remember(null, "config");
	});

	function remember(memory: string | null, path = "engines/site_chadis_test"): Promise<void> {
		return setInPortal(stage, path, { visitor_memory: memory });
	}

	/** A new tab of the same browser. */
	async function nextTab(context: BrowserContext): Promise<Page> {
		const page = await context.newPage();
		await page.goto(stage.hostOrigin());
		await reopen(page);
		return page;
	}

	/** Leaves the page and goes back to it, which loads it anew. */
	async function thereAndBack(page: Page): Promise<void> {
		await page.goto(`${stage.origin()}/chat/widget.js`);
		await page.goBack();
	}

	/**
	 * The page is left and come back to as it stood: its words are those that a browser freezes with it. The browser of the tests
	 * freezes none (BackForwardCacheDisabledForDelegate), so the page is told what a browser tells it then.
	 */
	async function frozen(page: Page): Promise<string> {
		const told = (name: string) =>
			page.evaluate((type) => dispatchEvent(new PageTransitionEvent(type, { persisted: true })), name);
		await told("pagehide");
		const words = await wordsOf(page);
		await told("pageshow");
		return words;
	}

	/** Everything of the widget, what is hidden and what is being written too. */
	function wordsOf(page: Page): Promise<string> {
		return page.evaluate(() => {
			const root = document.querySelector("koby-chat")?.shadowRoot;
			const fields = [...(root?.querySelectorAll("textarea, input") ?? [])];
			return [root?.textContent, ...fields.map((field) => Reflect.get(field, "value"))].join(" ");
		});
	}

	const keptIn = (page: Page): Promise<[string | null, string | null]> =>
		page.evaluate((name) => [localStorage.getItem(name), sessionStorage.getItem(name)], KEPT);

	async function sessionsOf(...words: string[]): Promise<unknown> {
		const listed = words.map((text) => `'${text}'`).join(", ");
		return rows(
			stage.folder,
			`SELECT COUNT(DISTINCT s.id) AS sessions, COUNT(DISTINCT s.visitor_id) AS visitors
			FROM chat_sessions s JOIN chat_messages m ON m.session_id = s.id WHERE m.content IN (${listed})`,
		);
	}

	it("device: shows a conversation to every tab, and a page that is come back to stands as it was", async () => {
		const { page } = await openChat(stage);
		await ask(page, "Mouthwash for device?");
		expect(await frozen(page)).toContain("Mouthwash for device?");
		expect(await dialog(page).isVisible()).toBe(true);
		const other = await nextTab(page.context());
		await expect.poll(() => log(other).textContent()).toContain("Mouthwash for device?");
	});

	it("tab: goes on after a reload and after coming back, and no other tab has it", async () => {
		await remember("tab");
		const { page, lines } = await openChat(stage);
		await ask(page, "Braces for tab?");
		await page.reload();
		await reopen(page);
		await expect.poll(() => log(page).textContent()).toContain("Braces for tab?");
		expect(await frozen(page)).not.toContain("Braces for tab?");
		await reopen(page);
		await expect.poll(() => log(page).textContent()).toContain("Braces for tab?");
		await thereAndBack(page);
		await reopen(page);
		await expect.poll(() => log(page).textContent()).toContain("Braces for tab?");
		expect(await keptIn(page)).toEqual([null, expect.stringContaining("session")]);
		const other = await nextTab(page.context());
		await ask(other, "Floss for tab?");
		expect(await wordsOf(other)).not.toContain("Braces");
		await expect.poll(() => sessionsOf("Braces for tab?", "Floss for tab?")).toEqual([{ sessions: 2, visitors: 2 }]);
		expect(lines).toEqual([]);
	});

	it("tab: what was ended on a later page is not on the one before, for whoever goes back", async () => {
		await remember("tab");
		const { page } = await openChat(stage);
		await ask(page, "Crown for one?");
		expect(await frozen(page)).not.toContain("Crown for one?");
		// What "New conversation" on a later page of this tab leaves.
		await page.evaluate((name) => {
			const { visitor } = JSON.parse(sessionStorage.getItem(name) ?? "{}");
			sessionStorage.setItem(name, JSON.stringify({ visitor: `${visitor}x`, session: "" }));
		}, KEPT);
		await reopen(page);
		await ask(page, "Crown for two?");
		expect(await wordsOf(page)).not.toContain("Crown for one?");
		await expect.poll(() => sessionsOf("Crown for one?", "Crown for two?")).toEqual([{ sessions: 2, visitors: 2 }]);
	});

	it("tab: a tab that a page opened has no copy", async () => {
		await remember("tab");
		const { page } = await openChat(stage);
		await ask(page, "Copied to a tab?");
		const opened = page.context().waitForEvent("page");
		await page.evaluate(() => void window.open(location.href));
		const other = await opened;
		await reopen(other);
		await ask(other, "Opened by a page?");
		expect(await wordsOf(other)).not.toContain("Copied to a tab?");
		expect(await keptIn(other)).toEqual([null, null]);
	});

	it("none, of the organization: each page begins anew, also one that is come back to, with what was being written gone", async () => {
		await remember("none", "config");
		const { page, lines } = await openChat(stage);
		await ask(page, "Fillings for none?");
		await ask(page, "Still for none?");
		await page.getByRole("textbox", { name: "Your message" }).fill("Unsent for none");
		expect(await keptIn(page)).toEqual([null, null]);
		expect(await frozen(page)).not.toMatch(/for none/);
		await reopen(page);
		await ask(page, "Next for none?");
		expect(await wordsOf(page)).not.toMatch(/(?:Fillings|Still|Unsent) for none/);
		const other = await nextTab(page.context());
		expect(await wordsOf(other)).not.toMatch(/for none/);
		for (const again of [() => page.reload(), () => thereAndBack(page)]) {
			await again();
			await reopen(page);
			expect(await wordsOf(page)).not.toMatch(/for none/);
		}
		await expect
			.poll(() => sessionsOf("Fillings for none?", "Still for none?"))
			.toEqual([{ sessions: 1, visitors: 1 }]);
		await expect.poll(() => sessionsOf("Fillings for none?", "Next for none?")).toEqual([{ sessions: 2, visitors: 2 }]);
		await expect
			.poll(() =>
				rows(
					stage.folder,
					"SELECT s.ended_at IS NOT NULL AS ended FROM chat_sessions s JOIN chat_messages m ON m.session_id = s.id WHERE m.content = 'Still for none?'",
				),
			)
			.toEqual([{ ended: 1 }]);
		expect(lines).toEqual([]);
	});

	it("none: an answer under way when the page is left is not there for whoever comes back", async () => {
		await remember("none");
		const { page } = await openChat(stage);
		await page.getByRole("textbox", { name: "Your message" }).fill("Under way for none [[...]]");
		await page.keyboard.press("Enter");
		const live = page.locator("koby-chat .message.bot[aria-hidden]");
		await expect.poll(async () => (await live.textContent())?.length ?? 0, { interval: 10 }).toBeGreaterThan(0);
		expect(await frozen(page)).not.toContain("for none");
		await reopen(page);
		expect(await page.getByRole("button", { name: "Try again" }).count()).toBe(0);
	});

	it.each(["tab", "none"])("%s: forgets what the device holds from before", async (memory) => {
		const { page } = await openChat(stage);
		await ask(page, `Held before ${memory}?`);
		expect(await keptIn(page)).toEqual([expect.stringContaining("session"), null]);
		await remember(memory);
		await reloadedFresh(page);
		await reopen(page);
		expect(await keptIn(page)).toEqual([null, null]);
		expect(await wordsOf(page)).not.toContain("Held before");
		await remember(null);
		await reloadedFresh(page);
		await reopen(page);
		expect(await wordsOf(page)).not.toContain("Held before");
	});
}
