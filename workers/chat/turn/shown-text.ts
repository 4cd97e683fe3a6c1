import { asSeen } from "../../lib/text/unseen.ts";
import { TELLTALES } from "./prompt.ts";

/** White space, and what nobody sees. */
const BLANK = String.raw`\s\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}`;
/** Marks that are closed again: of markdown, and quotation marks. */
const PAIRED = "*_~`\"'“”„‟‘’‚‛«»‹›「」『』";
/** Marks at the beginning of a line: a quotation, a heading, an item of a list. */
const AT_LINE_START = String.raw`#>+\-–—•·`;
/** A backslash keeps a mark from being markdown. */
const GLUE = `[${BLANK}${PAIRED}\\\\]`;
const OPENING = String.raw`[\[(［（﹝【〔〖⟦{｛]`;
const CLOSING = String.raw`[\])］）﹞】〕〗⟧}｝]`;
/** The question marks of all scripts that have one of their own. */
const QUESTION = "[?？؟﹖⁇¿;\u037e՞፧⸮꘏⳺]";
const BEFORE = `[${BLANK}${PAIRED}${AT_LINE_START}\\\\]{0,40}`;
const AFTER = `[${BLANK}${PAIRED}:：.。–—\\-\\\\]*`;

/** `[?]`, as models write it: within marks, brackets in brackets, full-width, escaped, or with another script's question mark. */
const MARKER = new RegExp(
	`^(?<before>${BEFORE})(?:${OPENING}${GLUE}{0,8}){1,3}(?:${QUESTION}${GLUE}{0,8}?){1,3}(?:${GLUE}{0,8}?${CLOSING}){1,3}`,
	"u",
);
const ALL_OF_IT = new RegExp(
	`^${BEFORE}(?:(?:${OPENING}${GLUE}{0,8}){1,3}(?:(?:${QUESTION}${GLUE}{0,8}){1,3}(?:(?:${GLUE}{0,8}${CLOSING}){1,3}${AFTER})?)?)?$`,
	"u",
);
const ANY_MARK = new RegExp(`[${PAIRED}${AT_LINE_START}]`, "u");
const PAIRED_MARKS = new RegExp(`[${PAIRED}]`, "gu");
/** A colon, a full stop or a dash that parts the marker from what is said. */
const PARTING = /^[ \t]*(?:[:：.。]|[–—-](?=\s))?[ \t]*/;
const FENCE_END = /^\s*```/;

/** UTF-16 units of what came before, as a reader sees it, that are read again with the next piece: more than the longest telltale takes, marks and spaces included. */
const TAIL_CHARS = 400;

/** Letters and digits alone, so that a quote with other marks, cases, spaces or line breaks is found as well. */
function folded(text: string): string {
	return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}

const FOLDED_TELLTALES = TELLTALES.map(folded);
/** The longest word of each telltale: a text without any of them need not be folded. */
const RARE_WORDS = new RegExp(TELLTALES.map(longestWord).join("|"), "i");

function longestWord(text: string): string {
	return text.split(/[^a-z]+/i).reduce((longest, word) => (word.length > longest.length ? word : longest), "");
}

function isRecital(text: string): boolean {
	if (!RARE_WORDS.test(text)) return false;
	const said = folded(text);
	return FOLDED_TELLTALES.some((telltale) => said.includes(telltale));
}

/** Whether a text may yet turn out to begin with the unanswered marker, or its marker not to have ended. */
function isUndecided(text: string): boolean {
	return ALL_OF_IT.test(text);
}

/**
 * A text without the unanswered marker that it begins with, and without the marks that stand around the marker alone; undefined when
 * it begins with none. In `**[?] We do not know.**` the marks are the sentence's and stay.
 */
function withoutMarker(text: string): string | undefined {
	const found = MARKER.exec(text);
	if (found === null) return undefined;
	const { before = "" } = found.groups ?? {};
	const marks = before.match(PAIRED_MARKS)?.length ?? 0;
	const after = text.slice(found[0].length);
	const rest = withoutClosing(after, marks);
	const isAlone =
		rest.length < after.length || /^\s*(?:\n|$)/.test(after.replace(PARTING, "")) || !ANY_MARK.test(before);
	return isAlone ? trimmed(rest) : before.trimStart() + trimmed(after);
}

/** What follows the marker, without the marks that close the ones before it. @param marks how many those are */
function withoutClosing(after: string, marks: number): string {
	if (marks === 0) return after;
	const fence = FENCE_END.exec(after)?.[0];
	if (fence !== undefined && marks === 3) return after.slice(fence.length);
	const closing = new RegExp(`^[:：.。]?(?:\\\\?[${PAIRED}]){1,${marks}}`, "u").exec(after)?.[0];
	return closing === undefined ? after : after.slice(closing.length);
}

function trimmed(text: string): string {
	return text.replace(PARTING, "").trimStart();
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
			const text = tail + asSeen(piece);
			hasLeaked ||= isRecital(text);
			tail = text.slice(-TAIL_CHARS);
			if (hasLeaked) return "";
			if (isDecided) return piece;
			waiting += piece;
			if (isUndecided(waiting)) return "";
			isDecided = true;
			return withoutMarker(waiting) ?? waiting;
		},
		end(whole) {
			if (hasLeaked) return { text: "", isUnanswered: false, hasLeaked, rest: "" };
			const unmarked = withoutMarker(whole);
			const text = unmarked ?? whole;
			return { text, isUnanswered: unmarked !== undefined, hasLeaked, rest: isDecided ? "" : text };
		},
	};
}
