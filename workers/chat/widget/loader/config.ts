import type { TroubleModule } from "./handover.ts";
import type { Settings } from "./settings.ts";

// The build writes the name of the file here that knows what to do when something is wrong.
declare const TROUBLE_FILE: string;

/** After the first failure; longer with each one more. */
const RETRY_MS = 10_000;

/**
 * How the bot shows itself, once it can be had.
 * @param signal ends it
 * @param onFailure it cannot be had for now
 * @returns the body of `GET /config`; null = the chat is not to be shown on this page, which the console and the page have been told
 */
export async function configured(
	{ base, siteKey, language }: Settings,
	signal: AbortSignal,
	onFailure: () => void,
): Promise<unknown> {
	for (let tries = 0; !signal.aborted; tries++) {
		const response = await fetch(`${base}config?site_key=${encodeURIComponent(siteKey)}&language=${language}`, {
			credentials: "omit",
			referrerPolicy: "strict-origin",
		}).catch(() => null);
		try {
			if (response?.ok) return await response.json();
			const { explained }: TroubleModule = await import(
				/* webpackIgnore: true */ /* @vite-ignore */ `${base}widget/${TROUBLE_FILE}?${tries}`
			);
			return await explained({ base, siteKey, language, signal, response, onFailure });
		} catch {
			// There is no network at all, and one that is there again does not always say so; or the page names an address that is not the chat's.
			onFailure();
			if (tries === 0) console.error(`[koby] No chat answers at ${base}.`);
			await new Promise((resolve) => {
				addEventListener("online", resolve, { once: true });
				setTimeout(resolve, RETRY_MS * (tries + 1));
			});
		}
	}
	return null;
}
