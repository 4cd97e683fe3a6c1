import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { words as ar } from "../../../../chat/widget/page/languages/words-ar.ts";
import { words as en } from "../../../../chat/widget/page/languages/words-en.ts";
import { pressedApart } from "../browser.ts";
import type { Stage } from "../browser.ts";
import { openState } from "./states.ts";

const SLOW = "How long does a questionnaire take? [[...]]";
const ANSWER = "fifteen minutes";
const SOURCES = [{ title: "Sign up", url: "https://www.chadis.com/join" }];
const LANGUAGES = [
	{ language: "en", words: en, greeting: "Hello and welcome!", notice: "A program answers." },
	{ language: "ar", words: ar, greeting: "مرحبا بكم!", notice: "برنامج يجيب." },
];

/** What a screen reader has of the dialog: roles, names, states, words. */
type Words = typeof en;
const opened = (words: Words, greeting: string, notice: string) => `- dialog "A practice":
  - heading "A practice" [level=2]
  - text: ${words.ai}
  - button "${words.newConversation}"
  - button "${words.closeChat}"
  - group "${words.conversation}":
    - log "${words.messages}":
      - text: "${words.assistant}"
      - paragraph: ${greeting}
    - group "${words.startersLabel}":
      - button "${SLOW}"
  - status
  - group "${words.about}":
    - paragraph: ${notice}
  - text: ${words.yourMessage}
  - textbox "${words.yourMessage}":
    - /placeholder: ${words.placeholder}
  - button "${words.send}"`;

/** The widget by keyboard alone, and what a screen reader makes of it. */
export function walkTests(stage: Stage): void {
	/** What the focus is on, as it is called. */
	const focused = (page: Page): Promise<string> =>
		page.evaluate(() => {
			const element = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
			const label =
				element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element.labels?.[0] : null;
			return element?.getAttribute("aria-label") ?? (label ?? element)?.textContent ?? "";
		});

	async function press(page: Page, key: "Tab" | "Shift+Tab", name: string): Promise<void> {
		const passed: string[] = [];
		for (let presses = 0; presses < 25 && (await focused(page)) !== name; presses++) {
			await page.keyboard.press(key);
			passed.push(await focused(page));
		}
		expect(await focused(page), passed.join(" | ")).toBe(name);
	}

	/** All that live regions announce from now on: what is added to them, unless they are off or hidden just then. */
	async function announcements(page: Page): Promise<() => Promise<string[]>> {
		await page.evaluate(() => {
			const said: string[] = [];
			Object.assign(globalThis, { said });
			const isSaid = (node: Node): boolean => {
				const element = node instanceof Element ? node : node.parentElement;
				const region = element?.closest("[aria-live], [role=log], [role=status], [role=alert]");
				const isOff = (region?.getAttribute("aria-live") ?? "on") === "off";
				return region instanceof Element && !isOff && !element?.closest("[aria-hidden=true], [hidden]");
			};
			const changed = ({ target, addedNodes, type }: MutationRecord): Node[] =>
				isSaid(target) ? (type === "characterData" ? [target] : [...addedNodes]) : [];
			const root = document.querySelector("koby-chat")?.shadowRoot;
			const watch = new MutationObserver((records) => {
				const texts = records
					.flatMap(changed)
					.filter(isSaid)
					.map((node) => node.textContent ?? "");
				said.push(...texts.filter((text) => text !== ""));
			});
			if (root) watch.observe(root, { childList: true, subtree: true, characterData: true });
		});
		return () => page.evaluate(() => [...Reflect.get(globalThis, "said")]);
	}

	it.each(LANGUAGES)(
		"is walked through from launcher to launcher, and says each thing once: $language",
		async (given) => {
			const { language, words, greeting, notice } = given;
			const config = {
				name: "A practice",
				greeting,
				suggested_questions: [SLOW],
				ai_notice: notice,
				privacy_url: null,
			};
			const { page, lines } = await openState(stage, { name: language, options: { locale: language }, config });
			const dialog = page.getByRole("dialog");
			expect(await dialog.ariaSnapshot()).toBe(opened(words, greeting, notice));
			await page.keyboard.press("Escape");
			expect(await focused(page)).toBe(words.openChat);
			await pressedApart();
			await page.keyboard.press("Enter");
			await expect.poll(() => focused(page)).toBe(words.yourMessage);

			const said = await announcements(page);
			await press(page, "Shift+Tab", SLOW);
			await page.keyboard.press("Enter");
			expect(await focused(page)).toBe(words.yourMessage);
			const bots = page.locator("koby-chat .log .message.bot");
			await expect.poll(() => bots.count(), { timeout: 20_000 }).toBe(2);
			expect((await said()).map((text) => text.replace(/^.*fifteen minutes.*$/s, ANSWER))).toEqual([
				`${words.you}${SLOW}`,
				words.sending,
				ANSWER,
			]);

			await answerWithForm(page);
			await page.keyboard.type("Where?");
			await page.keyboard.press("Enter");
			await expect.poll(() => bots.count()).toBe(3);
			expect((await said()).slice(3)).toEqual([
				`${words.you}Where?`,
				words.sending,
				expect.stringMatching(new RegExp(`^${words.assistant}.*Sign up`)),
				words.leadHint,
			]);
			expect(await bots.last().ariaSnapshot()).toBe(`- text: "${words.assistant}"
- paragraph: I do not know that.
- text: ${words.sources}
- list:
  - listitem:
    - link "Sign up":
      - /url: ${SOURCES[0]?.url}
- button "${words.goodAnswer}"
- button "${words.badAnswer}"`);
			// Backwards from the field: the form stands between it and the answer.
			await press(page, "Shift+Tab", words.leadEmail);
			await press(page, "Shift+Tab", words.badAnswer);
			await press(page, "Shift+Tab", words.goodAnswer);
			await page.keyboard.press("Space");
			await expect
				.poll(() => bots.last().getByRole("button", { name: words.goodAnswer, pressed: true }).count())
				.toBe(1);
			await press(page, "Shift+Tab", "Sign up");
			await press(page, "Tab", words.leadEmail);
			await page.keyboard.type("walk@example.com");
			await page.keyboard.press("Enter");
			await expect.poll(() => said()).toContain(words.leadThanks);
			expect(await focused(page)).toBe(words.yourMessage);
			await page.keyboard.press("Escape");
			expect(await dialog.count()).toBe(0);
			expect(await focused(page)).toBe(words.openChat);
			expect(lines).toEqual([]);
		},
	);
}

/** The next answer has a source, and cannot help: so it can be rated, and a form is offered. */
async function answerWithForm(page: Page): Promise<void> {
	const headers = { "access-control-allow-origin": "*" };
	const done = {
		response: "I do not know that.",
		session_id: null,
		message_id: crypto.randomUUID(),
		finish: "stop",
		unanswered: true,
		sources: SOURCES,
	};
	await page.route("**/chat/", (route) =>
		route.fulfill({
			headers: { ...headers, "content-type": "text/event-stream" },
			body: `event: done\ndata: ${JSON.stringify(done)}\n\n`,
		}),
	);
	for (const path of ["**/chat/feedback", "**/chat/leads"])
		await page.route(path, (route) =>
			route.fulfill({ status: route.request().method() === "OPTIONS" ? 204 : 200, headers, json: {} }),
		);
}
