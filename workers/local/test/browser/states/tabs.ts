import type { Page } from "playwright-core";
import { afterEach, expect, it } from "vitest";
import { rows } from "../../local-run.ts";
import type { Stage } from "../browser.ts";
import { reloadedFresh, setInPortal } from "../settings.ts";
import { answers, ask, dialog, log, openChat, reopen } from "../widget.ts";

/** One visitor's tabs, side by side. */
export function tabsTests(stage: Stage): void {
	const remember = (memory: string | null) =>
		setInPortal(stage, "engines/site_chadis_test", { visitor_memory: memory });
	afterEach(() => remember(null));

	/** Two tabs of a browser with the chat open, and what the second asks the server for from now on. */
	async function openTwo(memory: string | null = null) {
		await remember(memory);
		const { page: one, lines } = await openChat(stage);
		if (memory !== null) {
			await reloadedFresh(one);
			await reopen(one);
		}
		const two = await one.context().newPage();
		await two.goto(stage.hostOrigin());
		await reopen(two);
		await log(two).waitFor();
		const asked: string[] = [];
		two.on("request", (request) => asked.push(new URL(request.url()).pathname));
		return { one, two, lines, asked };
	}

	const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
	const visitorWords = (page: Page) => log(page).locator(".visitor .bubble").allTextContents();

	it("shows what is said in one in the other, once, in its order, and without a request", async () => {
		const { one, two, lines, asked } = await openTwo();
		await ask(one, "Where do tabs meet?");
		await expect.poll(() => visitorWords(two)).toEqual(["Where do tabs meet?"]);
		await expect.poll(() => answers(two).count()).toBe(2);
		expect(await answers(two).last().innerHTML()).toBe(await answers(one).last().innerHTML());
		expect(await button(two, "Good answer").isVisible()).toBe(true);
		expect(asked).toEqual([]);
		await ask(two, "And the other way?");
		await expect.poll(() => visitorWords(one)).toEqual(["Where do tabs meet?", "And the other way?"]);
		expect(await visitorWords(two)).toEqual(["Where do tabs meet?", "And the other way?"]);
		expect(await answers(one).count()).toBe(3);
		const kept = await one.evaluate(() => Object.keys(localStorage).filter((name) => name.endsWith(":said")));
		expect(kept).toEqual([]);
		const sessions =
			"SELECT COUNT(DISTINCT session_id) AS n FROM chat_messages WHERE content IN ('Where do tabs meet?', 'And the other way?')";
		await expect.poll(() => rows(stage.folder, sessions)).toEqual([{ n: 1 }]);
		expect(lines).toEqual([]);
	});

	it("keeps what comes from the other until its own answer is there", async () => {
		const { one, two } = await openTwo();
		await ask(one, "Before both?");
		await expect.poll(() => answers(two).count()).toBe(2);
		let release = (): void => undefined;
		const held = new Promise<void>((done) => (release = done));
		await two.route("**/chat/", async (route) => {
			await held;
			await route.fallback();
		});
		await two.getByRole("textbox", { name: "Your message" }).fill("Slow one?");
		await two.keyboard.press("Enter");
		await ask(one, "Quick one?");
		// It has come there: what is taken away again is told as well, and later.
		await two.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
		expect(await visitorWords(two)).toEqual(["Before both?", "Slow one?"]);
		release();
		await expect.poll(() => visitorWords(two)).toEqual(["Before both?", "Slow one?", "Quick one?"]);
		await expect.poll(() => answers(two).count()).toBe(4);
	});

	it("begins anew in both, and ends nothing that was begun since", async () => {
		const { one, two } = await openTwo();
		await ask(one, "Old in both?");
		await expect.poll(() => visitorWords(two)).toEqual(["Old in both?"]);
		for (const page of [one, two]) await button(page, "New conversation").click();
		// The next message settles it in the first; the second would do so by its own clock, 5 s after the press.
		await ask(one, "New in both?");
		await expect.poll(() => visitorWords(two)).toEqual(["New in both?"]);
		await expect.poll(() => button(two, "Undo").count(), { timeout: 10_000 }).toBe(0);
		await ask(two, "Still new in both?");
		await expect.poll(() => visitorWords(one)).toEqual(["New in both?", "Still new in both?"]);
		const sessions =
			"SELECT COUNT(DISTINCT s.id) AS n, MAX(s.ended_at IS NOT NULL) AS ended FROM chat_sessions s JOIN chat_messages m ON m.session_id = s.id WHERE m.content IN ('New in both?', 'Still new in both?')";
		await expect.poll(() => rows(stage.folder, sessions)).toEqual([{ n: 1, ended: 0 }]);
	});

	it("takes a new conversation back where the other tab has gone on with the old one", async () => {
		const { one, two } = await openTwo();
		await ask(one, "Going on?");
		await expect.poll(() => visitorWords(two)).toEqual(["Going on?"]);
		await button(two, "New conversation").click();
		expect(await visitorWords(two)).toEqual([]);
		await ask(one, "Yes, going on?");
		await expect.poll(() => visitorWords(two)).toEqual(["Going on?", "Yes, going on?"]);
		expect(await button(two, "Undo").count()).toBe(0);
	});

	it("gives the other tab no help that was given in this one, nor takes what a script of the page makes up for another conversation", async () => {
		const { one, two } = await openTwo();
		await ask(one, "Before help?");
		await expect.poll(() => visitorWords(two)).toEqual(["Before help?"]);
		await ask(one, "I want to die");
		await one.evaluate(() => {
			for (const made of ["no json", "[]", '{"session_id":"other","messages":[{"role":"user","text":"Made up"}]}'])
				localStorage.setItem("koby:sk_chadis_test_abc123:said", made);
		});
		await ask(one, "After help?");
		await expect.poll(() => visitorWords(two)).toEqual(["Before help?", "After help?"]);
	});

	it.each(["tab", "none"])("shares nothing where the memory is %s", async (memory) => {
		const { one, two } = await openTwo(memory);
		await two.evaluate(() => {
			const told: unknown[] = [];
			Object.assign(globalThis, { told });
			addEventListener("storage", ({ newValue }) => told.push(newValue));
		});
		await ask(one, `Alone in ${memory}?`);
		await button(one, "New conversation").click();
		await one.evaluate(() => localStorage.setItem("last", "1"));
		await expect.poll(() => two.evaluate(() => Reflect.get(globalThis, "told"))).toEqual(["1"]);
		expect(await visitorWords(two)).toEqual([]);
		expect(await dialog(two).isVisible()).toBe(true);
	});
}
