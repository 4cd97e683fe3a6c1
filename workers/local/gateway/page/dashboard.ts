import { clientsOf, enginesOf, insightsOf, overviewOf } from "./answers.ts";
import type { Engine, Insights, Overview } from "./answers.ts";
import { conversationsCard, enginesCard, latencyCard, questionsCard, usageCard } from "./cards.ts";
import { chartCard } from "./chart.ts";
import { byId, chosen, el } from "./dom.ts";
import { counted, firstDay, shortDay } from "./format.ts";
import { portal, roleOf } from "./portal.ts";
import type { Role } from "./portal.ts";
import { NoTokens, plainWords } from "./problem.ts";
import { totalsList } from "./totals.ts";

const MAY: Readonly<Record<Role, string>> = {
	member: "A member reads the numbers, the conversations and the settings of their own organization.",
	admin: "An admin also changes engines, settings and knowledge, sees leads and the audit log, and pays.",
	staff: "Koby's staff see every customer, one at a time; each of their writes is in that customer's audit log.",
};

interface Choice {
	role: Role;
	days: number;
}

/** What the portal said of one customer. */
interface Answers {
	overview: Overview;
	insights: Insights;
	engines: Engine[];
}

let loading = new AbortController();

/** Draws the dashboard, and again whenever a control says so. */
export function startDashboard(): void {
	for (const id of ["dashboard-role", "dashboard-days", "dashboard-client"])
		byId(id, HTMLElement).addEventListener("change", () => void load());
	byId("dashboard-refresh", HTMLButtonElement).addEventListener("click", () => void load());
	void load();
}

async function load(): Promise<void> {
	// Only the last choice is drawn.
	loading.abort();
	loading = new AbortController();
	const { signal } = loading;
	const view = byId("dashboard-view", HTMLElement);
	const choice = { role: roleOf(chosen("role")), days: Number(chosen("days")) };
	byId("dashboard-client-field", HTMLElement).hidden = choice.role !== "staff";
	view.setAttribute("aria-busy", "true");
	say("Loading the numbers …");
	try {
		const answers = await ask(choice, signal);
		if (signal.aborted) return;
		view.replaceChildren(...drawn(answers));
		say(
			`${answers.overview.org.name}, ${shortDay(answers.insights.from)} to ${shortDay(answers.insights.to)} (UTC), seen by ${answers.overview.userId}. ${MAY[choice.role]}`,
		);
	} catch (error) {
		if (signal.aborted) return;
		view.replaceChildren();
		byId("dashboard-controls", HTMLElement).hidden = error instanceof NoTokens;
		say(plainWords(error), true);
	}
	view.setAttribute("aria-busy", "false");
}

async function ask({ role, days }: Choice, signal: AbortSignal): Promise<Answers> {
	const query = new URLSearchParams(role === "staff" ? { orgId: await clientOf(signal) } : {});
	const get = (page: string, more: Record<string, string> = {}): Promise<unknown> =>
		portal(`${page}?${new URLSearchParams([...query, ...Object.entries(more)])}`, role, signal);
	// The first call brings the token, which the others then share.
	const overview = overviewOf(await get("overview"));
	const [insights, engines] = await Promise.all([
		get("insights", { from: firstDay(days, Date.now()) }),
		get("engines"),
	]);
	return { overview, insights: insightsOf(insights), engines: enginesOf(engines) };
}

/** The customer that staff chose; the list of them comes with the first look at it. */
async function clientOf(signal: AbortSignal): Promise<string> {
	const select = byId("dashboard-client", HTMLSelectElement);
	if (select.options.length === 0) {
		const clients = clientsOf(await portal("clients?limit=100", "staff", signal));
		select.replaceChildren(...clients.map(({ id, name, plan }) => el("option", { value: id }, `${name} (${plan})`)));
	}
	return select.value;
}

function drawn({ overview, insights, engines }: Answers): HTMLElement[] {
	const { totals, previous, daily, latency, topQuestions, unanswered } = insights;
	return [
		el(
			"p",
			{ class: "muted" },
			`Today: ${counted(overview.today.sessions, "session")}, ${counted(overview.today.messages, "message")}. Changes are against the ${counted(insights.days, "day")} before.`,
		),
		totalsList(totals, previous),
		el(
			"div",
			{ class: "cards" },
			chartCard(
				"bars",
				daily.map(({ date, sessions }) => ({ date, value: sessions })),
				{ title: "Sessions by day", noun: "session" },
			),
			chartCard(
				"line",
				daily.map(({ date, messages }) => ({ date, value: messages })),
				{ title: "Messages by day", noun: "message" },
			),
			usageCard(overview),
			el(
				"div",
				{ class: "column" },
				latencyCard(latency),
				questionsCard("Asked most", topQuestions, ({ asked }) => asked, "No question has been asked yet."),
			),
			el(
				"div",
				{ class: "column" },
				questionsCard(
					"Not answered",
					unanswered,
					(question) => question.unanswered,
					"Every question so far found an answer.",
				),
				conversationsCard(overview.conversations),
			),
			enginesCard(engines),
		),
	];
}

function say(text: string, isFault = false): void {
	const status = byId("dashboard-status", HTMLElement);
	status.textContent = text;
	status.classList.toggle("fault", isFault);
}
