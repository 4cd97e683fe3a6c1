import type { Browser, Page } from "playwright-core";
import { openPage } from "../browser.ts";
import type { Stage } from "../browser.ts";

type Options = Parameters<Browser["newContext"]>[0];

/** Something that a visitor may see of the widget. */
export interface State {
	name: string;
	options?: Options;
	/** What of the configuration is otherwise than the server says. */
	config?: Record<string, unknown>;
	/** Brings it about, once the chat is open. */
	reach?(page: Page): Promise<unknown>;
}

const field = (page: Page) => page.locator("koby-chat .composer textarea");
const bots = (page: Page) => page.locator("koby-chat .log .message.bot");

async function send(page: Page, text: string): Promise<void> {
	await field(page).fill(text);
	await page.keyboard.press("Enter");
}

/** Has the next questions answered so. */
async function answerWith(page: Page, response: string, more: Record<string, unknown> = {}): Promise<void> {
	const done = { response, session_id: null, message_id: crypto.randomUUID(), finish: "stop", sources: [], ...more };
	await page.route("**/chat/", (route) =>
		route.fulfill({
			headers: { "content-type": "text/event-stream", "access-control-allow-origin": "*" },
			body: `event: done\ndata: ${JSON.stringify(done)}\n\n`,
		}),
	);
}

function answered(question: string, response: string, more: Record<string, unknown> = {}) {
	return async (page: Page): Promise<void> => {
		await answerWith(page, response, more);
		await send(page, question);
		await bots(page).nth(1).waitFor();
	};
}

/** Has the next answer begin so and never end; a route can only answer whole. */
async function answerForever(page: Page, text: string): Promise<void> {
	const begun = `event: delta\ndata: ${JSON.stringify({ text })}\n\n`;
	await page.evaluate((event) => {
		const body = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode(event)) });
		const answer = new Response(body, { headers: { "content-type": "text/event-stream" } });
		const own = fetch;
		globalThis.fetch = (input, init) => (init?.method === "POST" ? Promise.resolve(answer) : own(input, init));
	}, begun);
}

function refused(code: string, headers: Record<string, string> = {}) {
	return async (page: Page): Promise<void> => {
		const error = { code, message: "The practice has reached its limit for today.", request_id: "r" };
		await page.route("**/chat/", (route) =>
			route.fulfill({
				status: 429,
				headers: { "access-control-allow-origin": "*", "access-control-expose-headers": "Retry-After", ...headers },
				json: { error },
			}),
		);
		await send(page, "Can my son have an appointment on Friday?");
		await page.locator("koby-chat .failure").waitFor();
	};
}

const PROSE = `You can fill in the questionnaire **on your phone**, [in your browser](https://www.chadis.com/join). It takes about *fifteen minutes*:

1. Open the link in our e-mail.
2. Answer each question; there is no wrong answer.
   - A question that does not fit may be left out.
3. Press **Send**.

> Your answers go to your clinician alone.

Call (410) 555-0142 or write to help@example.com with \`case 12\`.`;
const TABLE = `These are our hours:

| Day | Morning | Afternoon | By appointment |
| --- | --- | --- | --- |
| Monday | 8–12 | 1–5 | 5–7 |
| Tuesday | 8–12 | closed | 5–7 |
| Wednesday | 8–12 | 1–5 | none |`;
const LONG = Array.from(
	{ length: 12 },
	(_, at) => `## Part ${at + 1}\n\n${"Words that go on for a while. ".repeat(12)}`,
).join("\n\n");
const HELP =
	"I am an automated assistant and cannot help in an emergency. If you are in danger, call [911](tel:911) now. You can call or text the crisis line at [988](tel:988) at any time, by day and night.";
const SOURCES = [
	{
		title: "How to sign up, step by step, with all that a clinic needs to know before",
		url: "https://www.chadis.com/join",
	},
	{ title: "Our hours", url: "" },
];
const PHONE = { hasTouch: true, isMobile: true, viewport: { width: 360, height: 640 } };

