import { existsSync } from "node:fs";
import { firefox } from "playwright-core";
import type { Browser } from "playwright-core";
import { watch } from "../browser.ts";
import { forget } from "./visited.ts";
import type { Engine } from "./visited.ts";

const PLACES = ["/usr/bin/firefox-esr", "/usr/bin/firefox"];
const firefoxPath = [process.env.FIREFOX ?? PLACES].flat().find((path) => existsSync(path));

/** What a title says of a test that has no browser. */
export const NEEDS_FIREFOX = "needs Debian's Firefox: apt-get install firefox-esr, or FIREFOX=its path";
export const hasFirefox = firefoxPath !== undefined;

/** The one command of the protocol that playwright always sends and Firefox 153 does not know. What it sets is said by preferences. */
const UNKNOWN = "emulation.setMediaFeaturesOverride";

/** A Firefox as it is released, by the standard protocol (WebDriver BiDi). */
export async function launchFirefox(): Promise<Engine> {
	const browser = await firefox.launch({
		channel: "moz-firefox",
		executablePath: firefoxPath ?? "",
		firefoxUserPrefs: { "ui.prefersReducedMotion": 1, "layout.css.prefers-color-scheme.content-override": 1 },
	});
	leaveOut(UNKNOWN, browser);
	const watched = watch(await browser.newPage({ viewport: { width: 1024, height: 700 } }));
	return { open: () => forget(watched), close: () => browser.close() };
}

/** Answers a command of playwright's in Firefox's place. */
function leaveOut(command: string, browser: Browser): void {
	const connection: { toImpl(object: unknown): { _browserSession: object } } = Reflect.get(browser, "_connection");
	const sessions = Object.getPrototypeOf(connection.toImpl(browser)._browserSession);
	const send: (...sent: unknown[]) => Promise<unknown> = sessions.send;
	sessions.send = function (this: unknown, ...sent: unknown[]): Promise<unknown> {
		return sent[0] === command ? Promise.resolve({}) : send.apply(this, sent);
	};
}
