import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { openPage, shownText } from "./browser.ts";
import type { Stage, Watched } from "./browser.ts";
import { startHosts } from "./embedding/host.ts";
import type { EmbeddingHosts } from "./embedding/host.ts";
import { setInPortal } from "./settings.ts";
import { KEY } from "../site-keys.ts";
import { answers, ask, log } from "./widget.ts";

/** What Prototype.js makes of an array's methods. */
const PROTOTYPE_JS =
	"<script>Array.prototype.toArray=function(){return this.slice()};Array.prototype.entries=Array.prototype.toArray</script>";
/** A modal that is none of the browser's, as Bootstrap makes it: whatever else gets the focus loses it. */
const MODAL = `<div id="modal"><input id="own"></div><script>document.addEventListener("focusin",(e)=>{if(!modal.contains(e.target))own.focus()})</script>`;

/** Pages that are made in a hurry, and visitors who press twice. */
export function clumsyTests(stage: Stage): void {
	let hosts: EmbeddingHosts;

	beforeAll(async () => {
		hosts = await startHosts(`${stage.origin()}/chat/`);
	});
	afterAll(() => hosts?.close());
	afterEach(() => setInPortal(stage, "config", { hidden_paths: null }));

	const tag = (key = KEY, more = ""): string =>
		`<script src="${hosts.chat}widget.js" data-site-key="${key}" ${more} async></script>`;
	const launcher = (page: Page) => page.getByRole("button", { name: "Open chat" });
	const panel = (page: Page) => page.locator("koby-chat .panel");
	const input = (page: Page) => page.getByRole("textbox", { name: "Your message" });
	const button = (page: Page, name: string) => panel(page).getByRole("button", { name });

	async function visit(body: string, options: Parameters<typeof openPage>[1] = {}): Promise<Watched> {
		const watched = await openPage(stage.browser(), options);
		const head = '<meta name="viewport" content="width=device-width, initial-scale=1"><title>A customer</title>';
		await watched.page.goto(
			hosts.serve({
				html: `<!doctype html><html lang="en"><head>${head}</head><body><h1>A customer</h1>${body}</body></html>`,
			}),
		);
		return watched;
	}

	async function open(body: string, options: Parameters<typeof openPage>[1] = {}): Promise<Watched> {
		const watched = await visit(body, options);
		await launcher(watched.page).click();
		await panel(watched.page).waitFor();
		return watched;
	}

	const queue = (calls: string): string =>
		`<script>window.koby=function(){(koby.q=koby.q||[]).push(arguments)};${calls}</script>`;

	it("is taken off for good by a command that came before it, and comes back by another tag", async () => {
		const { page, lines } = await visit(queue('koby("destroy")') + tag());
		await expect.poll(() => page.evaluate(() => typeof Reflect.get(globalThis, "koby"))).toBe("undefined");
		await page.addScriptTag({ url: `${hosts.chat}widget.js?site_key=${KEY}` });
		await launcher(page).click();
		await panel(page).waitFor();
		expect(lines).toEqual([]);
	});

	it("does what it knows of a queue of anything", async () => {
		const { page, lines } = await visit(
			queue(
				'koby();koby(null);koby("nope");koby.q.push(null,5,"open",{get 0(){throw new Error("theirs")}},[["open"]],["open"])',
			) + tag(),
		);
		await panel(page).waitFor();
		expect(lines).toEqual(["theirs"]);
	});

	it("takes a key with the blanks that were copied along", async () => {
		const { lines } = await open(tag(`\n ${KEY}&nbsp;`));
		expect(lines).toEqual([]);
	});

	it("says where it has asked in vain, once", async () => {
		const { page, lines } = await openPage(stage.browser());
		await page.clock.install();
		let tries = 0;
		page.on("request", (request) => {
			if (request.url().includes("/nothing/config")) tries++;
		});
		await page.goto(hosts.serve({ html: `<!doctype html><body>${tag(KEY, `data-api="${hosts.site}/nothing"`)}` }));
		await expect.poll(() => lines.filter((line) => line.includes("[koby]"))).toHaveLength(1);
		expect(lines).toContain(`[koby] No chat answers at ${hosts.site}/nothing/.`);
		await page.clock.fastForward(10_000);
		await expect.poll(() => tries).toBe(2);
		expect(lines.filter((line) => line.includes("[koby]"))).toHaveLength(1);
	});

	it("streams and stays away as it is told where Prototype.js has another `entries`", async () => {
		await setInPortal(stage, "config", { hidden_paths: ["/far/*/page"] });
		const { page, lines } = await open(PROTOTYPE_JS + tag());
		const asked: string[] = [];
		page.on("request", (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
		await ask(page, "Can I fill it in on my phone? [[...]]");
		expect(asked).toEqual(["POST /"]);
		await page.evaluate(() => history.pushState(null, "", "/far/away/page"));
		await expect.poll(() => page.locator("koby-chat").count()).toBe(0);
		expect(lines).toEqual([]);
	});

	it("comes back however many dialogs of the page it goes down with", async () => {
		const { page } = await openPage(stage.browser());
		await page.clock.install();
		await page.goto(hosts.serve({ html: `<!doctype html><body>${tag()}` }));
		await launcher(page).hover();
		for (let times = 1; times <= 30; times++) {
			await page.evaluate(() => {
				const dialog = document.createElement("dialog");
				document.body.append(dialog);
				dialog.showModal();
			});
			await page.locator("dialog koby-chat").waitFor({ state: "attached" });
			await page.evaluate(() => document.querySelector("dialog")?.remove());
			await launcher(page).waitFor();
			if (times % 10 === 0) await page.clock.fastForward(10_000);
		}
	});

	it("can be written in beside a modal of the page that takes the focus back", async () => {
		const { page } = await open(MODAL + tag());
		await input(page).click();
		await page.keyboard.type("Beside it");
		expect(await input(page).inputValue()).toBe("Beside it");
	});

	it("takes the theme of its own tag, and not that of another script", async () => {
		const other = '<script type="text/plain" src="https://comments.example/client.js" data-theme="dark"></script>';
		for (const [more, scheme] of [
			["", "light"],
			['data-theme="dark"', "dark"],
		] as const) {
			const { page } = await open(other + tag(KEY, more), { colorScheme: "light" });
			await expect.poll(() => panel(page).evaluate((one) => getComputedStyle(one).colorScheme)).toBe(scheme);
		}
	});

	it("shows at once that it was pressed, and opens by a double click on a slow line", async () => {
		const { page } = await openPage(stage.browser());
		let release: () => void = () => undefined;
		const free = new Promise<void>((go) => {
			release = go;
		});
		await page.route(/widget\/panel\./, async (route) => {
			await free;
			await route.fallback();
		});
		await page.goto(hosts.serve({ html: `<!doctype html><body>${tag()}` }));
		const look = () => launcher(page).evaluate((one) => getComputedStyle(one).opacity);
		expect(await look()).toBe("1");
		await launcher(page).dblclick();
		expect(await look()).toBe("0.6");
		release();
		await panel(page).waitFor();
		expect(await page.locator("koby-chat .launcher").evaluate((one) => getComputedStyle(one).opacity)).toBe("1");
	});

	it("takes two quick presses for one: a message is sent and not stopped, rated once, and a new conversation can be undone", async () => {
		const { page, lines } = await open(tag());
		await input(page).fill("Can I fill it in on my phone? [[...]]");
		await button(page, "Send").dblclick();
		await expect.poll(() => answers(page).last().textContent()).toContain("nothing to install.");
		await button(page, "Good answer").dblclick();
		expect(await button(page, "Good answer").getAttribute("aria-pressed")).toBe("true");
		await button(page, "New conversation").dblclick();
		await button(page, "Undo").click();
		expect(await shownText(log(page))).toContain("nothing to install.");
		expect(lines).toEqual([]);
	});

	it("does the same where a browser does not count the presses, as that of a phone", async () => {
		const { page } = await open(tag());
		await input(page).fill("Can I fill it in on my phone? [[...]]");
		await button(page, "Send").evaluate((one) => {
			if (one instanceof HTMLElement) for (let taps = 0; taps < 2; taps++) one.click();
		});
		await expect.poll(() => answers(page).last().textContent()).toContain("nothing to install.");
	});

	it("keeps its size where a visitor magnifies the page by hand", async () => {
		const { page } = await open(tag(), { hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } });
		const session = await page.context().newCDPSession(page);
		await session.send("Emulation.setPageScaleFactor", { pageScaleFactor: 3 });
		await expect.poll(() => page.evaluate(() => visualViewport?.scale)).toBe(3);
		await page.evaluate(() => new Promise(requestAnimationFrame));
		expect(await panel(page).evaluate((one) => one.getBoundingClientRect().height)).toBe(800);
	});
}
