import { list, text, textOrNull } from "../api/read.ts";
import type { Fields } from "../api/read.ts";
import { el } from "../dom/dom.ts";
import { fill, whenChanged } from "../dom/fill.ts";
import { clock } from "../dom/format.ts";
import { button, note } from "../dom/parts.ts";
import { repeat } from "../frame/repeat.ts";
import { WRITERS } from "../frame/view.ts";
import type { Context, View } from "../frame/view.ts";

const SHOWN = "25";

export const leads: View = { id: "leads", title: "Leads", roles: WRITERS, show };

interface Lead {
	id: string;
	name: string | null;
	email: string;
	message: string | null;
	at: string;
	sessionId: string | null;
}

function show(place: HTMLElement, context: Context): void {
	const rows = el("ul", { class: "rows", "aria-label": "Leads" });
	place.replaceChildren(
		note("Visitors who want to be written to. The chat offers it when it has no answer, or at any time from its menu."),
		rows,
	);
	const draw = whenChanged((found: Lead[]) => fill(rows, ...found.map((lead) => rowOf(lead, context, again))));
	const again = repeat(place, context, async () =>
		draw(list(await context.api.get("leads", { limit: SHOWN }), "leads", leadOf)),
	);
}

function leadOf(from: Fields): Lead {
	return {
		id: text(from, "id"),
		name: textOrNull(from, "name"),
		email: text(from, "email"),
		message: textOrNull(from, "message"),
		at: text(from, "created_at"),
		sessionId: textOrNull(from, "session_id"),
	};
}

function rowOf({ id, name, email, message, at, sessionId }: Lead, context: Context, again: () => void): HTMLElement {
	const erase = (): void =>
		void context.attempt(async () => {
			await context.api.send("DELETE", `leads/${id}`);
			context.tell(`The address of ${name ?? "the visitor"} is erased.`);
			again();
		});
	const words =
		sessionId === null
			? []
			: [el("a", { href: `#/conversations/${sessionId}`, "data-key": `c${id}` }, "The conversation")];
	return el(
		"li",
		{},
		el(
			"div",
			{},
			el("span", { class: "begins" }, name ?? email),
			el("span", { class: "quiet" }, name === null ? "" : email),
			...(message === null ? [] : [el("p", {}, message)]),
			...words,
		),
		el(
			"div",
			{ class: "aside" },
			el("time", { datetime: at }, clock(at, Date.now())),
			button("Erase", erase, "danger", id),
		),
	);
}
