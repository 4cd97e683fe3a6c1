/**
 * `npm run bench:widget`: how long a customer's page waits for the widget and how long it is blocked by it, in Chromium on a
 * processor slowed down four times. With ANCHOR=<a module script> (and ANCHOR_TAG=<its element>) another widget is put on the
 * same page in alternating loads, and with BEFORE=<a widget.js> one of our own of another time. Needs Debian's chromium
 * (CHROMIUM=its path).
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { makeWidget } from "../local/build/build-widget.ts";
import { median } from "./measure.ts";

const LOADS = 15;
const SLOWDOWN = 4;
const LIMIT_MS = 15_000;
/** After the launcher: what comes when the page is idle blocks it, too. */
const AFTERWARDS_MS = 1500;

const { ANCHOR: anchor, ANCHOR_TAG: tag = "chat-bubble-snippet", BEFORE: before } = process.env;
const { script, files } = await makeWidget();
const CONFIG = JSON.stringify({
	name: "Bench",
	greeting: "Hello!",
	brand_color: "#2563eb",
	suggested_questions: [],
	locale: "en",
});

function page(body: string): string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title></head><body><h1>Host</h1>${body}</body></html>`;
}

const PAGES: Record<string, string> = {
	"/ours": page('<script src="/widget.js" data-site-key="sk_bench_test_abc123" async></script>'),
	"/before": page('<script src="/before/widget.js" data-site-key="sk_bench_test_abc123" async></script>'),
	"/anchor": page(`<${tag} api-url="/"></${tag}><script type="module" src="/anchor/entry.js"></script>`),
};

const server = createServer((request, response) => {
	const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
	const send = (type: string, text: string | Buffer): void =>
		void response.writeHead(200, { "Content-Type": type }).end(text);
	if (PAGES[path] !== undefined) return send("text/html; charset=utf-8", PAGES[path]);
	if (path === "/widget.js") return send("text/javascript; charset=utf-8", script);
	if (path.startsWith("/widget/"))
		return send("text/javascript; charset=utf-8", files[path.slice("/widget/".length)] ?? "");
	if (path === "/before/widget.js" && before !== undefined)
		return send("text/javascript; charset=utf-8", readFileSync(before));
	if (path.endsWith("/config")) return send("application/json", CONFIG);
	if (path.startsWith("/anchor/") && anchor !== undefined) {
		return send(
			"text/javascript; charset=utf-8",
			readFileSync(path === "/anchor/entry.js" ? anchor : join(dirname(anchor), path.slice("/anchor/".length))),
		);
	}
	response.writeHead(404).end();
});

/** In the page, before all else: when a button of the widget can be used, and how long tasks blocked the page (over 50 ms each). */
const OBSERVER = `
	globalThis.seen = { began: 0, usable: 0, blocked: 0 };
	new PerformanceObserver((list) => { for (const task of list.getEntries()) seen.blocked += Math.max(0, task.duration - 50); }).observe({ type: "longtask", buffered: true });
	const look = () => {
		const button = [...document.querySelectorAll("koby-chat, ${tag}")].map((host) => host.shadowRoot?.querySelector("button")).find((found) => found && found.getBoundingClientRect().width > 0);
		const script = performance.getEntriesByType("resource").find(({ name }) => /widget\\.js|entry\\.js/.test(name));
		if (button && script) { seen.began = script.startTime; seen.usable = performance.now(); } else requestAnimationFrame(look);
	};
	requestAnimationFrame(look);
`;

interface Load {
	usableMs: number;
	blockedMs: number;
}

async function load(browser: Browser, url: string): Promise<Load> {
	const context = await browser.newContext();
	const tab = await context.newPage();
	const session = await context.newCDPSession(tab);
	await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
	await tab.addInitScript(OBSERVER);
	await tab.goto(url);
	await tab.waitForFunction("seen.usable > 0", undefined, { timeout: LIMIT_MS });
	await tab.waitForTimeout(AFTERWARDS_MS);
	const { began, usable, blocked }: { began: number; usable: number; blocked: number } = await tab.evaluate("seen");
	await context.close();
	return { usableMs: usable - began, blockedMs: blocked };
}

await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
const address = server.address();
const origin = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
	args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
});
try {
	const loads: Record<string, Load[]> = {};
	const paths = ["/ours", ...(before === undefined ? [] : ["/before"]), ...(anchor === undefined ? [] : ["/anchor"])];
	for (let turn = 0; turn < LOADS; turn++) {
		for (const path of paths) loads[path] = [...(loads[path] ?? []), await load(browser, origin + path)];
	}
	console.log(
		`medians of ${LOADS} alternating loads, CPU slowed ${SLOWDOWN} times\n\n| widget | script request to usable launcher, ms | blocking time, ms |\n|---|---|---|`,
	);
	for (const [path, all] of Object.entries(loads)) {
		console.log(
			`| ${path.slice(1)} | ${median(all.map(({ usableMs }) => usableMs)).toFixed(0)} | ${median(all.map(({ blockedMs }) => blockedMs)).toFixed(0)} |`,
		);
	}
} finally {
	await browser.close();
	server.close();
}
