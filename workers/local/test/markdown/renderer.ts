import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { ROOT } from "../../root.ts";

/** Where the page of the tests stands: relative links lead to this site. */
const SITE = "https://practice.example/kids/";
/** As strict as a customer's page can be: whoever makes markup of text fails. */
const POLICY = "default-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** The widget's reading of answers, alone, on a page of its own. */
export interface Renderer {
	/** What a finished answer, or one that goes on, is shown as. */
	html(text: string, isOpen?: boolean): Promise<string>;
	/** The words that each beginning of a text is shown as, while it comes; the last of them is the finished answer's. */
	beginnings(text: string): Promise<string[]>;
	/** Text, and what else of the answer is told: numbers of items, addresses, titles. */
	told(text: string, isOpen?: boolean): Promise<string>;
	/** Where it leads to. */
	links(text: string): Promise<string[]>;
	/** What its reader sees. */
	text(text: string): Promise<string>;
	/** Text outside of code. */
	prose(text: string): Promise<string>;
	/** The page after an answer came in pieces of so many bytes. */
	streamed(text: string, bytes: number): Promise<string>;
	page: Page;
}

export async function openRenderer(browser: Browser): Promise<Renderer> {
	const page = await browser.newPage();
	await page.route("**/*", (route) =>
		route.fulfill({
			body: "<!doctype html><div></div>",
			headers: { "content-type": "text/html", "content-security-policy": POLICY },
		}),
	);
	await page.goto(SITE);
	const markdown = JSON.stringify(join(ROOT, "workers/chat/widget/page/markdown/markdown.ts"));
	const { outputFiles } = await build({
		stdin: {
			contents: `import { markdown, patch } from ${markdown}; Object.assign(globalThis, { markdown, patch });`,
			resolveDir: ROOT,
		},
		bundle: true,
		format: "iife",
		target: "es2022",
		write: false,
	});
	// By the debugger, which no policy holds up.
	await page.evaluate(`${outputFiles[0]?.text ?? ""}\n${IN_PAGE}`);
	const call = (name: string, ...values: unknown[]) =>
		page.evaluate(([name, values]) => Reflect.get(globalThis, name)(...values), [name, values] as const);
	return {
		html: (text, isOpen = false) => call("html", text, isOpen),
		beginnings: (text) => call("beginnings", text),
		told: (text, isOpen = false) => call("told", text, isOpen),
		links: (text) => call("links", text),
		text: (text) => call("text", text),
		prose: (text) => call("prose", text),
		streamed: (text, bytes) => call("streamed", text, bytes),
		page,
	};
}

const IN_PAGE = `
globalThis.draw = (place, text, isOpen) => patch(place, shown(text, isOpen));
globalThis.shown = (text, isOpen) => {
	const place = document.createElement("div");
	place.append(...markdown(text, isOpen));
	return place;
};
// Blocks, cells and lines keep words apart.
globalThis.wordsOf = (place) => {
	for (const edge of place.querySelectorAll("p, li, td, th, br, pre, h3, h4, h5, h6, blockquote, hr")) edge.before(" ");
	return place.textContent.replace(/\\s+/g, " ").trim();
};
globalThis.html = (text, isOpen) => shown(text, isOpen).innerHTML;
globalThis.beginnings = (text) => {
	const all = [];
	for (let end = 1; end <= text.length; end++) all.push(wordsOf(shown(text.slice(0, end), true)));
	return [...all, wordsOf(shown(text, false))];
};
globalThis.links = (text) => [...shown(text, false).querySelectorAll("a")].map((link) => link.getAttribute("href"));
globalThis.text = (text) => wordsOf(shown(text, false));
globalThis.prose = (text) => {
	const place = shown(text, false);
	for (const code of place.querySelectorAll("code")) code.remove();
	return wordsOf(place);
};
globalThis.told = (text, isOpen) => {
	const place = shown(text, isOpen);
	const attributes = [...place.querySelectorAll("*")].flatMap((one) => ["value", "href", "title"].map((name) => one.getAttribute(name) ?? ""));
	return wordsOf(place) + " " + attributes.join(" ");
};
globalThis.streamed = (text, bytes) => {
	const place = document.createElement("div");
	const all = new TextEncoder().encode(text);
	const decoder = new TextDecoder();
	let come = "";
	for (let at = 0; at < all.length; at += bytes) {
		come += decoder.decode(all.slice(at, at + bytes), { stream: true });
		draw(place, come, true);
	}
	draw(place, text, false);
	return place.innerHTML;
};
`;
