import { list, number, numberOrNull, object, text, textOrNull } from "../api/read.ts";
import type { Fields } from "../api/read.ts";
import { el } from "../dom/dom.ts";
import { fill, whenChanged } from "../dom/fill.ts";
import { count, percent, shortDay } from "../dom/format.ts";
import { button, card, note, row } from "../dom/parts.ts";
import { repeat } from "../frame/repeat.ts";
import { EVERYONE } from "../frame/view.ts";
import type { Context, View } from "../frame/view.ts";

/** With these a customer's engines answer nobody. */
const OFF = ["churned", "inactive"];

export const billing: View = { id: "billing", title: "Billing", roles: EVERYONE, show };

function show(place: HTMLElement, context: Context): void {
	const drawn = el("div", { class: "stack" });
	place.replaceChildren(drawn);
	const outcome = new URLSearchParams(location.search).get("checkout");
	if (outcome !== null) {
		history.replaceState(null, "", `/${location.hash}`);
		context.tell(outcome === "success" ? "Paid. This is the plan from now on." : "Nothing was bought.");
	}
	const draw = whenChanged((answer: Fields) => {
		fill(drawn, planCard(answer, context), usageCard(object(answer, "usage")), offers(answer, context));
		// The plan stands above the tabs as well.
		void context.attempt(context.refresh);
	});
	repeat(place, context, async () => draw(await context.api.get("billing")));
}

function planCard(answer: Fields, context: Context): HTMLElement {
	const ends = textOrNull(answer, "cancel_at");
	const renews = textOrNull(answer, "current_period_end");
	const status = text(answer, "status");
	const renewal = renews === null ? "" : ` Renews on ${shortDay(renews)}.`;
	const goesOn = ends === null ? renewal : ` Ends on ${shortDay(ends)}.`;
	const when = OFF.includes(status) ? " The chat is off the website until a plan is bought." : goesOn;
	const manage = (): void => void open(context, "billing/portal", {});
	return card(
		`Plan: ${text(object(answer, "plan"), "name")}`,
		note(`${capital(status.replace("_", " "))}.${when}`),
		...(answer.can_manage === true ? [row(button("Manage the subscription", manage, "quiet"))] : []),
	);
}

function capital(words: string): string {
	return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The page on which is paid or cancelled; it comes back here. */
function open({ api, attempt }: Context, path: string, body: object): Promise<void> {
	return attempt(async () => location.assign(text(await api.send("POST", path, body), "url")));
}

function usageCard(usage: Fields): HTMLElement {
	const rows = [
		["Messages", object(usage, "messages")],
		["Voice characters", object(usage, "voice_characters")],
	] as const;
	return card(
		"Used this month",
		...rows.map(([name, one]) => usageRow(name, number(one, "used"), numberOrNull(one, "limit"))),
	);
}

function usageRow(name: string, used: number, limit: number | null): HTMLElement {
	if (limit === null) return note(`${name}: ${count(used)}, no limit`);
	const words = `${count(used)} of ${count(limit)} (${percent(used, limit)})`;
	return el(
		"label",
		{ class: "usage" },
		el("span", {}, name, el("span", { class: "number" }, words)),
		el("progress", { max: limit, value: Math.min(used, limit) }, words),
	);
}

function offers(answer: Fields, context: Context): HTMLElement {
	const current = text(object(answer, "plan"), "id");
	const mayBuy = answer.can_checkout === true;
	const plans = list(answer, "plans", (from) => from).map((plan) => offer(plan, context, { current, mayBuy }));
	const why = mayBuy ? [] : [note(whyNot(context, answer.can_manage === true))];
	return el("section", { class: "stack" }, el("h3", {}, "Plans"), el("ul", { class: "offers" }, ...plans), ...why);
}

function whyNot({ role }: Context, canManage: boolean): string {
	if (canManage) return "A subscription runs: it is changed by “Manage the subscription”.";
	return role === "admin" ? "This plan was arranged with Koby." : "An admin of the customer’s own can buy a plan.";
}

function offer(plan: Fields, context: Context, { current, mayBuy }: { current: string; mayBuy: boolean }): HTMLElement {
	const name = text(plan, "name");
	const buy = (): void => void open(context, "billing/checkout", { plan: text(plan, "id") });
	const has = [
		limitOf(numberOrNull(plan, "monthly_messages"), "messages"),
		limitOf(numberOrNull(plan, "monthly_voice_characters"), "voice characters"),
	];
	const isCurrent = text(plan, "id") === current;
	return el(
		"li",
		{ class: isCurrent ? "card current" : "card" },
		el("h4", {}, name, ...(isCurrent ? [el("span", { class: "tag" }, "current")] : [])),
		note(has.join(", ")),
		...(mayBuy && plan.available === true ? [button(`Choose ${name}`, buy)] : []),
		...(plan.available === true ? [] : [note("Arranged with Koby.")]),
	);
}

function limitOf(limit: number | null, noun: string): string {
	return limit === null ? `${noun} without limit` : `${count(limit)} ${noun} a month`;
}
