import type { KobyCommands } from "./widget.d.ts";

// An element of the page with this id is found here as well.
const page: { koby?: unknown } = window;

/** The key of the chat that runs on this page; "" = it is one of an older version, null = none does. */
export function runningKey(): string | null {
	const running: object = Object(page.koby);
	if (!("reset" in running && "close" in running)) return null;
	return "siteKey" in running ? String(running.siteKey) : "";
}

/**
 * Puts `window.koby` on the page, as a function with a method for each command, and carries out what was asked of the one before,
 * being taken off included.
 */
export function takeCommands(siteKey: string, commands: KobyCommands): void {
	const byName = new Map<unknown, (value: unknown) => void>(Object.entries(commands));
	const koby = (name: unknown, value: unknown): void => {
		byName.get(name)?.(value);
	};
	const queue: unknown = Reflect.get(Object(page.koby), "q");
	page.koby = Object.assign(koby, commands, { siteKey });
	// As `arguments` or as lists; each by itself, so that one that throws holds up neither the others nor the chat.
	for (const call of Array.isArray(queue) ? queue : [])
		queueMicrotask(() => koby(Reflect.get(Object(call), 0), Reflect.get(Object(call), 1)));
}

/** Takes `window.koby` off the page: a tag that is put in again begins anew. */
export function dropCommands(): void {
	page.koby = undefined;
}
