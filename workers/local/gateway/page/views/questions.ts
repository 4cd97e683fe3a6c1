import { list, number, text, textOrNull } from "../api/read.ts";
import type { Fields } from "../api/read.ts";
import { el } from "../dom/dom.ts";
import { fill, whenChanged } from "../dom/fill.ts";
import { count } from "../dom/format.ts";
import { button, field, form, input, note, textarea } from "../dom/parts.ts";
import { repeat } from "../frame/repeat.ts";
import { EVERYONE } from "../frame/view.ts";
import type { Context, View } from "../frame/view.ts";

const MAX_ANSWER_CHARS = 2000;
const MAX_URL_CHARS = 500;

export const questions: View = {
	id: "questions",
	title: "Unanswered",
	roles: EVERYONE,
	show(place, context, detail) {
		if (detail === "") showList(place, context);
		else showForm(place, context, decodeURIComponent(detail));
	},
};

interface Question {
	/** As it is counted, without case and marks. */
	key: string;
	wording: string;
	times: number;
}

function showList(place: HTMLElement, context: Context): void {
	const rows = el("ul", { class: "rows", "aria-label": "Unanswered questions" });
	const none = note("Every question has had an answer.");
	none.hidden = true;
	place.replaceChildren(
		note("What visitors asked and the assistant could not answer. Your answer is given from then on, word for word."),
		rows,
		none,
	);
	const draw = whenChanged((found: Question[]) => {
		none.hidden = found.length > 0;
		fill(rows, ...found.map((question) => rowOf(question, context)));
	});
	repeat(place, context, async () => draw(await openQuestions(context)));
}

/** Of the live website, and of the one on this page, which counts for itself. */
async function openQuestions({ api, org }: Context): Promise<Question[]> {
	const asked: Record<string, string>[] = [{}];
	if (org.engine !== undefined) asked.unshift({ engine_id: org.engine.id });
	const answers = await Promise.all(asked.map((query) => api.get("insights", query)));
	const found = new Map<string, Question>();
	for (const question of answers.flatMap((answer) => list(answer, "unanswered", questionOf))) {
		const known = found.get(question.key);
		found.set(question.key, { ...question, ...known, times: question.times + (known?.times ?? 0) });
	}
	return [...found.values()];
}

function questionOf(from: Fields): Question {
	const key = text(from, "question");
	const plain = `${key.charAt(0).toUpperCase()}${key.slice(1)}?`;
	return { key, wording: textOrNull(from, "wording") ?? plain, times: number(from, "unanswered") };
}

function rowOf({ wording, times }: Question, { mayWrite, go }: Context): HTMLElement {
	const answer = (): void => go("questions", encodeURIComponent(wording));
	return el(
		"li",
		{},
		el("span", { class: "begins" }, wording, el("span", { class: "quiet" }, ` ${count(times)}×`)),
		...(mayWrite ? [button("Write the answer", answer, "quiet", wording)] : []),
	);
}

function showForm(place: HTMLElement, context: Context, asked: string): void {
	const { api, attempt, go, org } = context;
	const question = input(asked, 200, { required: "" });
	const answer = textarea("", 4, MAX_ANSWER_CHARS);
	const source = input(`https://www.${org.slug}.example/answers`, MAX_URL_CHARS, { type: "url" });
	const save = (): Promise<void> =>
		attempt(async () => {
			const body = { kind: "answer", title: question.value, body: answer.value, source_url: source.value || null };
			await api.send("POST", "knowledge", body);
			const said = `Saved. Ask “${question.value}” in the chat once more: your answer is given, with its source.`;
			go("questions", "", said);
		});
	place.replaceChildren(
		button("All unanswered questions", () => go("questions"), "quiet"),
		form(
			"Save the answer",
			save,
			field("Question", question),
			field("Answer", answer),
			field("Where visitors can read more", source, "Shown below the answer. It may be left empty."),
		),
	);
	answer.focus();
}
