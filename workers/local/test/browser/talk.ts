import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { rows } from "../local-run.ts";
import { axeFindings, openPage, serveHost, shownText } from "./browser.ts";
import type { Host, Stage } from "./browser.ts";
import { serveNetwork } from "./network.ts";
import type { Network } from "./network.ts";
import { answers, ask, dialog, log } from "./widget.ts";

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
			.poll(() => rows(stage.folder, `SELECT COUNT(*) AS n FROM chat_messages m WHERE content LIKE '%${END}%'
				AND session_id = (SELECT session_id FROM chat_messages WHERE content = 'And on my phone?')`), { timeout: 20_000 })
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
}
