import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { rows } from "../../local-run.ts";
import { axeFindings, openPage, serveHost, shownText } from "../browser.ts";
import type { Host, Stage } from "../browser.ts";
import { serveNetwork } from "../network.ts";
import type { Network } from "../network.ts";
import { answers, ask, dialog, log } from "../widget.ts";

const SLOW = "How long does a questionnaire take? [[...]]";
const END = "fifteen minutes";
const input = (page: Page) => page.getByRole("textbox", { name: "Your message" });
const live = (page: Page) => page.locator("koby-chat .message.bot[aria-hidden]");
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

async function write(page: Page, text: string): Promise<void> {
	await input(page).fill(text);
	await page.keyboard.press("Enter");
}

/** Waits for the first words of an answer. */
async function streaming(page: Page): Promise<void> {
	await expect.poll(async () => (await live(page).textContent())?.length ?? 0, { interval: 10 }).toBeGreaterThan(0);
}

/** A conversation that does not break. */
export function talkTests(stage: Stage): void {
	let network: Network;
	let host: Host;

	beforeAll(async () => {
		network = await serveNetwork(stage.origin());
		host = await serveHost(`${network.origin}/chat/`, "sk_chadis_test_abc123");
	});
	afterAll(async () => {
		await host.close();
		await network.close();
	});

	async function open(options: Parameters<typeof openPage>[1] = {}) {
		const watched = await openPage(stage.browser(), options);
		await watched.page.goto(host.origin);
		await button(watched.page, "Open chat").click();
		await dialog(watched.page).waitFor();
		return watched;
	}

	const countOf = (text: string) =>
		rows(
			stage.folder,
			`SELECT COUNT(*) AS asked, COUNT(DISTINCT session_id) AS sessions FROM chat_messages WHERE content = '${text}'`,
		);
	const asks = () => network.count("POST", /\/chat\/$/);

	it("stops an answer: what was read stays, the whole is recorded, and the next is sent at once", async () => {
		const { page, lines } = await open();
		await write(page, SLOW);
		await streaming(page);
		await button(page, "Stop").click();
		const read = await answers(page).last().textContent();
		expect(read).not.toContain(END);
		expect(await shownText(dialog(page))).toContain("Stopped.");
		await button(page, "Send").waitFor();
		await ask(page, "And on my phone?");
		expect(await answers(page).nth(-2).textContent()).toBe(read);
		await expect
			.poll(
				() =>
					rows(
						stage.folder,
						`SELECT COUNT(*) AS n FROM chat_messages m WHERE content LIKE '%${END}%'
				AND session_id = (SELECT session_id FROM chat_messages WHERE content = 'And on my phone?')`,
					),
				{ timeout: 20_000 },
			)
			.toEqual([{ n: 1 }]);
		expect(lines).toEqual([]);
	});

	it("fetches the rest of an answer whose connection broke, and pays for it once", async () => {
		const { page } = await open();
		const before = asks();
		await write(page, "Do I have to pay for it? [[...]]");
		await streaming(page);
		network.setDown(true);
		await expect.poll(() => shownText(dialog(page))).toContain("The rest of the answer is being fetched");
		const read = (await live(page).textContent()) ?? "";
		expect(read.length).toBeGreaterThan(0);
		await input(page).fill("Written meanwhile");
		network.setDown(false);
		await expect.poll(() => answers(page).last().textContent(), { timeout: 20_000 }).toContain(read);
		expect(await live(page).isVisible()).toBe(false);
		expect(await input(page).inputValue()).toBe("Written meanwhile");
		expect(asks()).toBe(before + 1);
		expect(await countOf("Do I have to pay for it? [[...]]")).toEqual([{ asked: 1, sessions: 1 }]);
		await answers(page).last().getByRole("button", { name: "Good answer" }).click();
	});

	/** Answers what the page asks next with a fault, until it is told not to. */
	async function refuse(page: Page, code: string, retryAfter?: number): Promise<void> {
		const headers = {
			"access-control-allow-origin": "*",
			"access-control-expose-headers": "Retry-After",
			"content-type": "application/json",
			...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
		};
		const body = JSON.stringify({ error: { code, message: "No more today.", request_id: "r" } });
		await page.route("**/chat/", (route) => route.fulfill({ status: 429, headers, body }));
	}

	it("counts down to when a message may be sent again, says so twice, and leaves the input free", async () => {
		const { page } = await open();
		await refuse(page, "rate_limited", 3);
		const said = await spoken(page);
		await write(page, "Too fast?");
		await expect
			.poll(() => shownText(log(page)))
			.toMatch(/Too fast\?\s+That was a little fast[\s\S]*Try again \([23]\)/);
		expect(await button(page, /^Try again/).isDisabled()).toBe(true);
		expect(await axeFindings(page)).toEqual([]);
		await input(page).fill("Another");
		await page.unrouteAll();
		await expect.poll(() => button(page, "Try again").isEnabled(), { timeout: 10_000 }).toBe(true);
		expect(await said()).toEqual([expect.stringMatching(/a little fast.*\(3\)$/), "You can try again now."]);
		await button(page, "Try again").click();
		await expect.poll(() => answers(page).last().textContent()).toContain("I do not know");
		expect(await button(page, /^Try again/).count()).toBe(0);
		expect(await input(page).inputValue()).toBe("Another");
		expect(await log(page).locator(".visitor").count()).toBe(1);
	});

	it("keeps each failed message with its own retry, and puts it below what was answered meanwhile", async () => {
		const { page } = await open();
		network.setDown(true);
		for (const text of ["First lost", "Second lost"]) {
			await write(page, text);
			await expect.poll(() => button(page, "Try again").count()).toBe(text === "First lost" ? 1 : 2);
		}
		network.setDown(false);
		await ask(page, "In between");
		await button(page, "Try again").first().click();
		await expect.poll(() => shownText(log(page))).toMatch(/Second lost[\s\S]*In between[\s\S]*First lost/);
		await expect.poll(() => button(page, "Try again").count()).toBe(1);
		await expect.poll(() => countOf("First lost")).toEqual([{ asked: 1, sessions: 1 }]);
	});

	it("takes no address by the way, and one from a visitor who has begun nothing once the limit is reached", async () => {
		const { page } = await open();
		await refuse(page, "quota_exceeded");
		await write(page, "Is anybody there?");
		await expect.poll(() => shownText(dialog(page))).toContain("No more today.");
		await page.getByRole("textbox", { name: "E-mail" }).fill("new@example.com");
		await page.locator("koby-chat form.lead").getByRole("button", { name: "Send" }).click();
		await expect.poll(() => shownText(dialog(page))).toContain("Thank you!");
		expect(rows(stage.folder, "SELECT session_id, message FROM leads WHERE email = 'new@example.com'")).toEqual([
			{ session_id: null, message: "Is anybody there?" },
		]);
	});

	it("takes back a new conversation within five seconds, and ends the old one only then", async () => {
		const { page } = await open();
		await ask(page, "Not to be forgotten");
		const ended = () =>
			rows(
				stage.folder,
				"SELECT ended_at IS NOT NULL AS ended FROM chat_sessions WHERE id = (SELECT session_id FROM chat_messages WHERE content = 'Not to be forgotten')",
			);
		await button(page, "New conversation").click();
		expect(await log(page).textContent()).not.toContain("forgotten");
		await button(page, "Undo").click();
		expect(await log(page).textContent()).toContain("Not to be forgotten");
		await ask(page, "Still the same one");
		expect(await countOf("Still the same one")).toEqual([{ asked: 1, sessions: 1 }]);
		expect(ended()).toEqual([{ ended: 0 }]);
		await button(page, "New conversation").click();
		await expect.poll(ended, { timeout: 10_000 }).toEqual([{ ended: 1 }]);
		expect(await button(page, "Undo").count()).toBe(0);
		await button(page, "New conversation").click();
		expect(await button(page, "Undo").count()).toBe(0);
	});

	it("stays open from page to page in its tab, takes no focus there, and shows sources again", async () => {
		const { page } = await open();
		const sources = [{ title: "The sign-up page", url: "https://www.chadis.com/join" }];
		await ask(page, "Which page of sources?");
		await page.route("**/chat/sessions/*", async (route) => {
			const response = await route.fetch();
			const body: { messages: Record<string, unknown>[] } = await response.json();
			await route.fulfill({ response, json: { ...body, messages: body.messages.map((one) => ({ ...one, sources })) } });
		});
		await page.reload();
		await dialog(page).waitFor();
		await expect.poll(() => log(page).getByRole("link", { name: "The sign-up page" }).last().isVisible()).toBe(true);
		expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
		await button(page, "Close chat").last().click();
		await page.reload();
		await button(page, "Open chat").waitFor();
		await button(page, "Open chat").click();
		await page.setViewportSize({ width: 400, height: 700 });
		await page.reload();
		await button(page, "Open chat").waitFor();
	});

	it("offers a person from the first moment where the org wants it, by keyboard and without fault", async () => {
		const { page } = await openPage(stage.browser());
		await page.route("**/chat/config*", async (route) => {
			const response = await route.fetch();
			const body: Record<string, unknown> = await response.json();
			await route.fulfill({ response, json: { ...body, widget: { talk_to_person: true } } });
		});
		await page.goto(host.origin);
		await button(page, "Open chat").click();
		await button(page, "Talk to a person").focus();
		await page.keyboard.press("Enter");
		await page.keyboard.type("person@example.com");
		expect(await axeFindings(page)).toEqual([]);
		await page.keyboard.press("Enter");
		await expect.poll(() => shownText(dialog(page))).toContain("Thank you!");
		expect(rows(stage.folder, "SELECT session_id FROM leads WHERE email = 'person@example.com'")).toEqual([
			{ session_id: null },
		]);
		await button(page, "Talk to a person").click();
		await page.getByRole("textbox", { name: "E-mail" }).waitFor();
	});

	it("fetches the rest on a page that is left in the middle of an answer and come back to as it stood", async () => {
		const { page } = await open();
		const before = asks();
		await write(page, "How long does a questionnaire take on a computer? [[...]]");
		await streaming(page);
		for (const name of ["pagehide", "pageshow"])
			await page.evaluate((type) => dispatchEvent(new PageTransitionEvent(type, { persisted: true })), name);
		await expect.poll(() => answers(page).last().textContent(), { timeout: 20_000 }).toContain(END);
		expect(asks()).toBe(before + 1);
	});

	it("opens no keyboard of a phone unasked", async () => {
		const { page } = await open({ hasTouch: true, isMobile: true, viewport: { width: 400, height: 700 } });
		const isWriting = () =>
			page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.matches("textarea, input") ?? false);
		expect(await isWriting()).toBe(false);
		expect(await page.evaluate(() => document.activeElement?.localName)).toBe("koby-chat");
		await input(page).tap();
		await input(page).fill("By phone?");
		await button(page, "Send").tap();
		await expect.poll(() => answers(page).last().textContent()).toContain("nothing to install");
		expect(await isWriting()).toBe(false);
	});

	it("shows an answer from its beginning, and leaves whoever scrolls where they are", async () => {
		const { page } = await open();
		const long = `Beginning ${"word ".repeat(3000)}end.`;
		const done = { response: long, session_id: null, latency_ms: 1, message_id: null, finish: "stop", sources: [] };
		await page.route("**/chat/", (route) =>
			route.fulfill({
				headers: { "content-type": "text/event-stream", "access-control-allow-origin": "*" },
				body: `event: done\ndata: ${JSON.stringify(done)}\n\n`,
			}),
		);
		await ask(page, "Tell me all");
		const scroller = page.getByRole("group", { name: "Conversation" });
		const top = () =>
			answers(page)
				.last()
				.evaluate((one) => one.getBoundingClientRect().top);
		const edge = await scroller.evaluate((one) => one.getBoundingClientRect().top);
		expect(Math.abs((await top()) - edge)).toBeLessThan(30);
		await page.unrouteAll();
		await write(page, "How long does a questionnaire take on a tablet? [[...]]");
		await streaming(page);
		await scroller.evaluate((one) => one.scrollTo(0, 0));
		await expect.poll(() => answers(page).last().textContent(), { timeout: 20_000 }).toContain(END);
		expect(await scroller.evaluate((one) => one.scrollTop)).toBe(0);
	});
}

/** What a screen reader is told by the status line, from now on. */
async function spoken(page: Page): Promise<() => Promise<string[]>> {
	await page.evaluate(() => {
		const said: string[] = [];
		Object.assign(globalThis, { said });
		const status = document.querySelector("koby-chat")?.shadowRoot?.querySelector("[role=status]");
		if (status) new MutationObserver(() => said.push(status.textContent ?? "")).observe(status, { childList: true });
	});
	return async () => {
		const said: string[] = await page.evaluate(() => Reflect.get(globalThis, "said"));
		return said.filter((text) => text !== "" && text !== "Sending…");
	};
}
