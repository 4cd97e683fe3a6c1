import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { embeddingTests } from "../embedding/embedding.ts";
import { startHosts } from "../embedding/host.ts";
import type { EmbeddingHosts } from "../embedding/host.ts";
import { eventsOf } from "../events.ts";
import { walkByKeyboard } from "../keyboard.ts";
import { ANSWER } from "../reading.ts";
import { KEY } from "../../site-keys.ts";
import { NEEDS_FIREFOX, hasFirefox, launchFirefox } from "./firefox.ts";
import type { Engine, Opened, Visited } from "./visited.ts";
import { NEEDS_WEBKIT, hasWebKit, launchWebKit } from "./webkit.ts";

/** A browser comes up slowly on a busy machine, ms. */
const START_LIMIT_MS = 60_000;
const SOURCE = { title: "The sign-up page", url: "https://www.chadis.com/join" };
const ARABIC = '<script>window.kobySettings = { language: "ar" };</script>';
/** A browser that lets a page keep nothing throws as soon as it is asked for. */
const REFUSES_STORAGE = `<script>for (const name of ["localStorage", "sessionStorage"])
	Object.defineProperty(window, name, { get() { throw new DOMException("Refused", "SecurityError"); } });</script>`;

/** `ENGINES=whole` plays the whole table in these engines; without it the rows that engines are likeliest to differ in, as minutes count. */
const isWhole = process.env["ENGINES"] === "whole";
const LEFT_OUT = /^(?!(?:1|4|7|12|20|26|30|32|34)\b)/;

/** The widget in the engines that are not Chromium's: what differs between engines, on the tables and walks of the other tests. */
export function engineTests(stage: { origin(): string }): void {
	const engines = [
		[`Firefox (${NEEDS_FIREFOX})`, hasFirefox, launchFirefox, isWhole ? /^$/ : LEFT_OUT],
		// Its driver talks to the page by the page's own JSON, which that row breaks.
		[`WebKit (${NEEDS_WEBKIT})`, hasWebKit, launchWebKit, isWhole ? /^17 / : LEFT_OUT],
	] as const;
	for (const [name, isThere, launch, without] of engines)
		describe.skipIf(!isThere)(`the widget in ${name}`, () => {
			let engine: Engine;
			beforeAll(async () => {
				engine = await launch();
			}, START_LIMIT_MS);
			afterAll(() => engine?.close());

			embeddingTests({ origin: stage.origin, open: () => engine.open(), without });
			visitTests({ origin: stage.origin, open: () => engine.open() });
		});
}

