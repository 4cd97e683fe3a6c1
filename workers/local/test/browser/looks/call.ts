import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { axeFindings, launchBrowser, openPage, shownText } from "../browser.ts";
import type { Stage } from "../browser.ts";
import { startHosts } from "../embedding/host.ts";
import type { EmbeddingHosts } from "../embedding/host.ts";
import { setInPortal } from "../settings.ts";
import { KEY } from "../../site-keys.ts";
import { dialog } from "../widget.ts";
import { setVoice } from "./voice.ts";

/** A microphone that beeps, and leave to use it. */
const FAKE_MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
/** A refusal of `POST /session`, in the worker's envelope. */
type Refusal = [status: number, code: string, headers?: Record<string, string>];

/**
 * Talking with the bot. Each conversation that is begun here holds one of the site's places until it has been read back, which is
 * minutes later: each visitor has an address of their own, as an address may hold but two.
 */
export function callTests(stage: Stage): void {
	let hosts: EmbeddingHosts;
	let talking: Browser;
	beforeAll(async () => {
		talking = await launchBrowser(FAKE_MICROPHONE);
	});
	afterAll(() => talking?.close());
	beforeEach(async () => {
		hosts = await startHosts(`${stage.origin()}/chat/`);
		await setVoice(stage, "active");
	});
	afterEach(async () => {
		for (const context of talking.contexts()) await context.close();
		await hosts?.close();
		await setInPortal(stage, "config", { consent: null, privacy_url: null, privacy: null });
		await setVoice(stage, "paused");
	});

	interface Opening {
		browser?: Browser;
		locale?: string;
		/** What the page lets its scripts do; the strictest by default. */
		policy?: string;
		/** The visitor's address. */
		client?: string;
		refusal?: Refusal;
		prepare?: (page: Page) => Promise<unknown>;
	}

	/** A page with the chat open, under a strict policy. */
	async function opened({
		browser = talking,
		locale = "en-US",
		policy,
		client = "10.12.0.1",
		refusal,
		prepare,
	}: Opening) {
		const watched = await openPage(browser, { locale });
		const { page } = watched;
		const voice = new URL(`${stage.origin()}/`).port;
		await page.context().route("**/conversation/**", (route) => {
			if (refusal === undefined || route.request().method() !== "POST")
				return route.continue({ headers: { ...route.request().headers(), "cf-connecting-ip": client } });
			const [status, code, headers] = refusal;
			return route.fulfill({
				status,
				headers: { "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After", ...headers },
				json: { error: { code, message: "Not to be shown.", request_id: "test" } },
			});
		});
		await prepare?.(page);
		const html = `<!doctype html><html lang="en"><head><title>A customer</title></head><body><main><h1>A customer</h1></main>
			<script nonce="once" src="${hosts.chat}widget.js" data-site-key="${KEY}" async></script></body></html>`;
		const connect = `connect-src ${hosts.chat} http://127.0.0.1:${voice} ws://127.0.0.1:${voice}`;
		const headers = {
			"Content-Security-Policy": `default-src 'self'; ${policy ?? `script-src ${hosts.chat}`}; ${connect}`,
		};
		await page.goto(hosts.serve({ html, headers }));
		await page.locator("koby-chat .launcher").click();
		await dialog(page).waitFor();
		return watched;
	}
	const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
	const status = (page: Page): Promise<string> => shownText(page.locator("koby-chat .call [role=status]"));
	const lines = (page: Page): Promise<string[]> => page.locator("koby-chat .call [role=log] p").allInnerTexts();
	const sessions = (requests: string[]): string[] =>
		requests.map((url) => new URL(url).pathname).filter((path) => path.startsWith("/conversation/"));
	/** Sound that was sent: for each message whether there was any. */
	function soundSent(page: Page): boolean[] {
		const sent: boolean[] = [];
		page.on("websocket", (socket) =>
			socket.on("framesent", ({ payload }) => {
				const chunk = /"user_audio_chunk":"([^"]*)"/.exec(String(payload))?.[1];
				if (chunk !== undefined) sent.push(!/^A+=*$/.test(chunk));
			}),
		);
		return sent;
	}

	it("tells where the voice goes before it asks for the microphone, talks, is muted, and ends when the agent hangs up", async () => {
		await setInPortal(stage, "config", { privacy_url: "https://www.chadis.com/privacy" });
		const { page, requests, lines: said } = await opened({ client: "10.12.0.2" });
		const sent = soundSent(page);
		const sockets: string[] = [];
		page.on("websocket", (socket) => sockets.push(socket.url()));
		await press(page, "Talk by voice");
		const sheet = page.getByRole("group", { name: "Spoken conversation" });
		expect(await shownText(sheet)).toMatch(/an AI assistant of CHADIS, not with a person.*go to ElevenLabs/s);
		expect(await sheet.getByRole("link", { name: "Privacy" }).getAttribute("href")).toBe(
			"https://www.chadis.com/privacy",
		);
		expect(await sheet.getByRole("button", { name: "Start talking" }).evaluate((it) => it.matches(":focus"))).toBe(
			true,
		);
		expect(await axeFindings(page)).toEqual([]);
		expect(sessions(requests)).toEqual([]);
		await page.keyboard.press("Enter");
		await expect.poll(() => lines(page)).toContainEqual(expect.stringContaining("Assistant: Hello!"));
		expect(await shownText(page.getByRole("timer"))).toMatch(/^0:\d\d \/ 10:00$/);
		expect(await axeFindings(page)).toEqual([]);
		await expect.poll(() => sent.includes(true)).toBe(true);
		await press(page, "Mute");
		expect(await page.getByRole("button", { name: "Mute" }).getAttribute("aria-pressed")).toBe("true");
		// What the microphone has heard before is still on its way.
		await expect.poll(() => sent.slice(-15).includes(true)).toBe(false);
		await press(page, "Mute");
		await expect.poll(() => lines(page), { timeout: 30_000 }).toContainEqual("You: When are you open?");
		await expect.poll(() => status(page), { timeout: 40_000 }).toBe("The conversation has ended.");
		expect(await lines(page)).toContainEqual("Assistant: You are welcome. Goodbye!");
		expect(sockets.map((url) => url.split("?", 1)[0])).toEqual([
			`${stage.origin().replace("http", "ws").replace("localhost", "127.0.0.1")}/v1/convai/conversation`,
		]);
		await expect
			.poll(() => sessions(requests))
			.toContainEqual(expect.stringMatching(/^\/conversation\/session\/[\w-]{36}\/end$/));
		expect(await axeFindings(page)).toEqual([]);
		await press(page, "Back to the chat");
		expect(await page.getByRole("button", { name: "Talk by voice" }).evaluate((it) => it.matches(":focus"))).toBe(true);
		expect(await page.getByRole("textbox", { name: "Your message" }).isVisible()).toBe(true);
		expect(said).toEqual([]);
	});

	it("speaks Spanish, hears by an older way where a policy lets in by nonce alone, and is ended by the visitor", async () => {
		const policy = "script-src 'nonce-once'";
		const { page, requests } = await opened({ locale: "es-MX", policy, client: "10.12.0.3" });
		const sent = soundSent(page);
		await press(page, "Hablar por voz");
		expect(await shownText(page.locator("koby-chat .call"))).toContain(
			"Su voz y lo que se diga se envían a ElevenLabs",
		);
		await press(page, "Empezar a hablar");
		await expect.poll(() => sent.includes(true), { timeout: 20_000 }).toBe(true);
		await press(page, "Terminar la conversación");
		await expect.poll(() => status(page)).toBe("La conversación ha terminado.");
		const count = sent.length;
		await expect.poll(() => sessions(requests).filter((path) => path.endsWith("/end")).length).toBe(1);
		expect(sent.length).toBe(count);
	});

	it("says so when the line breaks, and when the network is gone it holds nothing open", async () => {
		const { page, requests } = await opened({
			client: "10.12.0.4",
			prepare: (there) =>
				there.routeWebSocket(/convai/, (socket) => {
					const server = socket.connectToServer();
					server.onMessage((message) => {
						socket.send(message);
						if (String(message).includes("agent_response")) void socket.close({ code: 1011, reason: "internal" });
					});
				}),
		});
		await press(page, "Talk by voice");
		await press(page, "Start talking");
		await expect.poll(() => status(page)).toBe("Sorry, the connection was lost. You can talk again, or type instead.");
		await expect.poll(() => sessions(requests).filter((path) => path.endsWith("/end")).length).toBe(1);
		await page.context().setOffline(true);
		await press(page, "Talk again");
		await expect.poll(() => status(page)).toBe("You seem to be offline. Please check your connection and try again.");
	});

	it("says when a place is free where all are taken", async () => {
		const headers = { "X-Site-Key": KEY, "CF-Connecting-IP": "10.12.0.5" };
		for (const _ of [1, 2])
			expect((await fetch(`${stage.origin()}/conversation/session`, { method: "POST", headers })).status).toBe(201);
		const { page } = await opened({ client: "10.12.0.5" });
		await press(page, "Talk by voice");
		await press(page, "Start talking");
		await expect
			.poll(() => status(page))
			.toMatch(/^All places for talking are taken right now\. One is free at \d{1,2}:\d\d\s[AP]M at the latest\./);
	});

	it.each<[string, Refusal]>([
		["You can't talk with this assistant by voice at the moment.", [403, "forbidden"]],
		["You can't talk with this assistant by voice at the moment.", [501, "conversation_not_configured"]],
		["Conversations have reached their limit for now.", [429, "quota_exceeded", { "Retry-After": "3600" }]],
		["Sorry, that didn't work just now.", [503, "unavailable", { "Retry-After": "2" }]],
		["Sorry, that didn't work just now.", [502, "no_code_that_is_known"]],
	])("says kindly %j where it is refused: %j", async (words, refusal) => {
		const { page } = await opened({ refusal });
		await press(page, "Talk by voice");
		await press(page, "Start talking");
		await expect.poll(() => status(page)).toContain(words);
		expect(await shownText(page.locator("koby-chat .call"))).not.toContain("Not to be shown");
	});

	it("says kindly that the microphone is refused, before a conversation was asked for", async () => {
		const { page, requests } = await opened({ browser: stage.browser() });
		await page.evaluate(() => {
			navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
		});
		await press(page, "Talk by voice");
		await press(page, "Start talking");
		await expect
			.poll(() => status(page))
			.toContain("The microphone can't be used here. That is fine: you can type instead");
		await page.evaluate(() => {
			navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotFoundError"));
		});
		await press(page, "Talk again");
		await expect.poll(() => status(page)).toBe("No microphone was found. That is fine: you can type instead.");
		expect(sessions(requests)).toEqual([]);
		expect(await axeFindings(page)).toEqual([]);
	});

	it("asks for nothing before the visitor has agreed, and says then what was agreed to", async () => {
		await setInPortal(stage, "config", { consent: "required" });
		const { page, requests } = await opened({ refusal: [503, "unavailable"] });
		await press(page, "Talk by voice");
		await press(page, "Start talking");
		await expect.poll(() => status(page)).toBe("Please go back, read the notice of the chat and agree to it first.");
		expect(sessions(requests)).toEqual([]);
		await press(page, "Back to the chat");
		await press(page, "I agree");
		await press(page, "Talk by voice");
		const asked = page.waitForRequest(
			(request) => request.url().endsWith("/conversation/session") && request.method() === "POST",
		);
		await press(page, "Start talking");
		expect((await asked).headers()).toMatchObject({
			"x-site-key": KEY,
			"x-consent": expect.stringMatching(/^[0-9a-f]{16}$/),
		});
	});

	it("is not offered where words are to be hidden, and what it takes is not fetched", async () => {
		await setInPortal(stage, "config", { privacy: "redact" });
		const { page, requests } = await opened({});
		await page.getByRole("button", { name: "Read aloud" }).waitFor();
		expect(await page.getByRole("button", { name: "Talk by voice" }).count()).toBe(0);
		expect(requests.filter((url) => /\/widget\/(?:call|recorder)/.test(url))).toEqual([]);
	});
}
