import { TELLTALES } from "./prompt.ts";

/** UTF-16 units of what came before that are read again with the next piece: more than the longest telltale takes, marks and spaces included. */
const TAIL_CHARS = 400;

/** Letters and digits alone, so that a quote with other marks, cases or line breaks is found as well. */
function folded(text: string): string {
	return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ");
}

const FOLDED_TELLTALES = TELLTALES.map((telltale) => folded(telltale).trim());
/** The longest word of each telltale: a text without any of them need not be folded. */
const RARE_WORDS = new RegExp(FOLDED_TELLTALES.map(longestWord).join("|"), "i");

function longestWord(text: string): string {
	return text.split(" ").reduce((longest, word) => (word.length > longest.length ? word : longest), "");
}

function isRecitalIn(text: string): boolean {
	if (!RARE_WORDS.test(text)) return false;
	const said = folded(text);
	return FOLDED_TELLTALES.some((telltale) => said.includes(telltale));
}

/** Watches an answer for our own instructions, piece by piece. */
export interface PromptLeakGuard {
	/** The piece; "" from where the answer begins to recite. */
	push(piece: string): string;
	hasLeaked(): boolean;
}

/**
 * A guard against an answer that recites our own instructions: nothing more of it is to be shown, and it ends as a blocked
 * one. What the owner wrote between them may be told (it holds opening hours and the like), so only sentences of ours tell
 * a recital from an answer; they stand before and after the owner's. A model that translates or rewords them is not caught:
 * a secret has no place in a prompt.
 */
export function createPromptLeakGuard(): PromptLeakGuard {
	let tail = "";
	let hasLeaked = false;
	return {
		push(piece) {
			const text = tail + piece;
			hasLeaked ||= isRecitalIn(text);
			tail = text.slice(-TAIL_CHARS);
			return hasLeaked ? "" : piece;
		},
		hasLeaked: () => hasLeaked,
	};
}
