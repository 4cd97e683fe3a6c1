import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { axeFindings, openPage, pressedApart, shownText } from "../browser.ts";
import type { Stage } from "../browser.ts";
import { startHosts } from "../embedding/host.ts";
import type { EmbeddingHosts } from "../embedding/host.ts";
import { setInPortal } from "../settings.ts";
import { KEY } from "../../site-keys.ts";
import { ask, dialog } from "../widget.ts";

/** Switches the customer's voice engine. */
export function setVoice(stage: Stage, status: "active" | "paused"): Promise<void> {
	return setInPortal(stage, "engines/site_chadis_voice", { status });
}

/** The widget that reads aloud and listens. */
export function voiceTests(stage: Stage): void {
	let hosts: EmbeddingHosts;
	beforeEach(async () => {
		hosts = await startHosts(`${stage.origin()}/chat/`);
		await setVoice(stage, "active");
	});
	afterEach(async () => {
		await hosts?.close();
		await setInPortal(stage, "config", { consent: null, provider_policy: null });
		await setVoice(stage, "paused");
	});

	/** A page with the chat open. @param prepare before anything of it is loaded */
	async function opened(prepare?: (page: Page) => Promise<unknown>, locale = "en-US") {
		const watched = await openPage(stage.browser(), { locale });
		const { page } = watched;
		await page.addInitScript(recordSound);
		await prepare?.(page);
		const html = `<!doctype html><html lang="en"><head><title>A customer</title></head><body><main><h1>A customer</h1></main>
			<script src="${hosts.chat}widget.js" data-site-key="${KEY}" async></script></body></html>`;
		await page.goto(hosts.serve({ html }));
		await page.locator("koby-chat .launcher").click();
		await dialog(page).waitFor();
		return watched;
	}
	const sounds = (page: Page): Promise<string[]> => page.evaluate(() => Reflect.get(globalThis, "sounds"));
	const speeches = (requests: string[]): string[] => requests.filter((url) => url.endsWith("/voice/"));
	const trouble = (page: Page): Promise<string> => shownText(page.locator("koby-chat .voice-trouble"));
	const field = (page: Page) => page.getByRole("textbox", { name: "Your message" });

	it("reads an answer aloud, stops when asked to, and asks for what was heard but once", async () => {
		const { page, requests, lines } = await opened();
		const answer = await ask(page, "Can I fill it in on my phone?");
		await answer.getByRole("button", { name: "Read aloud" }).click();
		await expect.poll(() => sounds(page)).toEqual(["start"]);
		await pressedApart();
		await answer.getByRole("button", { name: "Stop reading" }).click();
		await expect.poll(() => sounds(page)).toEqual(["start", "stop"]);
		await pressedApart();
		await answer.getByRole("button", { name: "Read aloud" }).click();
		await expect.poll(() => sounds(page)).toEqual(["start", "stop", "start"]);
		expect(speeches(requests)).toHaveLength(1);
		expect(await axeFindings(page)).toEqual([]);
		await page.keyboard.press("Escape");
		await expect.poll(() => sounds(page)).toEqual(["start", "stop", "start", "stop"]);
		expect(lines).toEqual([]);
	});

	it("reads one at a time, in the words of the page's own voice engine's org", async () => {
		const { page } = await opened();
		const sent = page.waitForRequest((request) => request.url().endsWith("/voice/"));
		const buttons = page.getByRole("button", { name: "Read aloud" });
		await buttons.first().click();
		const request = await sent;
		expect(request.headers()["x-site-key"]).toBe(KEY);
		expect(request.postDataJSON()).toEqual({ text: "Hello! How can I help you with CHADIS today?" });
		const answer = await ask(page, "Is it free of charge?");
		await answer.getByRole("button", { name: "Read aloud" }).click();
		await expect.poll(() => sounds(page)).toEqual(["start", "stop", "start"]);
		expect(await page.getByRole("button", { name: "Stop reading" }).count()).toBe(1);
	});

	it("has no voice where the org's engine for it is paused, and fetches none", async () => {
		await setVoice(stage, "paused");
		const { page, requests } = await opened(listenWith("hello"));
		await ask(page, "Can I fill it in on my phone?");
		expect(await page.getByRole("button", { name: /Read aloud|Speak your message/ }).count()).toBe(0);
		expect(requests.filter((url) => url.includes("/widget/voice."))).toEqual([]);
	});

	it("says so kindly where it cannot be read", async () => {
		const { page } = await opened((there) => there.route("**/voice/", (route) => route.abort()));
		await page.getByRole("button", { name: "Read aloud" }).click();
		await expect.poll(() => trouble(page)).toBe("Sorry, this can't be read aloud right now.");
		expect(await page.getByRole("button", { name: "Read aloud" }).count()).toBe(1);
	});

	it("sends what was agreed to with what is to be read", async () => {
		await setInPortal(stage, "config", { consent: "required" });
		const { page } = await opened(listenWith("too early"));
		await page.getByRole("button", { name: "Speak your message" }).click();
		expect(await field(page).inputValue()).toBe("");
		await page.getByRole("button", { name: "I agree", exact: true }).click();
		await page.getByRole("button", { name: "Read aloud" }).click();
		await expect.poll(() => sounds(page)).toEqual(["start"]);
	});

	it("writes what is said into the field, behind what stands there, and sends nothing by itself", async () => {
		const { page } = await opened(listenWith("can I use my phone"));
		await field(page).fill("Please tell me:");
		const button = page.getByRole("button", { name: "Speak your message" });
		await button.click();
		expect(await button.getAttribute("aria-pressed")).toBe("true");
		await expect.poll(() => field(page).inputValue()).toBe("Please tell me: can I use my phone");
		await expect.poll(() => button.getAttribute("aria-pressed")).toBe("false");
		expect(await page.locator("koby-chat .message.visitor").count()).toBe(0);
		expect(await trouble(page)).toBe("");
		expect(await axeFindings(page)).toEqual([]);
		expect(await page.evaluate(() => Reflect.get(globalThis, "heardIn"))).toBe("en");
		await page.keyboard.press("Enter");
	});

	it.each([
		[
			"en-US",
			"Speak your message",
			"not-allowed",
			"The microphone can't be used here. That is fine: you can type instead",
		],
		["es-MX", "Dictar su mensaje", "audio-capture", "No se puede usar el micrófono aquí. No pasa nada"],
		["en-US", "Speak your message", "no-speech", "Sorry, that could not be understood."],
	])("says kindly in %s, by the button %s, that it cannot listen: %s", async (locale, name, code, words) => {
		const { page } = await opened(listenWith("", code), locale);
		await page.getByRole("button", { name }).click();
		await expect.poll(() => trouble(page)).toContain(words);
		expect(await page.getByRole("button", { name }).getAttribute("aria-pressed")).toBe("false");
		expect(await page.evaluate(() => document.activeElement?.localName)).toBe("koby-chat");
	});

	it("reads aloud and does not listen where the org wants nobody to hear with whom it has no agreement", async () => {
		await setInPortal(stage, "config", { provider_policy: "baa" });
		const { page } = await opened(listenWith("hello"));
		await page.getByRole("button", { name: "Read aloud" }).waitFor();
		expect(await page.getByRole("button", { name: "Speak your message" }).count()).toBe(0);
	});

	it("has no button to speak where the browser does not listen", async () => {
		const { page } = await opened((there) =>
			there.addInitScript(() => {
				Object.assign(globalThis, { SpeechRecognition: undefined, webkitSpeechRecognition: undefined });
			}),
		);
		await page.getByRole("button", { name: "Read aloud" }).waitFor();
		expect(await page.getByRole("button", { name: "Speak your message" }).count()).toBe(0);
	});
}

