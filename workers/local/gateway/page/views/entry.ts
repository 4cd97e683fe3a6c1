import { number, object, text, textOrNull } from "../api/read.ts";
import { button, field, form, input, note, row, textarea } from "../dom/parts.ts";
import { el } from "../dom/dom.ts";
import type { Context } from "../frame/view.ts";

const MAX_TITLE_CHARS = 200;
const MAX_BODY_CHARS = 50_000;
const MAX_URL_CHARS = 500;

interface Entry {
	/** "" = it is new */
	id: string;
	kind: string;
	title: string;
	body: string;
	/** "" = none */
	sourceUrl: string;
	version: number;
}

const NEW: Entry = { id: "", kind: "article", title: "", body: "", sourceUrl: "", version: 0 };

/** An article or answer whole, to be read, or changed by who may. @param id `new` for one that is not there yet */
export function showEntry(place: HTMLElement, context: Context, id: string): void {
	void context.attempt(async () => {
		const entry = id === "new" ? NEW : entryOf(await context.api.get(`knowledge/${id}`));
		if (!context.signal.aborted) draw(place, context, entry);
	});
}

function entryOf(answer: Parameters<typeof object>[0]): Entry {
	const from = object(answer, "entry");
	return {
		id: text(from, "id"),
		kind: text(from, "kind"),
		title: text(from, "title"),
		body: text(from, "body"),
		sourceUrl: textOrNull(from, "source_url") ?? "",
		version: number(from, "version"),
	};
}

function draw(place: HTMLElement, context: Context, entry: Entry): void {
	const { go, mayWrite } = context;
	const back = button("All knowledge", () => go("knowledge"), "quiet");
	const shown = mayWrite
		? [editor(context, entry)]
		: [el("h3", {}, entry.title), el("p", { class: "text" }, entry.body), note("An admin can change it.")];
	place.replaceChildren(back, ...shown);
}

function editor({ api, attempt, go }: Context, entry: Entry): HTMLFormElement {
	const title = input(entry.title, MAX_TITLE_CHARS, { required: "" });
	const body = textarea(entry.body, 7, MAX_BODY_CHARS);
	const source = input(entry.sourceUrl, MAX_URL_CHARS, { type: "url" });
	const done = (said: string): void => go("knowledge", "", said);
	const save = (): Promise<void> =>
		attempt(async () => {
			const changed = { kind: entry.kind, title: title.value, body: body.value, source_url: source.value || null };
			if (entry.id === "") await api.send("POST", "knowledge", changed);
			else await api.send("PUT", `knowledge/${entry.id}`, changed, entry.version);
			done(`“${title.value}” is saved, and found from now on.`);
		});
	const remove = (): Promise<void> =>
		attempt(async () => {
			await api.send("DELETE", `knowledge/${entry.id}`, undefined, entry.version);
			done(`“${entry.title}” is removed, and not found any more.`);
		});
	const more = entry.id === "" ? [] : [row(button("Remove it", () => void remove(), "danger"))];
	const isAnswer = entry.kind === "answer";
	return form(
		"Save",
		save,
		field(isAnswer ? "Question" : "Title", title),
		field(isAnswer ? "Answer, given word for word" : "Text", body),
		field("Where visitors can read more", source, "Shown as the source. It may be left empty."),
		...more,
	);
}
