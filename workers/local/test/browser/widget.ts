import type { Browser, Locator, Page } from "playwright-core";
import { expect, it } from "vitest";
import { rows } from "../local-run.ts";
import { axeFindings, openPage, serveHost, shownText } from "./browser.ts";
import type { Stage } from "./browser.ts";
import { walkByKeyboard } from "./keyboard.ts";
import { LIVE_KEY } from "../site-keys.ts";

export const dialog = (page: Page): Locator => page.getByRole("dialog");
export const log = (page: Page): Locator => page.getByRole("log");
export const answers = (page: Page): Locator => page.locator("koby-chat .log .message.bot");

/** Asks by keyboard and waits for the finished answer. */
export async function ask(page: Page, text: string): Promise<Locator> {
	const before = await answers(page).count();
	await page.getByRole("textbox", { name: "Your message" }).fill(text);
	await page.keyboard.press("Enter");
	await expect.poll(() => answers(page).count(), { timeout: 20_000 }).toBe(before + 1);
	return answers(page).last();
}

/** Opens the chat of a page that was loaded anew, unless it is open as it was before. */
export async function reopen(page: Page): Promise<void> {
	await page.waitForFunction(() => Reflect.get(globalThis, "koby"));
	await page.evaluate(() => Reflect.get(globalThis, "koby").open());
	await dialog(page).waitFor();
}

/** A customer's page with the chat open. */
export async function openChat(stage: Stage, options: Parameters<Browser["newContext"]>[0] = {}) {
	const watched = await openPage(stage.browser(), options);
	await watched.page.goto(stage.hostOrigin());
	await watched.page.getByRole("button", { name: "Open chat" }).click();
	await dialog(watched.page).waitFor();
	return watched;
}

