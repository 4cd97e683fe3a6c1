import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { Stage } from "./browser.ts";

/** Changes what the customer of the tests has set, as its admin. @param path `config` or `engines/{id}` */
export async function setInPortal(stage: Stage, path: string, changes: Record<string, unknown>): Promise<void> {
	const token = await (await fetch(`${stage.origin()}/local/token?role=admin&org=org_chadis`)).text();
	const response = await fetch(`${stage.origin()}/portal/${path}`, {
		method: "PATCH",
		headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
		body: JSON.stringify(changes),
	});
	expect(response.status, await response.text()).toBe(200);
}

/** Loads the page anew with the configuration as it is now: a browser keeps it for a minute. */
export async function reloadedFresh(page: Page): Promise<void> {
	const debuggerSession = await page.context().newCDPSession(page);
	await debuggerSession.send("Network.clearBrowserCache");
	await page.reload();
}
