import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { chromium } from "playwright-core";
import type { Browser, Frame, Locator, Page } from "playwright-core";
import axe from "axe-core";

// The same engine without windows opens a page in a third of the time.
const PLACES = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];
const chromiumPath = [process.env.CHROMIUM ?? PLACES].flat().find((path) => existsSync(path));

/** What a title says of a test that has no browser. */
export const NEEDS_CHROMIUM =
	"needs Debian's chromium: apt-get install chromium-headless-shell (or chromium), or CHROMIUM=its path";
export const hasChromium = chromiumPath !== undefined;

/** A browser that talks to this machine only. @param more of its switches */
export function launchBrowser(more: readonly string[] = []): Promise<Browser> {
	const quiet = [
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-sync",
		"--disable-quic",
		"--no-first-run",
	];
	return chromium.launch({
		executablePath: chromiumPath ?? "",
		args: ["--no-sandbox", "--disable-gpu", ...quiet, ...more],
	});
}

/** What the tests of a browser play on. */
export interface Stage {
	/** The local run's folder, for its database. */
	folder: string;
	/** The local run's origin. */
	origin(): string;
	/** Origin of a customer's page with the widget. */
	hostOrigin(): string;
	browser(): Browser;
}

export interface Host {
	origin: string;
	close(): Promise<void>;
}

/** A customer's website on an origin of its own, the same page at every path, with the strictest policy that the widget has to live with. */
export async function serveHost(chat: string, siteKey: string): Promise<Host> {
	const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
		<title>A customer</title></head><body><main><h1>A customer's page</h1><p>With words of its own.</p><button>First</button></main>
		<script src="${chat}widget.js" data-site-key="${siteKey}" async></script></body></html>`;
	const headers = {
		"Content-Type": "text/html; charset=utf-8",
		"Content-Security-Policy": `default-src 'self'; script-src ${chat}; connect-src ${chat}`,
	};
	const server = createServer((request, response) => {
		if (request.url === "/favicon.ico") response.writeHead(204).end();
		else response.writeHead(200, headers).end(html);
	});
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	return {
		origin: `http://127.0.0.1:${portOf(server)}`,
		close: () => new Promise((closed) => void server.close(() => closed())),
	};
}

function portOf(server: Server): number {
	const address = server.address();
	return typeof address === "object" && address !== null ? address.port : 0;
}

export interface Watched {
	page: Page;
	/** Lines of the console, policy violations among them. */
	lines: string[];
	/** Addresses of all requests. */
	requests: string[];
}

let visitors = 0;

/** A page of a browser context of its own, and what happens on it. */
export async function openPage(browser: Browser, options: Parameters<Browser["newContext"]>[0] = {}): Promise<Watched> {
	const context = await browser.newContext({
		reducedMotion: "reduce",
		viewport: { width: 1024, height: 700 },
		...options,
	});
	// Each visitor has an address of their own, as the limiters count by it; put in behind the browser's back, which would ask leave for it.
	const address = `10.9.${visitors >> 8}.${visitors++ & 255}`;
	await context.route("**/chat/**", (route) =>
		route.continue({ headers: { ...route.request().headers(), "cf-connecting-ip": address } }),
	);
	return watch(await context.newPage());
}

/** Notes what happens on a page from now on. */
export function watch(page: Page): Watched {
	const lines: string[] = [];
	const requests: string[] = [];
	page.on("console", (line) => lines.push(line.text()));
	page.on("pageerror", (error) => lines.push(error.message));
	page.on("request", (request) => requests.push(request.url()));
	return { page, lines, requests };
}

/** The words of an element that a visitor sees. */
export function shownText(element: Locator): Promise<string> {
	// biome-ignore lint/performance/useDomNodeTextContent: textContent has what is hidden, too.
	return element.innerText();
}

/** What axe finds wrong, one line each. It is put in by the debugger, which no policy holds up. */
export async function axeFindings(page: Page | Frame): Promise<string[]> {
	await page.evaluate(axe.source);
	const violations = await page.evaluate(async () => {
		const checker: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } = Reflect.get(
			globalThis,
			"axe",
		);
		return (await checker.run()).violations.map(
			({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`,
		);
	});
	return violations;
}

/** As long as two presses are taken for a double click, and a little more, ms. */
const PRESSES_APART_MS = 600;

/** Before the same place is pressed again, and is meant to be. */
export function pressedApart(): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, PRESSES_APART_MS));
}
