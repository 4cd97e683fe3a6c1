import { list, text } from "../api/read.ts";
import type { Fields } from "../api/read.ts";
import { el } from "../dom/dom.ts";
import { fill, whenChanged } from "../dom/fill.ts";
import { button, note, row } from "../dom/parts.ts";
import { EVERYONE } from "../frame/view.ts";
import type { Context, View } from "../frame/view.ts";
import { showEntry } from "./entry.ts";
import { tryQuestion } from "./try-question.ts";

const SHOWN = "100";

export const knowledge: View = {
	id: "knowledge",
	title: "Knowledge",
	roles: EVERYONE,
	show(place, context, detail) {
		if (detail === "") showList(place, context);
		else showEntry(place, context, detail);
	},
};

interface Entry {
	id: string;
	title: string;
	excerpt: string;
	kind: string;
}

function showList(place: HTMLElement, context: Context): void {
	const { api, attempt, go, mayWrite } = context;
	const rows = el("ul", { class: "rows", "aria-label": "Articles and answers" });
	const add = mayWrite ? [row(button("New article", () => go("knowledge", "new")))] : [];
	place.replaceChildren(
		note("What the assistant answers from. A change is found with the next question."),
		tryQuestion(context),
		...add,
		rows,
	);
	const draw = whenChanged((entries: Entry[]) => fill(rows, ...entries.map(rowOf)));
	void attempt(async () => draw(list(await api.get("knowledge", { limit: SHOWN }), "entries", entryOf)));
}

function entryOf(from: Fields): Entry {
	return { id: text(from, "id"), title: text(from, "title"), excerpt: text(from, "excerpt"), kind: text(from, "kind") };
}

function rowOf({ id, title, excerpt, kind }: Entry): HTMLElement {
	return el(
		"li",
		{},
		el(
			"a",
			{ href: `#/knowledge/${id}`, "data-key": id },
			el("span", { class: "begins" }, title),
			el("span", { class: "quiet one-line" }, excerpt),
		),
		el("span", { class: "tag" }, kind === "answer" ? "word for word" : "article"),
	);
}
