import type { Trouble } from "../loader/handover.ts";
import { asFault } from "../page/api/fault.ts";
import type { Fault } from "../page/api/fault.ts";
import { faultIn, requestConfig } from "../page/api/request.ts";
import { emit } from "../page/events.ts";

/** How often the configuration is asked for, and how long after a failure that may pass, seconds; without a network for as long as it takes. */
const MAX_TRIES = 3;
const RETRY_SECONDS = 10;
const OWN_MACHINE = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;

/**
 * Asks again for as long as that may help.
 * @returns the body of `GET /config`; null = the chat is not to be shown on this page, which the console and the page have been told
 */
export async function explained({ base, siteKey, language, signal, response, onFailure }: Trouble): Promise<unknown> {
	let attempt = (): Promise<unknown> => faultIn(base, response);
	for (let tries = 1; ; tries++) {
		try {
			return await attempt();
		} catch (thrown) {
			const fault = asFault(thrown);
			onFailure();
			const isToTry = await waited(fault, tries, base, siteKey);
			if (signal.aborted) return null;
			if (!isToTry) return refused(fault, base, siteKey);
		}
		attempt = () => requestConfig(base, siteKey, language);
	}
}

/** Waits as long as a fault asks for; false = asking again would not help. */
async function waited(fault: Fault, tries: number, base: string, siteKey: string): Promise<boolean> {
	const { code, status, retryAfter } = fault;
	if (code === "offline" || code === "unreachable") {
		if (tries === MAX_TRIES) refused(fault, base, siteKey);
		// A network that is there again does not always say so.
		await Promise.race([online(), seconds(RETRY_SECONDS * tries)]);
		return true;
	}
	if (tries < MAX_TRIES && (status === 429 || status >= 500)) {
		await seconds(retryAfter || RETRY_SECONDS);
		return true;
	}
	// A line that broke for a moment looks the same; it does not look so twice.
	return tries === 1 && code === "wrong_origin";
}

/** Says to whoever looks after the page why nothing shows. */
function refused(fault: Fault, base: string, siteKey: string): null {
	const reason = reasonOf(fault, base, siteKey);
	console.error(`[koby] ${reason}`);
	emit("koby:error", { code: fault.code });
	return null;
}

/** Which of three is wrong: the address of the service, the page, or the frame that the tag stands in. */
function reasonOf({ code, message }: Fault, base: string, siteKey: string): string {
	if (code === "wrong_origin") return wrongOrigin(base, siteKey);
	if (code !== "unreachable") return `The chat is not shown: ${message || code}`;
	return `${base} does not answer this page. Check the address in the tag, and that the page's Content-Security-Policy lets connect-src have it.`;
}

/** The server does not say why it refuses an origin, as any page could ask; a page knows its own. */
function wrongOrigin(base: string, siteKey: string): string {
	if (origin === "null")
		return "A sandboxed frame or a file has no origin that a site key could allow. Put the tag into the page itself.";
	if (siteKey.includes("_live_") && OWN_MACHINE.test(location.hostname))
		return `A live key answers no page of your own machine (${origin}). Use the test key of this engine: it has _test_ in place of _live_ and works on localhost.`;
	const whose = self === top ? "This page's origin" : "The origin of this frame, not of the page around it,";
	return `${whose} ${origin} is not allowed for this site key at ${base}. Add it to the allowed origins of the engine in the Koby dashboard.`;
}

function online(): Promise<unknown> {
	return new Promise((resolve) => addEventListener("online", resolve, { once: true }));
}

function seconds(count: number): Promise<unknown> {
	return new Promise((resolve) => setTimeout(resolve, count * 1000));
}