export const STATES: readonly State[] = [
	{ name: "light", reach: answered("Can I fill it in on my phone?", PROSE) },
	{ name: "greeting" },
	{ name: "dark", options: { colorScheme: "dark" }, reach: answered("Can I fill it in on my phone?", PROSE) },
	{ name: "forced", options: { forcedColors: "active" }, reach: answered("Can I fill it in on my phone?", PROSE) },
	{ name: "forced-failed", options: { forcedColors: "active" }, reach: refused("model_unavailable") },
	{ name: "phone", options: PHONE, reach: answered("Can I fill it in on my phone?", PROSE) },
	{ name: "phone-320", options: { ...PHONE, viewport: { width: 320, height: 568 } }, reach: answered("Hours?", TABLE) },
	{
		name: "arabic",
		options: { locale: "ar" },
		config: { greeting: "مرحبا! كيف يمكنني مساعدتك؟", suggested_questions: ["ما هي ساعات العمل؟", "كيف أسجل؟"] },
	},
	{ name: "arabic-failed", options: { locale: "ar", ...PHONE }, reach: refused("model_unavailable") },
	{ name: "spanish", options: { locale: "es" }, reach: refused("rate_limited", { "retry-after": "20" }) },
	{ name: "table", reach: answered("When do you open?", TABLE) },
	{ name: "long", reach: answered("Tell me all about it", LONG) },
	{
		name: "stopped",
		async reach(page) {
			await answerForever(page, "Most questionnaires take between five and");
			await send(page, "How long does a questionnaire take?");
			await page.locator("koby-chat .message.bot[aria-hidden] p").waitFor();
			await page.getByRole("button", { name: "Stop" }).click();
		},
	},
	{
		name: "waiting",
		reach: (page) => page.route("**/chat/", () => undefined).then(() => send(page, "Anybody there?")),
	},
	{ name: "failed", reach: refused("model_unavailable") },
	{ name: "quota", reach: refused("quota_exceeded") },
	{
		name: "offline",
		async reach(page) {
			await page.context().setOffline(true);
			await send(page, "Are you there?");
			await page.locator("koby-chat .failure").waitFor();
		},
	},
	{ name: "lead", reach: answered("Who treats ADHD?", "I am sorry, I do not know that.", { unanswered: true }) },
	{
		name: "lead-refused",
		options: PHONE,
		async reach(page) {
			await answered("Who treats ADHD?", "I am sorry, I do not know that.", { unanswered: true })(page);
			const error = { code: "invalid_request", message: "email", request_id: "r" };
			const headers = { "access-control-allow-origin": "*" };
			await page.route("**/chat/leads", (route) => route.fulfill({ status: 400, headers, json: { error } }));
			await page.getByRole("textbox", { name: "E-mail" }).fill("a@b.example");
			await page.keyboard.press("Enter");
			await page.getByRole("alert").filter({ hasText: "check" }).waitFor();
		},
	},
	{
		name: "consent",
		config: {
			consent: "required",
			audience: "adults",
			consent_version: "0123456789abcdef",
			privacy_url: "https://example.com/privacy",
			terms_url: "https://example.com/terms",
		},
	},
	{
		name: "consent-phone",
		options: { ...PHONE, viewport: { width: 320, height: 568 } },
		config: {
			consent: "required",
			audience: "adults",
			consent_version: "0123456789abcdef",
			privacy_url: "https://e.com/p",
		},
	},
	{ name: "safety", reach: answered("I want to die", HELP, { finish: "safety", message_id: null }) },
	{ name: "sources", reach: answered("How do I sign up?", PROSE, { sources: SOURCES }) },
	{
		name: "person",
		config: { widget: { talk_to_person: true, launcher_text: "Ask us", launcher_icon: "question", radius: 4 } },
		reach: (page) => page.getByRole("button", { name: "Talk to a person" }).click(),
	},
	{
		name: "light-brand",
		config: { brand_color: "#ffe14d" },
		reach: answered("How do I sign up?", PROSE, { sources: SOURCES }),
	},
	{
		name: "zoom-400",
		options: { viewport: { width: 320, height: 256 }, deviceScaleFactor: 2 },
		reach: answered("How do I sign up?", PROSE),
	},
	{
		name: "zoom-400-consent",
		options: { viewport: { width: 320, height: 256 }, deviceScaleFactor: 2 },
		config: { consent: "required", consent_version: "0123456789abcdef" },
	},
	{
		name: "undo",
		async reach(page) {
			await answered("How do I sign up?", PROSE)(page);
			await page.getByRole("button", { name: "New conversation" }).click();
		},
	},
];

/** A page with landmarks of its own. */
const BODY = `<header><a href="#top">A practice</a><nav aria-label="Pages"><a href="#hours">Hours</a></nav></header>
	<main id="top"><h1>A customer's page</h1><p>With words of its own.</p><h2 id="hours">Hours</h2><p>Monday to Friday.</p></main>
	<footer><p>At the end.</p></footer>`;

/** A customer's page in that state. */
export async function openState(stage: Stage, { options = {}, config = {}, reach }: State) {
	const watched = await openPage(stage.browser(), options);
	const { page } = watched;
	await page.route("**/chat/config*", async (route) => {
		const response = await route.fetch();
		const body: Record<string, unknown> = await response.json();
		await route.fulfill({ response, json: { ...body, ...config } });
	});
	await page.goto(stage.hostOrigin());
	await page.evaluate((body) => {
		document.body.innerHTML = body;
	}, BODY);
	await page.locator("koby-chat .launcher").click();
	await page.locator("koby-chat .panel").waitFor();
	await reach?.(page);
	return watched;
}
