/**
 * Pictures of the widget in every state that a visitor may see, to be looked at:
 * `node workers/local/launch.mjs workers/local/test/browser/states/pictures.ts <folder> [a state's name ...]`. Needs Debian's chromium.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launchBrowser, serveHost } from "../browser.ts";
import { STATES, openState } from "./states.ts";
import { createFolder, removeFolder, startLocal } from "../../local-run.ts";

const [, , target = "", ...names] = process.argv;
if (target === "") throw new Error("Name a folder for the pictures.");
mkdirSync(target, { recursive: true });
const folder = createFolder();
const run = await startLocal(folder);
const browser = await launchBrowser();
const host = await serveHost(`${run.origin}/chat/`, "sk_chadis_test_abc123");
const stage = { folder, origin: () => run.origin, hostOrigin: () => host.origin, browser: () => browser };
try {
	for (const state of STATES) {
		if (names.length > 0 && !names.includes(state.name)) continue;
		const { page, lines } = await openState(stage, state);
		await page.screenshot({ path: join(target, `${state.name}.png`) });
		console.log(state.name, ...lines);
		await page.context().close();
	}
} finally {
	await host.close();
	await browser.close();
	await run.interrupt();
	removeFolder(folder);
}
