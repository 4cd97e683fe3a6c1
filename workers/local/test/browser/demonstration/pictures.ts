/**
 * The pictures of the README, taken anew: `npm run pictures`. Needs Debian's chromium. It starts a run of its own, asks what the demo
 * customer's website suggests, and shows it beside the dashboard, and the chat alone on a telephone.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { ROOT } from "../../../root.ts";
import { createFolder, removeFolder, startLocal } from "../../local-run.ts";
import { launchBrowser, serveHost } from "../browser.ts";
import { openChat, openHome } from "./home.ts";
import type { Home } from "./home.ts";

const PICTURES = join(ROOT, "workers/docs/pictures");
/** Of WebP, of 100: words stay sharp. */
const QUALITY = 80;
const ASKED = "Is there parking behind the building?";
const GAP = "Do you rent out mouth guards?";

/** As WebP, which the browser's debugger makes and its driver does not. */
async function picture(page: Page, name: string): Promise<void> {
	const session = await page.context().newCDPSession(page);
	const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: QUALITY });
	const bytes = Buffer.from(data, "base64");
	writeFileSync(join(PICTURES, `${name}.webp`), bytes);
	console.log(`${name}.webp: ${bytes.length} bytes`);
}

/** Says something in the chat, and waits for these words of its answer: the tests' own waiting works in tests alone. */
async function ask({ site, page }: Home, question: string, answer: string): Promise<void> {
	await site.getByRole("textbox", { name: "Your message" }).fill(question);
	await page.keyboard.press("Enter");
	await site.locator("koby-chat .message.bot:not([aria-hidden])", { hasText: answer }).waitFor();
}

const folder = createFolder();
const run = await startLocal(folder);
const browser = await launchBrowser();
const host = await serveHost(`${run.origin}/chat/`, "sk_chadis_test_abc123");
const stage = { folder, origin: () => run.origin, hostOrigin: () => host.origin, browser: () => browser };
try {
	const home = await openHome(stage);
	await openChat(home);
	await ask(home, GAP, "I do not know that");
	await ask(home, ASKED, "There is free parking behind the building");
	await home.dashboard.getByRole("link", { name: GAP }).click();
	await home.dashboard.getByText(ASKED).first().waitFor();
	await picture(home.page, "demonstration");

	const phone = await browser.newContext({
		viewport: { width: 390, height: 700 },
		deviceScaleFactor: 2,
		reducedMotion: "reduce",
	});
	const page = await phone.newPage();
	await page.goto(host.origin);
	await page.getByRole("button", { name: "Open chat" }).click();
	await page.getByRole("textbox", { name: "Your message" }).fill("What is CHADIS?");
	await page.keyboard.press("Enter");
	await page.getByRole("link", { name: "What CHADIS is" }).waitFor();
	await picture(page, "widget");
} finally {
	await host.close();
	await browser.close();
	await run.interrupt();
	removeFolder(folder);
}
