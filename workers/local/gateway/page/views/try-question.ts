import { list, text } from "../api/read.ts";
import type { Fields } from "../api/read.ts";
import { el } from "../dom/dom.ts";
import { field, form, input, note } from "../dom/parts.ts";
import type { Context } from "../frame/view.ts";

const MAX_QUESTION_CHARS = 2000;
const SHOWN = 3;

/** A question asked of the knowledge alone: what would be found. */
export function tryQuestion({ api, attempt }: Context): HTMLElement {
	const question = input("", MAX_QUESTION_CHARS, { required: "" });
	const found = el("div", { role: "status" });
	const ask = (): Promise<void> =>
		attempt(async () => {
			const answer = await api.send("POST", "knowledge/test", { question: question.value });
			found.replaceChildren(...foundIn(answer));
		});
	return form("What would be found?", ask, field("Try a question, without a conversation", question), found);
}

function foundIn(answer: Fields): HTMLElement[] {
	const { curated } = answer;
	if (curated !== null) return [note("This answer is given word for word:"), passage(curated)];
	const passages = list(answer, "passages", (from) => from).filter(({ shown }) => shown === true);
	if (passages.length === 0 || answer.near !== true)
		return [note("Nothing that seems to be about it: it would be unanswered.")];
	return [note("Read first:"), ...passages.slice(0, SHOWN).map(passage)];
}

function passage(from: unknown): HTMLElement {
	const fields: Fields = typeof from === "object" && from !== null ? Object.fromEntries(Object.entries(from)) : {};
	const content = typeof fields.content === "string" ? fields.content : text(fields, "body");
	return el("blockquote", {}, el("b", {}, text(fields, "title")), el("p", {}, content));
}
