import type { Answer } from "./answer-types.ts";
import type { ModelAnswer } from "../gemini/ask.ts";

/** What the model is told to begin an answer with when nothing it was told answers the question. */
export const GAP_MARK = "[?]";
const GAP_START = /^\s*\[\?\]\s*/;

/** Whether a text may yet turn out to begin with the mark. */
function isUndecided(text: string): boolean {
	const begun = text.trim();
	return begun.length < GAP_MARK.length ? GAP_MARK.startsWith(begun) : begun === GAP_MARK;
}

/**
 * A model's answer without the mark that it had none: the visitor reads only the words behind it, and the question is known to
 * be unanswered. The first piece waits only while it could still be the mark. A mark and nothing else is no answer at all.
 */
export async function* withoutGapMark(pieces: AsyncGenerator<string, ModelAnswer>): AsyncGenerator<string, Answer> {
	let begun: string | undefined = "";
	let next = await pieces.next();
	while (next.done !== true) {
		const text: string = (begun ?? "") + next.value;
		const isWaiting: boolean = begun !== undefined && isUndecided(text);
		const shown = begun === undefined ? text : text.replace(GAP_START, "");
		begun = isWaiting ? text : undefined;
		if (!isWaiting && shown !== "") yield shown;
		next = await pieces.next();
	}
	const answer = next.value;
	const isUnanswered = GAP_START.test(answer.text);
	const text = answer.text.replace(GAP_START, "");
	// What was held back to the end is an opening bracket, or the mark alone.
	if (begun !== undefined && begun !== "" && text !== "") yield text;
	return { ...answer, text, finish: text === "" ? "blocked" : answer.finish, isUnanswered };
}
