import { expect } from "vitest";
import { pressedApart } from "../browser.ts";
import type { Found, Visited } from "../engines/visited.ts";
import type { Given, Way } from "./host.ts";
import { KEY, LIVE_KEY } from "../../site-keys.ts";

const keyed = ({ script }: Given): string => `<script src="${script}" data-site-key="${KEY}" async></script>`;
/** A script of the page's own. */
const doing = (script: string): string => `<script>${script}</script>`;
/** Puts in what a tag manager or a framework puts in. */
const put = (attributes: Record<string, string>): string =>
	`const s=document.createElement("script");for(const [n,v] of Object.entries(${JSON.stringify(attributes)}))s.setAttribute(n,v);document.head.append(s)`;
const SAVED_TAG = (given: Given, type: string): string =>
	`<script type="${type}" src="${given.script}" data-site-key="${KEY}"></script>`;
const CLONE = `for(const old of document.querySelectorAll("script[type^='text/plain'],script[type$='text/javascript']")){const s=document.createElement("script");for(const {name,value} of old.attributes)if(name!=="type")s.setAttribute(name,value);old.replaceWith(s)}`;

/** In the viewport, and opens there. What presses it would bring it into view, so first it is looked at. */
async function staysInView(page: Visited): Promise<void> {
	const launcher = page.getByRole("button", { name: "Open chat" });
	await launcher.waitFor();
	await page.evaluate(() => scrollTo(0, 2000));
	const isInView = async (element: Found): Promise<boolean> => {
		const box = await element.boundingBox();
		return box !== null && box.y >= 0 && box.y + box.height <= 700;
	};
	expect(await isInView(launcher)).toBe(true);
	await launcher.click();
	await page.getByRole("dialog").waitFor();
	expect([await isInView(page.getByRole("dialog")), await page.evaluate(() => scrollY)]).toEqual([true, 2000]);
	await page.keyboard.press("Escape");
	await pressedApart();
}

/** The ways of tag managers, optimizers, consent managers, frameworks, and of pages that do something of their own. */
export const WAYS_OF_PLATFORMS: Way[] = [
	{
		name: "8 Rocket Loader: cloned later with its attributes",
		html: (given) => SAVED_TAG(given, "abc-text/javascript") + doing(`setTimeout(()=>{${CLONE}})`),
	},
	{
		name: "9 a consent manager that clones the tag with its attributes",
		html: (given) => SAVED_TAG(given, "text/plain") + doing(`setTimeout(()=>{${CLONE}})`),
	},
	{
		name: "10 created by script with setAttribute",
		html: ({ script }) => doing(put({ src: script, "data-site-key": KEY, async: "" })),
	},
	{
		name: "13 Turbo: the body is exchanged",
		html: keyed,
		async afterwards(page) {
			await page.getByRole("button", { name: "Open chat" }).waitFor();
			await page.evaluate(() => document.body.replaceWith(document.createElement("body")));
		},
	},
	{
		name: "18 Google Tag Manager strips data-*: settings beside the tag",
		html: ({ script }) => doing(`window.kobySettings={siteKey:"${KEY}"};${put({ src: script, async: "" })}`),
	},
	{
		name: "18 Google Tag Manager, the key in the address",
		html: ({ script }) => doing(put({ src: `${script}?site_key=${KEY}`, type: "text/javascript" })),
	},
	{
		name: "19 Shopify ScriptTag appends ?shop=",
		html: ({ script }) => doing(put({ src: `${script}?site_key=${KEY}&shop=a.myshopify.com`, async: "" })),
	},
	{
		name: "20 a consent manager with data-src puts in a fresh tag",
		html: ({ script }) =>
			`<script type="text/plain" data-src="${script}" data-site-key="${KEY}"></script>${doing(put({ src: script }))}`,
	},
	{
		name: "20 LiteSpeed with data-src, and nothing left of the tag",
		html: ({ script }) => doing(put({ src: `${script}?site_key=${KEY}` })),
	},
	{
		name: "21 an optimizer that serves the file from its own host",
		html: ({ hosts, text }) =>
			`<script src="${hosts.cdn}${hosts.serveScript("/optimized/rev-1/chat/widget.js", text)}" data-site-key="${KEY}" defer></script>`,
	},
	{
		name: "23 an optimizer that inlines it",
		html: ({ keyedText }) => doing(keyedText.replaceAll("</script", "<\\/script")),
	},
	{
		name: "23 an optimizer that inlines it, with settings",
		html: ({ text }) => doing(`window.kobySettings={siteKey:"${KEY}"}`) + doing(text),
	},
	{
		name: "23 an optimizer that combines it with others",
		html: ({ hosts, keyedText }) =>
			`<script src="${hosts.serveScript("/combined.js", `var first=1;\n${keyedText}\n;var last=2;`)}" defer></script>`,
	},
	{
		name: "24 import() in a bundle",
		html: ({ script }) =>
			`<script type="module">window.kobySettings={siteKey:"${KEY}"};await import("${script}")</script>`,
	},
	{
		name: "24 import() with the key in the address",
		html: ({ script }) => `<script type="module">await import("${script}?site_key=${KEY}")</script>`,
	},
	{
		name: "27 innerHTML: a browser never runs it",
		html: (given) =>
			`<div id="slot"></div>${doing(`slot.innerHTML=${JSON.stringify(keyed(given)).replaceAll("</", "<\\/")}`)}`,
		outcome: "none",
	},
	{
		name: "28 a sandboxed frame: refused, and the console says what to do",
		html: (given) => `<iframe sandbox="allow-scripts" srcdoc="${keyed(given).replaceAll('"', "&quot;")}"></iframe>`,
		outcome: "none",
		says: /sandboxed frame.*Put the tag into the page itself/,
	},
	{
		name: "31 React 18 makes the whole document anew",
		html: keyed,
		async afterwards(page) {
			await page.getByRole("button", { name: "Open chat" }).waitFor();
			await page.evaluate(() => {
				const fresh = document.createElement("html");
				fresh.append(document.createElement("head"), document.createElement("body"));
				document.removeChild(document.documentElement);
				document.append(fresh);
			});
		},
	},
	{
		name: "32 a native dialog stands in front",
		html: (given) => `<dialog id="modal"><p>Words</p></dialog>${keyed(given)}`,
		async afterwards(page) {
			await page.getByRole("button", { name: "Open chat" }).waitFor();
			await page.evaluate(() => document.querySelector("dialog")?.showModal());
			await page.getByRole("button", { name: "Open chat" }).click();
			await page.getByRole("textbox", { name: "Your message" }).fill("In a dialog");
			await page.keyboard.press("Escape");
			expect(await page.evaluate(() => document.querySelector("dialog")?.open)).toBe(true);
			await page.evaluate(() => document.querySelector("dialog")?.remove());
			await pressedApart();
		},
	},
	{
		name: "33 a page on localhost with a live key: the console says to use the test key",
		html: (given) => keyed(given).replace(KEY, LIVE_KEY),
		outcome: "none",
		says: /Use the test key of this engine/,
	},
	{
		name: "34 transform on html",
		html: (given) => `<style>html{transform:translateZ(0);height:5000px}</style>${keyed(given)}`,
		afterwards: staysInView,
	},
];
