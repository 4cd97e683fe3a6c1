import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { rows } from "../local-run.ts";
import { openPage, pressedApart } from "./browser.ts";
import type { Stage } from "./browser.ts";
import { startHosts } from "./embedding/host.ts";
import type { EmbeddingHosts } from "./embedding/host.ts";
import { setInPortal } from "./settings.ts";
import { KEY, LIVE_KEY } from "../site-keys.ts";
import { ask, dialog } from "./widget.ts";

const LOOK = `koby:${KEY}:look`;

/** What the launcher does before the chat is there, and what a page can do with both. */
export function loaderTests(stage: Stage): void {
	let hosts: EmbeddingHosts;
	let home: string;

	beforeAll(async () => {
		hosts = await startHosts(`${stage.origin()}/chat/`);
		home = addressOf("");
	});
	afterAll(() => hosts?.close());
	afterEach(() => setInPortal(stage, "config", { brand_color: null, hidden_paths: null, visitor_memory: null }));

	/** A page with the tag. */
	function addressOf(attributes: string, key = KEY, before = ""): string {
		const tag = `<script src="${hosts.chat}widget.js" data-site-key="${key}" ${attributes} async></script>`;
		const html = `<!doctype html><html lang="en"><head><title>A customer</title></head><body><h1>A customer</h1>${before}${tag}</body></html>`;
		return hosts.serve({ html });
	}

	const launcher = (page: Page) => page.getByRole("button", { name: "Open chat" });
	const colorOf = (page: Page): Promise<string> =>
		launcher(page).evaluate((button) => getComputedStyle(button).backgroundColor);
	const koby = (page: Page, name: string, ...values: unknown[]): Promise<unknown> =>
		page.evaluate(([command, ...given]) => Reflect.get(globalThis, "koby")(command, ...given), [name, ...values]);

	/** Lets a request wait. @returns lets it go on */
	async function held(page: Page, pattern: RegExp): Promise<() => void> {
		let release: () => void = () => undefined;
		const free = new Promise<void>((go) => {
			release = go;
		});
		await page.route(pattern, async (route) => {
			await free;
			await route.fallback();
		});
		return release;
	}

	it("shows the launcher before it knows the configuration, in the tag's colour, then in the customer's, then at once in that", async () => {
		await setInPortal(stage, "config", { brand_color: "#0a7a3d" });
		const { page } = await openPage(stage.browser());
		const release = await held(page, /\/config\?/);
		await page.goto(addressOf('data-color="#aa0000"'));
		await launcher(page).waitFor();
		expect(await colorOf(page)).toBe("rgb(170, 0, 0)");
		release();
		await expect.poll(() => colorOf(page)).toBe("rgb(10, 122, 61)");
		await page.unrouteAll();
		const releaseAgain = await held(page, /\/config\?/);
		await page.reload();
		await launcher(page).waitFor();
		expect(await colorOf(page)).toBe("rgb(10, 122, 61)");
		releaseAgain();
	});

	it("takes it away where the site does not answer, and shows none on the next page", async () => {
		const address = addressOf("", LIVE_KEY);
		const { page, lines } = await openPage(stage.browser());
		await page.goto(address);
		await expect.poll(() => lines.filter((line) => line.startsWith("[koby]"))).toHaveLength(1);
		expect(await launcher(page).count()).toBe(0);
		const release = await held(page, /\/config\?/);
		await page.reload();
		await page.waitForFunction(() => "koby" in globalThis);
		expect(await page.locator("koby-chat").count()).toBe(0);
		release();
		await expect.poll(() => lines.filter((line) => line.startsWith("[koby]"))).toHaveLength(2);
		expect(await page.locator("koby-chat").count()).toBe(0);
	});

	it("does not show where it is known to stay away", async () => {
		await setInPortal(stage, "config", { hidden_paths: ["/page-*"] });
		const { page } = await openPage(stage.browser());
		await page.goto(home);
		await expect.poll(() => page.evaluate((name) => localStorage.getItem(name), LOOK)).toContain("/page-*");
		await expect.poll(() => page.locator("koby-chat").count()).toBe(0);
		const release = await held(page, /\/config\?/);
		await page.reload();
		await page.waitForFunction(() => "koby" in globalThis);
		expect(await page.locator("koby-chat").count()).toBe(0);
		release();
	});

	it.each([
		["device", [true, false]],
		["tab", [false, true]],
		["none", [false, false]],
	])("%s: remembers the look of a site where its conversations may be kept", async (memory, kept) => {
		await setInPortal(stage, "config", { visitor_memory: memory });
		const { page } = await openPage(stage.browser());
		await page.addInitScript((name) => {
			if (performance.getEntriesByType("navigation").length > 0) localStorage.setItem(name, "{}");
		}, LOOK);
		const ready = page.waitForRequest(/widget\/panel\./);
		await page.goto(home);
		await ready;
		const places = (): Promise<boolean[]> =>
			page.evaluate(
				(name) =>
					[localStorage, sessionStorage].map((storage) => (storage.getItem(name) ?? "").includes("brand_color")),
				LOOK,
			);
		expect(await places()).toEqual(kept);
		if (memory !== "device") expect(await page.evaluate((name) => localStorage.getItem(name), LOOK)).toBeNull();
	});

	it("does what was pressed before the chat came when it has come, and nothing twice", async () => {
		const { page, requests } = await openPage(stage.browser());
		const release = await held(page, /widget\/panel\./);
		await page.goto(home);
		await launcher(page).click();
		expect(await launcher(page).getAttribute("aria-busy")).toBe("true");
		release();
		await dialog(page).waitFor();
		expect(await page.getByRole("button", { name: "Close chat" }).last().getAttribute("aria-busy")).toBeNull();
		for (const file of ["/config?", "/widget/panel.", "/widget/words-en."])
			expect(requests.filter((url) => url.includes(file))).toHaveLength(1);
	});

	it("fetches the chat for a visitor who saves data when they point at it, and again where that failed", async () => {
		const { page, lines, requests } = await openPage(stage.browser());
		await page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }));
		await page.route(/widget\/panel\.\w+\.js$/, (route) => route.abort());
		await page.goto(home);
		await launcher(page).waitFor();
		await page.waitForLoadState("networkidle");
		expect(requests.filter((url) => url.includes("/widget/"))).toEqual([]);
		await launcher(page).click();
		await expect
			.poll(() => lines.filter((line) => line.startsWith("[koby] The chat could not be loaded")))
			.toHaveLength(1);
		await pressedApart();
		await launcher(page).click();
		await dialog(page).waitFor();
	});

	it("goes on with the panel of today where a browser has kept the loader of another version", async () => {
		const { page } = await openPage(stage.browser());
		await page.route(/\/widget\.js$/, async (route) => {
			const response = await route.fetch();
			await route.fulfill({ response, body: (await response.text()).replace(/panel\.\w+\.js/, "panel.00000000.js") });
		});
		await page.goto(home);
		await launcher(page).click();
		await dialog(page).waitFor();
	});

	it("obeys the page: open, close, hide, show and destroy, and tells it", async () => {
		const { page, lines } = await openPage(stage.browser());
		await page.addInitScript(() => {
			const heard: string[] = [];
			Object.assign(globalThis, { heard });
			for (const name of ["ready", "open", "close", "error"]) addEventListener(`koby:${name}`, () => heard.push(name));
		});
		const heard = (): Promise<string[]> => page.evaluate(() => Reflect.get(globalThis, "heard"));
		await page.goto(home);
		await page.waitForFunction(() => Reflect.get(globalThis, "heard").includes("ready"));
		await koby(page, "open");
		await dialog(page).waitFor();
		await page.evaluate(() => Reflect.get(globalThis, "koby").close());
		await dialog(page).waitFor({ state: "hidden" });
		await koby(page, "hide");
		await koby(page, "open");
		expect(await page.locator("koby-chat").count()).toBe(0);
		await koby(page, "show");
		await launcher(page).click();
		await dialog(page).waitFor();
		await koby(page, "destroy");
		expect(await page.locator("koby-chat").count()).toBe(0);
		expect(await page.evaluate(() => typeof Reflect.get(globalThis, "koby"))).toBe("undefined");
		expect(await heard()).toEqual(["ready", "open", "close", "open", "close"]);
		await page.addScriptTag({ url: `${hosts.chat}widget.js?site_key=${KEY}` });
		await launcher(page).click();
		await dialog(page).waitFor();
		expect(lines).toEqual([]);
	});

	it("takes whom the page names for the visitor, with their address in the form, until they log out", async () => {
		const { page, lines } = await openPage(stage.browser());
		const identity = { visitor_id: "patient-0b5c", name: "Ann Lee", email: "ann@example.com" };
		await page.addInitScript((given) => {
			const stub: { (...given: unknown[]): void; q: unknown[][] } = (...given) => stub.q.push(given);
			stub.q = [];
			if (sessionStorage.length === 0) stub("identify", given);
			Object.assign(globalThis, { koby: stub });
		}, identity);
		await page.goto(home);
		await launcher(page).click();
		await ask(page, "Who asks this? [[blocked]]");
		expect(await page.getByRole("textbox", { name: "E-mail" }).inputValue()).toBe("ann@example.com");
		const visitors = (text: string) =>
			rows(
				stage.folder,
				`SELECT DISTINCT s.visitor_id FROM chat_sessions s JOIN chat_messages m ON m.session_id = s.id WHERE m.content LIKE '${text}%'`,
			);
		await expect.poll(() => visitors("Who asks this?")).toEqual([{ visitor_id: "patient-0b5c" }]);
		await koby(page, "identify", { visitor_id: "with blank" });
		await expect.poll(() => lines).toEqual([expect.stringContaining("[koby] identify: visitor_id must be")]);
		await koby(page, "reset");
		await ask(page, "And who asks that? [[blocked]]");
		expect(await page.getByRole("textbox", { name: "E-mail" }).inputValue()).toBe("");
		await expect
			.poll(() => visitors("And who asks that?"))
			.toEqual([{ visitor_id: expect.not.stringContaining("patient") }]);
	});
}
