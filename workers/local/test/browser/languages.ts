import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isObject } from "../../../lib/http/json.ts";
import { rows } from "../local-run.ts";
import { axeFindings, openPage, shownText } from "./browser.ts";
import type { Stage } from "./browser.ts";
import { setInPortal } from "./settings.ts";
import { dialog } from "./widget.ts";

const UNSET = { translations: null, ai_notice: null, consent: null, audience: null, locale: null };

/** How the launcher and the field are called, and what direction the panel has. */
const NAMES = {
	en: ["Open chat", "Your message", "ltr"],
	es: ["Abrir el chat", "Su mensaje", "ltr"],
	fr: ["Ouvrir le chat", "Votre message", "ltr"],
	de: ["Chat öffnen", "Ihre Nachricht", "ltr"],
	pt: ["Abrir o chat", "Sua mensagem", "ltr"],
	it: ["Apri la chat", "Il suo messaggio", "ltr"],
	nl: ["Chat openen", "Uw bericht", "ltr"],
	pl: ["Otwórz czat", "Treść wiadomości", "ltr"],
	zh: ["打开聊天窗口", "您的消息", "ltr"],
	ar: ["فتح الدردشة", "رسالتك", "rtl"],
} as const;
type Language = keyof typeof NAMES;
const LANGUAGES = Object.entries(NAMES).map(([language, [open, field, direction]]) => ({
	language,
	open,
	field,
	direction,
}));