/** The widget on a customer's page, in a browser. */
export function widgetTests(stage: Stage): void {
	it("answers on a customer's page under its strict policy, streams, is rated, and goes on after a reload", async () => {
		const { page, lines } = await openChat(stage);
		await page.evaluate(() => {
			const seen = new Set<number>();
			Object.assign(globalThis, { seen });
			const live = document.querySelector("koby-chat")?.shadowRoot?.querySelector(".message.bot[aria-hidden]");
			if (live)
				new MutationObserver(() => seen.add(live.textContent?.length ?? 0)).observe(live, {
					childList: true,
					subtree: true,
					characterData: true,
				});
		});
		const answer = await ask(page, "Can I fill it in on my phone? [[...]]");
		expect(await answer.textContent()).toContain("there is nothing to install.");
		// Piece by piece, not at once.
		expect(await page.evaluate(() => Reflect.get(globalThis, "seen").size)).toBeGreaterThan(3);
		await answer.getByRole("button", { name: "Good answer" }).click();
		await expect
			.poll(() =>
				rows(
					stage.folder,
					"SELECT rating FROM chat_messages WHERE rating IS NOT NULL AND session_id IN (SELECT id FROM chat_sessions WHERE site_id = 'site_chadis_test') AND content LIKE '%nothing to install%'",
				),
			)
			.toEqual([{ rating: "up" }]);
		await page.reload();
		await reopen(page);
		await expect.poll(() => log(page).textContent()).toContain("nothing to install");
		expect(await page.getByRole("button", { name: "Good answer" }).first().getAttribute("aria-pressed")).toBe("true");
		await ask(page, "And then?");
		const sessions =
			"SELECT message_count FROM chat_sessions WHERE id IN (SELECT session_id FROM chat_messages WHERE content = 'And then?')";
		await expect.poll(() => rows(stage.folder, sessions)).toEqual([{ message_count: 4 }]);
		expect(lines).toEqual([]);
	});

	it("gives no answer to a page that is not allowed, and says why in the console", async () => {
		const other = await serveHost(`${stage.origin()}/chat/`, LIVE_KEY);
		const { page, lines } = await openPage(stage.browser());
		await page.goto(other.origin);
		await expect
			.poll(() => lines.filter((line) => line.startsWith("[koby]")))
			.toEqual([expect.stringContaining(other.origin)]);
		expect(await page.locator("koby-chat").count()).toBe(0);
		await other.close();
	});

	it("comes when the network does, which does not always say so", async () => {
		const { page, lines } = await openPage(stage.browser());
		await page.clock.install();
		let isDown = true;
		await page.route("**/chat/**", (route) =>
			isDown && route.request().resourceType() === "fetch" ? route.abort() : route.fallback(),
		);
		await page.goto(stage.hostOrigin());
		for (let tries = 1; tries <= 3; tries++) {
			await expect.poll(() => lines.filter((line) => line.includes("ERR_FAILED")).length).toBe(2 * tries);
			if (tries < 3) await page.clock.fastForward(10_000 * tries);
		}
		await expect
			.poll(() => lines.filter((line) => line.startsWith("[koby]")))
			.toEqual([expect.stringMatching(/^\[koby\] http:\S+\/chat\/ does not answer this page\. Check the address/)]);
		isDown = false;
		await page.clock.fastForward(30_000);
		await page.getByRole("button", { name: "Open chat" }).waitFor();
	});

	it("outlives a body that the page exchanges for the next page's", async () => {
		const { page } = await openChat(stage);
		await page.evaluate(() => document.body.replaceWith(document.createElement("body")));
		await ask(page, "Still there?");
	});

	it("closes on a small screen when the focus goes to the page behind it", async () => {
		const { page } = await openChat(stage, { viewport: { width: 400, height: 700 } });
		await page.keyboard.press("Tab");
		expect(await dialog(page).isVisible()).toBe(true);
		await page.getByRole("button", { name: "First" }).focus();
		await dialog(page).waitFor({ state: "hidden" });
		await page.getByRole("button", { name: "Open chat" }).waitFor();
	});

	it("shows hostile output as text", async () => {
		const { page, lines } = await openChat(stage);
		const answer = await ask(page, "[[html]]");
		expect(await answer.textContent()).toContain("<script>alert(2)</script>");
		expect(await answer.locator("script, img, iframe, [onerror]").count()).toBe(0);
		expect(
			await answer.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href"))),
		).not.toContainEqual(expect.stringMatching(/^\s*javascript/i));
		expect(lines).toEqual([]);
	});

	it("lives through an answer of 1 MB", async () => {
		const { page } = await openChat(stage);
		const text = `**a** [x](javascript:alert(1)) ${"*_[(`".repeat(200_000)}`;
		const done = {
			response: text,
			session_id: null,
			latency_ms: 1,
			message_id: crypto.randomUUID(),
			finish: "stop",
			sources: [],
		};
		const body = `event: session\ndata: {"session_id":null,"message_id":"${done.message_id}"}\n\nevent: delta\ndata: ${JSON.stringify({ text })}\n\nevent: done\ndata: ${JSON.stringify(done)}\n\n`;
		await page.route("**/chat/", (route) =>
			route.fulfill({
				status: 200,
				headers: { "content-type": "text/event-stream", "access-control-allow-origin": "*" },
				body,
			}),
		);
		const answer = await ask(page, "Tell me everything");
		expect((await answer.textContent())?.length).toBeLessThan(30_000);
		expect(await answer.locator("a").count()).toBe(0);
		await page.getByRole("button", { name: "Close chat" }).last().click();
	});

	it("says in plain words what stands in the way", async () => {
		const { page } = await openChat(stage);
		const ways: [number, string, string, RegExp][] = [
			[429, "rate_limited", "Too fast.", /a little fast/],
			[403, "site_inactive", "Switched off.", /paused at the moment/],
			[503, "model_unavailable", "Busy.", /is busy right now/],
			[429, "quota_exceeded", "We are closed for today.", /We are closed for today\./],
		];
		for (const [status, code, message, words] of ways) {
			await page.unrouteAll();
			const body = JSON.stringify({ error: { code, message, request_id: "r" } });
			await page.route("**/chat/", (route) =>
				route.fulfill({
					status,
					headers: { "access-control-allow-origin": "*", "content-type": "application/json" },
					body,
				}),
			);
			await page.getByRole("textbox", { name: "Your message" }).fill(`Hello ${code}`);
			await page.keyboard.press("Enter");
			await expect.poll(() => shownText(dialog(page))).toMatch(words);
			// The code stands in the visitor's own words, and nowhere else.
			expect((await shownText(dialog(page))).split(code)).toHaveLength(2);
			await page.getByRole("button", { name: "New conversation" }).click();
		}
	});

	it("says that it is offline, and sends again what was not sent", async () => {
		const { page } = await openChat(stage);
		await page.context().setOffline(true);
		await page.getByRole("textbox", { name: "Your message" }).fill("Are you there?");
		await page.keyboard.press("Enter");
		await expect.poll(() => shownText(dialog(page))).toMatch(/offline/i);
		await page.context().setOffline(false);
		await page.getByRole("button", { name: "Try again" }).click();
		await expect.poll(() => log(page).textContent()).toContain("I do not know that");
	});

	it("offers to be written to when the bot cannot answer, and keeps the address", async () => {
		const { page } = await openChat(stage);
		await ask(page, "[[blocked]]");
		await page.getByRole("textbox", { name: "E-mail" }).fill("visitor@example.com");
		await page.locator("koby-chat form.lead").getByRole("button", { name: "Send" }).click();
		await expect
			.poll(() => rows(stage.folder, "SELECT email, message FROM leads WHERE email = 'visitor@example.com'"))
			.toEqual([{ email: "visitor@example.com", message: "[[blocked]]" }]);
		await expect.poll(() => shownText(dialog(page))).toContain("Thank you!");
	});

	it("is found without fault by axe, closed, open and with an answer", async () => {
		const { page } = await openPage(stage.browser());
		await page.goto(stage.hostOrigin());
		await page.getByRole("button", { name: "Open chat" }).waitFor();
		expect(await axeFindings(page)).toEqual([]);
		await page.getByRole("button", { name: "Open chat" }).click();
		await ask(page, "[[html]]");
		await ask(page, "[[blocked]]");
		expect(await axeFindings(page)).toEqual([]);
		await page.emulateMedia({ colorScheme: "dark" });
		expect(await axeFindings(page)).toEqual([]);
	});

	it("is walked through by keyboard alone, and announces each finished answer once", async () => {
		const { page } = await openPage(stage.browser());
		await page.goto(stage.hostOrigin());
		await walkByKeyboard(page);
	});

	it("begins anew on reset, by its button and by the page's own koby.reset", async () => {
		const { page } = await openChat(stage);
		await ask(page, "Forget this");
		await page.getByRole("button", { name: "New conversation" }).click();
		await expect.poll(() => log(page).textContent()).not.toContain("Forget this");
		await ask(page, "Forget that");
		await expect
			.poll(() =>
				rows(
					stage.folder,
					"SELECT s.ended_at IS NOT NULL AS ended FROM chat_sessions s JOIN chat_messages m ON m.session_id = s.id WHERE m.content = 'Forget this'",
				),
			)
			.toEqual([{ ended: 1 }]);
		await page.evaluate(() => Reflect.get(globalThis, "koby").reset());
		await expect.poll(() => log(page).textContent()).not.toContain("Forget that");
		await page.evaluate(() => Reflect.get(globalThis, "koby").close());
		expect(await dialog(page).count()).toBe(0);
	});
}
