import { TELLTALES, UNANSWERED_MARKER } from "./prompt.ts";

const MARKER_AT_START = /^\s*\[\?\]\s*/;
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

function isRecital(text: string): boolean {
	if (!RARE_WORDS.test(text)) return false;
	const said = folded(text);
	return FOLDED_TELLTALES.some((telltale) => said.includes(telltale));
}

/** Whether a text may yet turn out to begin with the unanswered marker. */
function isUndecided(text: string): boolean {
	const begun = text.trim();
	return begun.length < UNANSWERED_MARKER.length ? UNANSWERED_MARKER.startsWith(begun) : begun === UNANSWERED_MARKER;
}

/** What became of a model's text. */
interface ShownWhole {
	/** All that may be shown; "" when it was withheld, or was the marker alone. */
	text: string;
	/** It began with the unanswered marker. */
	isUnanswered: boolean;
	/** It recited our own instructions. */
	hasLeaked: boolean;
	/** What of the text is still to be shown: a beginning that could have become the marker. */
	rest: string;
}

/** Makes of the pieces of a model's text what a visitor is shown. */
export interface ShownText {
	/** What of a piece can be shown now. */
	push(piece: string): string;
	/** @param whole all pieces */
	end(whole: string): ShownWhole;
}

/**
 * The unanswered marker is kept out: the first pieces wait only while they could still be it. And from where an answer begins
 * to recite our own instructions, nothing more of it is shown: the prompt-leak guard. What the owner wrote between them may be
 * told (it holds opening hours and the like), so only sentences of ours tell a recital from an answer; they stand before and
 * after the owner's. A model that translates or rewords them is not caught: a secret has no place in a prompt.
 */
export function createShownText(): ShownText {
	let tail = "";
	let hasLeaked = false;
	let waiting = "";
	let isDecided = false;
	return {
		push(piece) {
			const text = tail + piece;
			hasLeaked ||= isRecital(text);
			tail = text.slice(-TAIL_CHARS);
			if (hasLeaked) return "";
			if (isDecided) return piece;
			waiting += piece;
			if (isUndecided(waiting)) return "";
			isDecided = true;
			return waiting.replace(MARKER_AT_START, "");
		},
		end(whole) {
			if (hasLeaked) return { text: "", isUnanswered: false, hasLeaked, rest: "" };
			const text = whole.replace(MARKER_AT_START, "");
			return { text, isUnanswered: MARKER_AT_START.test(whole), hasLeaked, rest: isDecided ? "" : text };
		},
	};
}