/** The widget in the language of whoever comes. */
export function languageTests(stage: Stage): void {
	const set = (changes: Record<string, unknown>) => setInPortal(stage, "config", changes);
	beforeEach(() => set(UNSET));
	afterEach(() => set(UNSET));

	/** A customer's page as a visitor sees it whose browser speaks a language, with the chat open. */
	async function opened(locale: string, language: Language, prepare?: (page: Page) => Promise<unknown>) {
		const watched = await openPage(stage.browser(), { locale });
		const { page } = watched;
		await prepare?.(page);
		await page.goto(stage.hostOrigin());
		// The launcher is there before its words are.
		const launcher = page.locator("koby-chat .launcher");
		await launcher.click();
		await dialog(page).waitFor();
		expect(await page.getByRole("textbox", { name: NAMES[language][1] }).count()).toBe(1);
		expect(await dialog(page).getAttribute("lang")).toMatch(new RegExp(`^${language}\\b`));
		return watched;
	}

	const wordFiles = (requests: string[]) =>
		requests.flatMap((url) => /\/widget\/words-(\w+)\.\w+\.js$/.exec(url)?.[1] ?? []);
	const ask = async (page: Page, language: Language, text: string): Promise<void> => {
		await page.getByRole("textbox", { name: NAMES[language][1] }).fill(text);
		await page.keyboard.press("Enter");
		await expect.poll(() => page.locator("koby-chat .log .message.bot").count(), { timeout: 20_000 }).toBe(2);
	};

	it.each(LANGUAGES)(
		"is $language where the browser is, with its words fetched once and no others",
		async (expected) => {
			const { language, open, field, direction } = expected;
			const { page, requests, lines } = await openPage(stage.browser(), { locale: language });
			await page.goto(stage.hostOrigin());
			await page.getByRole("button", { name: open, exact: true }).click();
			expect(await page.getByRole("textbox", { name: field, exact: true }).getAttribute("placeholder")).toMatch(/…$/);
			expect(await dialog(page).getAttribute("lang")).toBe(language);
			expect(await dialog(page).getAttribute("dir")).toBe(direction);
			expect(wordFiles(requests)).toEqual([language]);
			expect(lines).toEqual([]);
		},
	);

	it("greets in it where the customer has a greeting in it, and is clean for axe with all that it may show", async () => {
		const translations = {
			es: { greeting: "¡Hola, familia!", suggested_questions: ["¿Qué es CHADIS?"] },
			ar: { greeting: "أهلًا وسهلًا!", suggested_questions: ["ما هو CHADIS؟"] },
		};
		await set({ translations, consent: "required", audience: "adults" });
		for (const [locale, language, question, agree] of [
			["es-MX", "es", "¿Qué es CHADIS?", "Acepto y tengo 18 años o más"],
			["ar-EG", "ar", "ما هو CHADIS؟", "أوافق، وعمري 18 عامًا أو أكثر"],
		] as const) {
			const { page } = await opened(locale, language);
			expect(await shownText(dialog(page))).toContain(translations[language].greeting);
			expect(await axeFindings(page)).toEqual([]);
			await page.getByRole("button", { name: agree, exact: true }).click();
			await page.getByRole("button", { name: question }).click();
			await expect.poll(() => page.locator("koby-chat .log .message.bot").count(), { timeout: 20_000 }).toBe(2);
			expect(await axeFindings(page)).toEqual([]);
		}
	});

	it("takes what was agreed to in it, and keeps which text that was", async () => {
		await set({ consent: "required" });
		const { page } = await opened("es-MX", "es");
		expect(await shownText(page.getByRole("group", { name: "Acerca de este chat" }))).toContain(
			"Asistente de IA de CHADIS. No es una persona ni da consejos médicos.",
		);
		await page.getByRole("button", { name: "Acepto", exact: true }).click();
		await ask(page, "es", "¿De acuerdo?");
		const query = "site_key=sk_chadis_test_abc123&language=es";
		const config: unknown = await (await fetch(`${stage.origin()}/chat/config?${query}`)).json();
		const sql =
			"SELECT s.consents ->> '$[0][0]' AS version FROM chat_sessions s JOIN chat_messages m ON m.session_id = s.id WHERE m.content = '¿De acuerdo?'";
		await expect
			.poll(() => rows(stage.folder, sql))
			.toEqual([{ version: isObject(config) ? config["consent_version"] : "" }]);
	});

	it("is the page's choice before the browser's, and the organization's where neither is one of ours", async () => {
		const choose = (page: Page) => page.addInitScript("window.kobySettings = { language: 'fr-CA' }");
		const chosen = await opened("es-MX", "fr", choose);
		expect(wordFiles(chosen.requests)).toEqual(["fr"]);
		await set({ locale: "de-CH" });
		const { page } = await opened("ja-JP", "de");
		expect(await dialog(page).getAttribute("lang")).toBe("de-CH");
	});

	it("goes back to English with a page that does", async () => {
		const { page, requests } = await opened("es-MX", "es");
		await page.evaluate(() => {
			const tag = document.querySelector<HTMLScriptElement>("script[data-site-key]");
			Reflect.get(globalThis, "koby").destroy();
			Object.assign(globalThis, { kobySettings: { language: "en" } });
			const again = document.createElement("script");
			Object.assign(again.dataset, tag?.dataset);
			again.src = tag?.src ?? "";
			document.body.append(again);
		});
		await page.getByRole("button", { name: "Open chat" }).click();
		// One, and once its words are there.
		await page.getByRole("textbox", { name: NAMES.en[1] }).waitFor();
		expect(wordFiles(requests)).toEqual(["es", "en"]);
	});

	it("is told to the server, for its own texts", async () => {
		const { page } = await opened("pl-PL", "pl");
		const sent = page.waitForRequest((request) => request.method() === "POST");
		await ask(page, "pl", "Dzień dobry");
		expect((await sent).postDataJSON()).toMatchObject({ message: "Dzień dobry", language: "pl" });
	});

	it("is English throughout where its words cannot be had, what is agreed to included", async () => {
		await set({ consent: "required" });
		const { page } = await opened("es-MX", "en", (there) => there.route("**/words-es.*", (route) => route.abort()));
		expect(await shownText(dialog(page))).toContain("AI assistant of CHADIS.");
		await page.getByRole("button", { name: "I agree", exact: true }).click();
		await ask(page, "en", "Agreed in English?");
	});

	it("puts a panel from right to left beside the launcher, and each text in its own direction", async () => {
		const { page } = await opened("ar", "ar");
		const field = page.getByRole("textbox", { name: NAMES.ar[1] });
		const direction = () => field.evaluate((element) => getComputedStyle(element).direction);
		expect(await direction()).toBe("rtl");
		await field.fill("Hello");
		expect(await direction()).toBe("ltr");
		await ask(page, "ar", "Hello, in English (please)!");
		const sides = await page.locator("koby-chat").evaluate(({ shadowRoot }) => {
			const right = (selector: string) => shadowRoot?.querySelector(selector)?.getBoundingClientRect().right;
			const words = shadowRoot?.querySelector(".visitor p");
			return {
				panel: right(".panel"),
				launcher: right(".launcher"),
				words: words ? getComputedStyle(words).direction : "",
			};
		});
		expect(sides.panel).toBe(sides.launcher);
		expect(sides.words).toBe("ltr");
	});
}
