import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { freePort } from "../../local-run.ts";
import { visitedBy } from "./driven-page.ts";
import { forget } from "./visited.ts";
import type { Engine } from "./visited.ts";
import { startSession, until } from "./webdriver.ts";

const DRIVER = "/usr/bin/WebKitWebDriver";
const SCREEN = "/usr/bin/Xvfb";

/** What a title says of a test that has no browser. */
export const NEEDS_WEBKIT = "needs Debian's WebKitGTK and a screen for it: apt-get install webkit2gtk-driver xvfb";
export const hasWebKit = existsSync(DRIVER) && existsSync(SCREEN);

/** WebKit as GTK's programs have it, by its own WebDriver: playwright drives a build of its own alone, which Debian has not. */
export async function launchWebKit(): Promise<Engine> {
	const screen = spawn(SCREEN, ["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], {
		stdio: ["ignore", "pipe", "ignore"],
	});
	const display = String((await once(screen.stdout, "data"))[0]).trim();
	const port = await freePort();
	const driver = spawn(DRIVER, [`--port=${port}`], {
		env: { ...process.env, DISPLAY: `:${display}` },
		stdio: "ignore",
	});
	const origin = `http://127.0.0.1:${port}`;
	await until("WebKitWebDriver", async () => (await fetch(`${origin}/status`)).ok || undefined);
	const driven = await startSession(origin, {});
	// The window's bar takes 38 px.
	await driven.send("POST", "/window/rect", { width: 1024, height: 738 });
	return {
		// A browser under automation writes no console to its output, and the driver hands none on.
		open: () => forget({ page: visitedBy(driven), lines: null }),
		async close() {
			await driven.send("DELETE", "");
			await ended(driver);
			await ended(screen);
		},
	};
}

async function ended(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null) return;
	child.kill();
	await once(child, "exit");
}
