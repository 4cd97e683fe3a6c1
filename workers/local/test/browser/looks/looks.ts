import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { axeFindings, openPage } from "../browser.ts";
import type { Stage } from "../browser.ts";
import { startHosts } from "../embedding/host.ts";
import type { EmbeddingHosts } from "../embedding/host.ts";
import { setInPortal } from "../settings.ts";
import { KEY } from "../../site-keys.ts";
import { ask, dialog } from "../widget.ts";

const LOGO = "https://customer.example/logo.svg";
const LOGO_SVG =
	'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="32"><rect width="64" height="32" fill="orange"/></svg>';
/** Grounds of the panel, as the style sheet has them. */
const LIGHT = "rgb(255, 255, 255)";
const DARK = "rgb(24, 27, 33)";

/** How the widget looks as a customer wants it, and as a visitor needs it. */
export function looksTests(stage: Stage): void {
	let hosts: EmbeddingHosts;
	beforeAll(async () => {
		hosts = await startHosts(`${stage.origin()}/chat/`);
	});
	afterAll(() => hosts?.close());
	const set = (widget: Record<string, unknown> | null, more = {}) => setInPortal(stage, "config", { widget, ...more });
	afterEach(() => set(null, { consent: null, translations: null }));

	/** A customer's page with landmarks of its own and the chat open. @param html attributes of `html` */
	async function opened(options: Parameters<Browser["newContext"]>[0] = {}, html = 'lang="en"', tag = "") {
		const watched = await openPage(stage.browser(), options);
		const { page } = watched;
		await page.route(LOGO, (route) => route.fulfill({ contentType: "image/svg+xml", body: LOGO_SVG }));
		await page.goto(
			hosts.serve({
				html: `<!doctype html><html ${html}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
				<title>A customer</title></head><body><header><nav aria-label="Main"><a href="/">Home</a></nav></header><main><h1>A
				customer</h1><p>Words.</p></main><footer>Imprint</footer><script src="${hosts.chat}widget.js" data-site-key="${KEY}"
				${tag} async></script></body></html>`,
			}),
		);
		await page.locator("koby-chat .launcher").click();
		await dialog(page).waitFor();
		return watched;
	}

	const styleOf = (page: Page, selector: string, name: string): Promise<string> =>
		page
			.locator(`koby-chat ${selector}`)
			.first()
			.evaluate((element, property) => getComputedStyle(element).getPropertyValue(property), name);
	const ground = (page: Page): Promise<string> => styleOf(page, ".panel", "background-color");
	/** px between an element and the window's edges. */
	const edges = (page: Page, selector: string) =>
		page
			.locator(`koby-chat ${selector}`)
			.first()
			.evaluate((element) => {
				const { left, right, top, bottom } = element.getBoundingClientRect();
				return { left, right: innerWidth - right, top, bottom: innerHeight - bottom };
			});

	it.each([
		["light", "dark", "", LIGHT],
		["dark", "light", "", DARK],
		["auto", "dark", "", DARK],
		["auto", "light", "", LIGHT],
		["auto", "light", 'data-theme="dark"', DARK],
		["auto", "dark", 'data-theme="light"', LIGHT],
		["light", "light", 'data-theme="dark"', LIGHT],
		["auto", "dark", 'data-theme="cupcake"', DARK],
	] as const)("is %s for a visitor of %s on a page of %s", async (theme, colorScheme, site, expected) => {
		await set({ theme });
		const { page, lines } = await opened({ colorScheme }, `lang="en" ${site}`);
		expect(await ground(page)).toBe(expected);
		expect(await styleOf(page, ".panel", "color-scheme")).toBe(expected === DARK ? "dark" : "light");
		expect(await axeFindings(page)).toEqual([]);
		expect(lines).toEqual([]);
	});

	it("follows the page from one theme to the other, and the tag where the page names none", async () => {
		const { page } = await opened({ colorScheme: "light" }, 'lang="en"', 'data-theme="dark"');
		expect(await ground(page)).toBe(DARK);
		await page.evaluate(() => document.documentElement.setAttribute("data-theme", "light"));
		await expect.poll(() => ground(page)).toBe(LIGHT);
		await page.evaluate(() => document.documentElement.removeAttribute("data-theme"));
		await expect.poll(() => ground(page)).toBe(DARK);
	});

	it.each([
		["right", "ltr", "right"],
		["left", "ltr", "left"],
		["right", "rtl", "left"],
		["left", "rtl", "right"],
	] as const)(
		"in the %s corner of a page that is %s it stands %s, from the first moment",
		async (corner, dir, side) => {
			await set({ corner, offset_x: 48, offset_y: 64 });
			const { page, requests } = await opened({}, `lang="en" dir="${dir}"`);
			expect(await edges(page, ".launcher")).toMatchObject({ [side]: 48, bottom: 64 });
			expect(await edges(page, ".panel")).toMatchObject({ [side]: 48, bottom: 64 + 72 });
			expect((await edges(page, ".panel")).top).toBeGreaterThanOrEqual(20);
			expect(requests.filter((url) => url.includes("/widget/looks."))).toEqual([]);
			let release: () => void = () => undefined;
			const free = new Promise<void>((go) => {
				release = go;
			});
			await page.route(/\/config\?/, (route) => free.then(() => route.fallback()));
			await page.reload();
			await page.locator("koby-chat .launcher").waitFor();
			expect(await edges(page, ".launcher")).toMatchObject({ [side]: 48, bottom: 64 });
			release();
		},
	);

	it("has the customer's words and icon on the launcher, which is called by them, and the logo and corners on the panel", async () => {
		const plain = await opened();
		const path = () => plain.page.locator("koby-chat .launcher path").first().getAttribute("d");
		const before = await path();
		expect(plain.requests.filter((url) => url.includes("/widget/looks."))).toEqual([]);
		await set({ launcher_icon: "tooth", launcher_text: "Ask <us>", logo_url: LOGO, radius: 4 });
		const { page, lines } = await opened();
		expect(await page.locator("koby-chat .launcher path").first().getAttribute("d")).not.toBe(before);
		expect(await page.getByRole("button", { name: "Ask <us> Close chat", exact: true }).count()).toBe(1);
		await page.keyboard.press("Escape");
		const launcher = page.getByRole("button", { name: "Ask <us> Open chat", exact: true });
		expect(await launcher.textContent()).toBe("Ask <us>");
		expect((await edges(page, ".launcher")).right).toBe(20);
		expect(await axeFindings(page)).toEqual([]);
		await launcher.click();
		expect(await styleOf(page, ".panel", "border-radius")).toBe("4px");
		expect(await styleOf(page, ".bubble", "border-radius")).toBe("4px");
		const logo = page.locator("koby-chat .logo");
		await expect.poll(() => logo.evaluate((image) => image.clientWidth)).toBe(64);
		expect(await axeFindings(page)).toEqual([]);
		expect(lines).toEqual([]);
	});

	it.each([
		["right", "ltr", true],
		["left", "ltr", true],
		["right", "rtl", false],
		["left", "rtl", false],
	] as const)("has the icon before the words in the %s corner of a page that is %s", async (corner, dir, isLeft) => {
		await set({ corner, launcher_text: "Ask us" });
		const { page } = await opened({}, `lang="en" dir="${dir}"`);
		await page.keyboard.press("Escape");
		const [icon, words] = [await edges(page, ".launcher svg"), await edges(page, ".launcher span")];
		expect(icon.left < words.left).toBe(isLeft);
	});

	it("does without a logo that cannot be had, and without its looks where their file cannot", async () => {
		await set({ logo_url: LOGO, theme: "dark" });
		const watched = await openPage(stage.browser());
		await watched.page.goto(stage.hostOrigin());
		await watched.page.getByRole("button", { name: "Open chat" }).click();
		await dialog(watched.page).waitFor();
		// The page's own policy lets no picture in.
		await expect.poll(() => watched.page.locator("koby-chat .logo").count()).toBe(0);
		expect(await ground(watched.page)).toBe(DARK);
		const { page } = await openPage(stage.browser());
		await page.route(/widget\/looks\./, (route) => route.abort());
		await page.goto(stage.hostOrigin());
		await page.getByRole("button", { name: "Open chat" }).click();
		await ask(page, "Do you answer all the same?");
		expect(await ground(page)).toBe(LIGHT);
	});

	it.each(["light", "dark"] as const)(
		"shows every part where the browser paints its own colours, %s",
		async (colorScheme) => {
			await set({ launcher_text: "Ask us", talk_to_person: true });
			const { page } = await opened({ forcedColors: "active", colorScheme });
			await ask(page, "What is CHADIS?");
			expect(await axeFindings(page)).toEqual([]);
			expect(await unseenParts(page)).toEqual([]);
			// What nobody answers is waited for.
			await page.route(hosts.chat, () => undefined);
			await page.getByRole("textbox", { name: "Your message" }).fill("And then?");
			await page.keyboard.press("Enter");
			await page.locator("koby-chat .dots").waitFor();
			expect(await unseenParts(page)).toEqual([]);
		},
	);

	it.each([
		["nothing to agree to", {}],
		["a notice to agree to", { consent: "required" }],
	])("can be read and written in at 400 %% with %s", async (_, more) => {
		await set({ talk_to_person: true, launcher_text: "Ask us about our practice" }, more);
		const { page } = await opened({ viewport: { width: 320, height: 256 } });
		const agree = page.getByRole("button", { name: "I agree" });
		if (await agree.count()) {
			await agree.scrollIntoViewIfNeeded();
			await agree.click();
		}
		await ask(page, "What is CHADIS, and can I fill it in on my phone?");
		const overflow = await page.evaluate(() => {
			const panel = document.querySelector("koby-chat")?.shadowRoot?.querySelector(".panel");
			return [document.documentElement.scrollWidth - innerWidth, (panel?.scrollWidth ?? 0) - (panel?.clientWidth ?? 0)];
		});
		expect(overflow).toEqual([0, 0]);
		const field = await edges(page, ".composer textarea");
		expect(field.top).toBeGreaterThanOrEqual(0);
		expect(field.bottom).toBeGreaterThanOrEqual(0);
		const scroller = await page.locator("koby-chat .scroller").boundingBox();
		expect(scroller?.height).toBeGreaterThanOrEqual(88);
		await page.keyboard.press("Escape");
		const { left, right } = await edges(page, ".launcher");
		expect(Math.min(left, right)).toBeGreaterThanOrEqual(0);
		expect(await axeFindings(page)).toEqual([]);
	});

	it("moves nothing for a visitor who wants no motion, and stands still on a page that is transformed", async () => {
		const { page } = await opened({ reducedMotion: "reduce" }, 'lang="en" style="transform: translateY(90px)"');
		expect(await edges(page, ".launcher")).toMatchObject({ right: 20, bottom: 20 });
		await page.getByRole("textbox", { name: "Your message" }).fill("Moving?");
		await page.keyboard.press("Enter");
		const moving = await page.locator("koby-chat").evaluate(({ shadowRoot }) => shadowRoot?.getAnimations().length);
		expect(moving).toBe(0);
	});
}

