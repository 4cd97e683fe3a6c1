import type { Page } from "playwright-core";

/** What a test asks of an element, in every engine: the part of playwright's locator that WebKit's driver has as well. */
export interface Found {
	waitFor(): Promise<void>;
	click(options?: { trial?: boolean }): Promise<void>;
	fill(text: string): Promise<void>;
	count(): Promise<number>;
	isVisible(): Promise<boolean>;
	textContent(): Promise<string | null>;
	getAttribute(name: string): Promise<string | null>;
	boundingBox(): Promise<{ x: number; y: number; width: number; height: number } | null>;
	last(): Found;
}

/** What a test asks of a page, in every engine; a page of playwright's is one. */
export interface Visited {
	goto(address: string): Promise<unknown>;
	reload(): Promise<unknown>;
	waitForLoadState(state: "networkidle"): Promise<void>;
	/** @param work runs in the page and sees nothing of what stands around it */
	evaluate<Result>(work: () => Result): Promise<Result>;
	getByRole(role: "button" | "dialog" | "link" | "log" | "textbox", options?: { name?: string }): Found;
	/** @param css is looked for in the widget, too: what follows `koby-chat ` */
	locator(css: string): Found;
	keyboard: Pick<Page["keyboard"], "press" | "type">;
}

/** A page of a visitor who was never there before. */
export interface Opened {
	page: Visited;
	/** Lines of the console, policy violations among them; null = the driver tells of none */
	lines: string[] | null;
}

/** A browser that plays one visitor after the other on one page: a page of its own for each would cost most tests more than themselves. */
export interface Engine {
	/** The page of a visitor who was never there before; the one before is gone from it. */
	open(): Promise<Opened>;
	close(): Promise<void>;
}

/** Makes a page that of a new visitor. */
export async function forget({ page, lines }: Opened): Promise<Opened> {
	await page.evaluate(() => {
		// What is on the page writes down that it stood open when the page is left.
		Reflect.get(globalThis, "koby")?.destroy?.();
		try {
			localStorage.clear();
			sessionStorage.clear();
		} catch {
			// A page without an origin, or one that refuses them: nothing is kept there.
		}
	});
	await page.goto("about:blank");
	lines?.splice(0);
	return { page, lines };
}
