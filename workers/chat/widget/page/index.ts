import { connect } from "./api/api.ts";
import type { Api } from "./api/api.ts";
import { startChat } from "./chat.ts";
import type { Chat } from "./chat.ts";
import { createConsent } from "./consent.ts";
import { emit } from "./events.ts";
import { asFault } from "./api/fault.ts";
import type { Fault } from "./api/fault.ts";
import type { Config } from "./api/shapes.ts";
import { openStore } from "./store.ts";

declare global {
	interface Window {
		/** An element of the page with this id would be found here too. */
		koby?: unknown;
	}
}

/** How often the configuration is asked for, and how long after a failure that may pass, seconds; without a network for as long as it takes. */
const MAX_TRIES = 3;
const RETRY_SECONDS = 10;

// Only now does the browser know which script this is.
const script = ownScript();
if (script === null) console.error("[koby] The script's tag has no data-site-key.");
else if (!isRunning()) boot(script.src, script.dataset.siteKey ?? "");

/** The element that loaded this script; tag managers leave no trace but the tag. */
function ownScript(): HTMLScriptElement | null {
	const current = document.currentScript;
	if (current instanceof HTMLScriptElement && current.dataset.siteKey !== undefined) return current;
	return document.querySelector<HTMLScriptElement>('script[data-site-key][src*="widget"]');
}

function isRunning(): boolean {
	return typeof window.koby === "object" && window.koby !== null && "reset" in window.koby && "close" in window.koby;
}

function boot(source: string, siteKey: string): void {
	const store = openStore(siteKey);
	const consent = createConsent(store);
	const api = connect(new URL(".", source).href, siteKey, store.visitorId, consent.version);
	let chat: Chat | null = null;
	let isWanted = false;
	const want = (isOpen: boolean): void => {
		isWanted = isOpen;
		chat?.[isOpen ? "open" : "close"]();
	};
	window.koby = { open: () => want(true), close: () => want(false), reset: () => chat?.reset() };
	const start = async (): Promise<void> => {
		const config = await configured(api);
		if (config === null) return;
		await bodyOfPage();
		const memory = store.keepIn(config.visitorMemory);
		consent.use(config);
		chat = startChat(api, store, consent, config, memory);
		emit("koby:ready", { name: config.name });
		if (isWanted) chat.open();
	};
	void start();
}

/** How the bot shows itself, once it can be had; null = it is not to be shown on this page. */
async function configured(api: Api): Promise<Config | null> {
	for (let tries = 1; ; tries++) {
		try {
			return await api.config();
		} catch (thrown) {
			const fault = asFault(thrown);
			if (!(await waited(fault, tries))) return refused(fault);
		}
	}
}

/** Waits as long as a fault asks for; false = asking again would not help. */
async function waited(fault: Fault, tries: number): Promise<boolean> {
	const { code, status, retryAfter } = fault;
	if (code === "offline" || code === "unreachable") {
		if (tries === MAX_TRIES) refused(fault);
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
function refused(fault: Fault): null {
	const reason =
		fault.code === "wrong_origin"
			? `This page's origin ${location.origin} is not allowed for this site key. Add it to the allowed origins in the Koby dashboard.`
			: `The chat is not shown: ${fault.message || fault.code}`;
	console.error(`[koby] ${reason}`);
	emit("koby:error", { code: fault.code });
	return null;
}

function online(): Promise<unknown> {
	return new Promise((resolve) => addEventListener("online", resolve, { once: true }));
}

function seconds(count: number): Promise<unknown> {
	return new Promise((resolve) => setTimeout(resolve, count * 1000));
}

async function bodyOfPage(): Promise<void> {
	if (document.readyState === "loading")
		await new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));
}