/** What a loudspeaker would be given: a machine of tests has none. */
function recordSound(): void {
	const sounds: string[] = [];
	Object.assign(globalThis, { sounds });
	const { start, stop } = AudioBufferSourceNode.prototype;
	AudioBufferSourceNode.prototype.start = function (...given) {
		sounds.push("start");
		// It plays on until it is stopped.
		this.loop = true;
		start.apply(this, given);
	};
	AudioBufferSourceNode.prototype.stop = function (...given) {
		sounds.push("stop");
		stop.apply(this, given);
	};
}

/** A browser that hears words, or fails to. */
function listenWith(words: string, code = ""): (page: Page) => Promise<unknown> {
	return (page) =>
		page.addInitScript(
			([heard, error]) => {
				class Listener extends EventTarget {
					lang = "";
					interimResults = false;
					start(): void {
						Object.assign(globalThis, { heardIn: this.lang });
						setTimeout(() => this.tell("error", { error }), 50);
						setTimeout(() => this.tell("result", { results: [[{ transcript: heard }]] }), 50);
						setTimeout(() => this.dispatchEvent(new Event("end")), 300);
					}
					tell(name: string, detail: Record<string, unknown>): void {
						if (name === "error" ? error !== "" : error === "")
							this.dispatchEvent(Object.assign(new Event(name), detail));
					}
					stop(): void {}
					abort(): void {}
				}
				Object.assign(globalThis, { SpeechRecognition: Listener });
			},
			[words, code] as const,
		);
}
