import { TEXT, el } from "./dom.ts";
import * as WORDS from "../words.ts";

/** The questions to begin with, as buttons; gone once the visitor has begun. */
export function createStarters(questions: readonly string[], onChoose: (question: string) => void): HTMLElement {
	const buttons = questions.map((question) => {
		const button = el("button", { type: "button", class: "starter", ...TEXT }, question);
		button.addEventListener("click", () => onChoose(question));
		return button;
	});
	return el("div", { class: "starters", role: "group", "aria-label": WORDS.startersLabel }, ...buttons);
}