function visitTests(stage: { origin(): string; open(): Promise<Opened> }): void {
	let hosts: EmbeddingHosts;
	beforeAll(async () => {
		hosts = await startHosts(`${stage.origin()}/chat/`);
	});
	afterAll(() => hosts?.close());

	/** A customer's page, with the launcher in view. @param html attributes of `html` @param before what stands before the tag */
	async function visit(html = 'lang="en"', before = ""): Promise<Opened> {
		const opened = await stage.open();
		const tag = `<script src="${hosts.chat}widget.js" data-site-key="${KEY}" async></script>`;
		await opened.page.goto(
			hosts.serve({
				html: `<!doctype html><html ${html}><head><meta charset="utf-8"><title>A customer</title>${before}</head>
				<body><h1>A customer</h1><button>First</button>${tag}</body></html>`,
			}),
		);
		await opened.page.locator("koby-chat .launcher").waitFor();
		return opened;
	}

	async function openChat(...given: Parameters<typeof visit>): Promise<Opened> {
		const opened = await visit(...given);
		await opened.page.locator("koby-chat .launcher").click();
		await opened.page.getByRole("dialog").waitFor();
		return opened;
	}

	const answers = (page: Visited) => page.locator("koby-chat .log .message.bot");

	async function write(page: Visited, text: string): Promise<void> {
		await page.getByRole("textbox").fill(text);
		await page.keyboard.press("Enter");
	}

	async function ask(page: Visited, text: string): Promise<string> {
		const before = await answers(page).count();
		await write(page, text);
		await expect.poll(() => answers(page).count(), { timeout: 20_000 }).toBe(before + 1);
		return (await answers(page).last().textContent()) ?? "";
	}

	it("streams an answer, stops it, sends the next, and goes on where it was on a page loaded anew", async () => {
		const { page, lines } = await openChat();
		hosts.answerWith(eventsOf(["Most take ", "fifteen minutes"]).split("event: done")[0]);
		await write(page, "How long does a questionnaire take?");
		const live = page.locator("koby-chat .message.bot[aria-hidden]");
		await expect.poll(async () => (await live.textContent())?.length ?? 0, { interval: 10 }).toBeGreaterThan(0);
		await page.getByRole("button", { name: "Stop" }).click();
		hosts.answerWith(undefined);
		expect(await answers(page).last().textContent()).toContain("Most take fifteen minutes");
		expect(await ask(page, "And on my phone?")).not.toBe("");
		await page.reload();
		await page.getByRole("dialog").waitFor();
		await expect.poll(() => page.getByRole("log").textContent()).toContain("And on my phone?");
		expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
		expect(lines ?? []).toEqual([]);
	});

	it("shows an answer of every kind, no wider than itself, and its sources", async () => {
		const { page, lines } = await openChat();
		hosts.answerWith(eventsOf([ANSWER], [SOURCE]));
		await ask(page, "When are you open?");
		hosts.answerWith(undefined);
		const shown = await page.evaluate(() => {
			const answer = [
				...(document.querySelector("koby-chat")?.shadowRoot?.querySelectorAll(".log .message.bot:not([aria-hidden])") ??
					[]),
			].at(-1);
			const wide = [answer, answer?.closest("[role=log]")].map((one) => (one ? one.scrollWidth - one.clientWidth : -1));
			const kinds = ["th", "td", "ol ul li", "blockquote", "pre", "hr", "a[href^='mailto:']", "strong"];
			return { wide, missing: kinds.filter((kind) => !answer?.querySelector(kind)) };
		});
		expect(shown).toEqual({ wide: [0, 0], missing: [] });
		expect(await page.getByRole("link", { name: SOURCE.title }).getAttribute("href")).toBe(SOURCE.url);
		expect(lines ?? []).toEqual([]);
	});

	it("is walked through by keyboard alone", async () => {
		const { page } = await visit();
		await walkByKeyboard(page);
	});

	it("stands on the other side of a page from right to left, in its language", async () => {
		const { page, lines } = await openChat('lang="ar" dir="rtl"', ARABIC);
		const sides = await page.evaluate(() => {
			const root = document.querySelector("koby-chat")?.shadowRoot;
			const left = (css: string) => root?.querySelector(css)?.getBoundingClientRect().left;
			const field = root?.querySelector(".box textarea");
			return { sides: [left(".launcher"), left(".panel")], direction: field ? getComputedStyle(field).direction : "" };
		});
		expect(sides).toEqual({ sides: [20, 20], direction: "rtl" });
		expect(lines ?? []).toEqual([]);
	});

	it("is dark on a dark page", async () => {
		const { page } = await openChat('lang="en" data-theme="dark"');
		const ground = await page.evaluate(() => {
			const panel = document.querySelector("koby-chat")?.shadowRoot?.querySelector(".panel");
			return panel ? getComputedStyle(panel).backgroundColor : "";
		});
		expect(ground).toBe("rgb(24, 27, 33)");
	});

	it("answers where the browser lets it keep nothing", async () => {
		const { page, lines } = await openChat('lang="en"', REFUSES_STORAGE);
		expect(await ask(page, "Can I fill it in on my phone?")).toContain("nothing to install");
		expect(lines ?? []).toEqual([]);
	});
}