/** Which parts nobody sees in forced colours: what is told by nothing but a shadow or a ground of its own is gone there. */
function unseenParts(page: Page): Promise<string[]> {
	return page.locator("koby-chat").evaluate(({ shadowRoot }) => {
		const canvas = getComputedStyle(shadowRoot?.querySelector(".panel") ?? document.body).backgroundColor;
		const isInk = (style: string, color: string): boolean =>
			style !== "none" && color !== canvas && color !== "rgba(0, 0, 0, 0)";
		const isEdged = (element: Element): boolean => {
			const { outlineStyle, outlineColor, borderTopStyle, borderTopColor } = getComputedStyle(element);
			return isInk(outlineStyle, outlineColor) || isInk(borderTopStyle, borderTopColor);
		};
		// A button may be its icon alone.
		const isDrawn = (element: Element): boolean =>
			[...element.querySelectorAll("button > svg > path")].some((path) =>
				isInk("solid", getComputedStyle(path).stroke),
			);
		const parts = shadowRoot?.querySelectorAll(".panel, .bubble, .box, .lead, .dots i, button") ?? [];
		return [...parts]
			.filter((element) => element.checkVisibility() && !isEdged(element))
			.filter((element) => element.localName !== "button" || !isDrawn(element))
			.map((element) => `${element.localName}.${element.className}`);
	});
}
