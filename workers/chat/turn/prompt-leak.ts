import { log } from "../../lib/log.ts";
import type { ModelAnswer } from "../gemini/ask.ts";
import { TELLTALES } from "./prompt.ts";

/** UTF-16 units of what came before that are read again with the next piece: more than the longest telltale takes, marks and spaces included. */
const TAIL_CHARS = 400;

/** Letters and digits alone, so that a quote with other marks, cases or line breaks is found as well. */
function folded(text: string): string {
	return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ");
}

const FOLDED = TELLTALES.map((telltale) => folded(telltale).trim());

function isRecitalIn(text: string): boolean {
	const said = folded(text);
	return FOLDED.some((telltale) => said.includes(telltale));
}

/**
 * A model's answer, withheld from where it begins to recite our own instructions: nothing more of it is shown, and it ends
 * as a blocked one. What the owner wrote between them may be told (it holds opening hours and the like), so only sentences
 * of ours tell a recital from an answer; they stand before and after the owner's. A model that translates or rewords them is
 * not caught: a secret has no place in a prompt.
 */
export async function* withhold(pieces: AsyncGenerator<string, ModelAnswer>): AsyncGenerator<string, ModelAnswer> {
	let tail = "";
	let isRecital = false;
	let next = await pieces.next();
	while (next.done !== true) {
		const text = tail + next.value;
		isRecital ||= isRecitalIn(text);
		tail = text.slice(-TAIL_CHARS);
		if (!isRecital) yield next.value;
		next = await pieces.next();
	}
	if (!isRecital) return next.value;
	log("warn", "instructions_withheld", { model: next.value.model });
	return { ...next.value, text: "", finish: "blocked" };
}
