import type { Conversation, Engine, Insights, Overview, Question, Usage } from "./answers.ts";
import { el, svg } from "./dom.ts";
import { count, counted, duration, percent, shortDay, shortInstant } from "./format.ts";

const SHOWN_QUESTIONS = 6;
/** A visitor's name is shortened to so many digits. */
const SHOWN_DIGITS = 6;

function card(title: string, ...content: HTMLElement[]): HTMLElement {
	return el("section", { class: "card" }, el("h3", {}, title), ...content);
}

function wide(made: HTMLElement): HTMLElement {
	made.classList.add("wide");
	return made;
}

function note(text: string): HTMLElement {
	return el("p", { class: "muted" }, text);
}

/** How long answers take, and how that spreads. */
export function latencyCard(latency: Insights["latency"]): HTMLElement {
	const longest = Math.max(1, ...latency.map(({ ms }) => ms ?? 0));
	if (latency.every(({ ms }) => ms === null)) return card("Time to an answer", note("No answer in these days."));
	const meaning: Record<string, string> = { p50: "half of all", p95: "95 of 100", p99: "99 of 100" };
	const rows = latency.map(({ name, ms }) =>
		el(
			"div",
			{},
			el("dt", {}, el("b", {}, name), ` ${meaning[name] ?? ""} within`),
			el("dd", {}, bar((ms ?? 0) / longest), el("span", { class: "number" }, duration(ms))),
		),
	);
	return card("Time to an answer", el("dl", { class: "spread" }, ...rows));
}

/** @param part 0 to 1 */
function bar(part: number): SVGElement {
	return svg(
		"svg",
		{ viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" },
		svg("rect", { class: "rest", width: 100, height: 4 }),
		svg("rect", { class: "bar", width: part * 100, height: 4 }),
	);
}

/** What was used of the plan in this month. */
export function usageCard({ org, messages, voiceCharacters }: Overview): HTMLElement {
	const rows = el(
		"div",
		{ class: "usages" },
		usageRow("usage-messages", "Messages", messages),
		usageRow("usage-voice", "Voice characters", voiceCharacters),
	);
	return wide(
		card(
			"Usage of the plan",
			note(
				`Plan: ${org.plan}. Customer: ${org.status}. The month's count begins anew on ${shortDay(messages.resetsAt)}.`,
			),
			rows,
		),
	);
}

function usageRow(id: string, name: string, { used, limit }: Usage): HTMLElement {
	if (limit === null)
		return el(
			"div",
			{ class: "usage" },
			el("p", {}, name, el("span", { class: "number" }, `${count(used)}, no limit`)),
		);
	const text = `${count(used)} of ${count(limit)} (${percent(used, limit)})`;
	return el(
		"div",
		{ class: "usage" },
		el("label", { for: id }, name, el("span", { class: "number" }, text)),
		el("progress", { id, max: limit, value: Math.min(used, limit) }, text),
	);
}

export function questionsCard(
	title: string,
	questions: Question[],
	numberOf: (question: Question) => number,
	empty: string,
): HTMLElement {
	if (questions.length === 0) return card(title, note(empty));
	const rows = questions
		.slice(0, SHOWN_QUESTIONS)
		.map((question) =>
			el("li", {}, el("span", {}, question.question), el("span", { class: "number" }, `${count(numberOf(question))}×`)),
		);
	return card(title, el("ol", { class: "questions" }, ...rows));
}

export function conversationsCard(conversations: Conversation[]): HTMLElement {
	const title = "Latest conversations";
	if (conversations.length === 0) return card(title, note("Nobody has talked to a live engine yet."));
	const rows = conversations.map(({ engine, visitor, startedAt, messages }) =>
		el(
			"li",
			{},
			el("span", {}, el("b", {}, shortInstant(startedAt)), ` visitor ${visitor.slice(0, SHOWN_DIGITS)}`),
			el("span", { class: "muted" }, engine),
			el("span", { class: "number" }, counted(messages, "message")),
		),
	);
	return card(title, el("ol", { class: "conversations" }, ...rows), note("Times are UTC."));
}

export function enginesCard(engines: Engine[]): HTMLElement {
	const title = "Engines";
	if (engines.length === 0) return wide(card(title, note("This customer has no engine yet.")));
	const names = ["Engine", "Environment", "Status", "Site key", "Last active (UTC)", "Sessions", "Messages"];
	const head = names.map((name, index) => el("th", { scope: "col", class: index > 4 ? "number" : "" }, name));
	const body = el("tbody", {}, ...engines.map(engineRow));
	const table = el("table", {}, el("thead", {}, el("tr", {}, ...head)), body);
	const made = card(
		title,
		el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Engines, table" }, table),
		note(
			"Of the last 30 days. The totals count live engines; the chat and the voice of this page are CHADIS’ test engine, which counts in its own row and in the plan’s usage.",
		),
	);
	return wide(made);
}

function engineRow({
	name,
	type,
	status,
	environment,
	siteKey,
	lastActiveAt,
	sessions,
	messages,
}: Engine): HTMLElement {
	return el(
		"tr",
		{},
		el("th", { scope: "row" }, name, el("span", { class: "muted" }, ` ${type}`)),
		el("td", {}, environment),
		el("td", {}, el("span", { class: `tag ${status}` }, status)),
		el("td", {}, el("code", {}, siteKey)),
		el("td", {}, lastActiveAt === null ? "never" : shortInstant(lastActiveAt)),
		el("td", { class: "number" }, count(sessions)),
		el("td", { class: "number" }, count(messages)),
	);
}
