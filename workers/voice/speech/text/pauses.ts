import { characterAt, characterBefore, isDigit, isUnspaced, isWord } from "./characters.ts";

// What the steps leave in a text for the last of them, which makes pauses of it when both neighbours are known. They are
// private-use characters, of which the text itself has none left.
/** A block ends: a heading, an item, a row, a paragraph. */
export const STOP = "\uE000";
/** A cell of a table ends. */
export const COMMA = "\uE001";
/** A line ends within its paragraph. */
export const LINE = "\uE002";
/** A mark stood here: the letters on both sides are one word to the eye, but no number grows by it. */
export const JOIN = "\uE003";
/** Something was left out here that keeps words apart. */
export const APART = "\uE004";

const MARKED = /[ \n\uE000-\uE004]+/g;
const CLOSING = /[)\]}"'»”’」』）】]/;
/** After these nothing is set: they are a pause themselves, or what follows belongs to them. */
const PAUSED = /[.!?…:;,。！？：；，、¿¡।؟،؛۔–—\-([{«“‘「『（【/]/u;

/**
 * The text with its pauses. ElevenLabs takes them from punctuation; its `<break>` tags are no choice, since many in one text
 * make its models unsteady (elevenlabs.io, best practices), and v3 knows none.
 */
export function withPauses(text: string): string {
	return text.replace(MARKED, (marks: string, at: number) => {
		const end = at + marks.length;
		if (at === 0 || end === text.length) return "";
		return between(marks, characterBefore(text, at), characterAt(text, end), isPaused(text, at));
	});
}

function between(marks: string, before: string, after: string, paused: boolean): string {
	if (marks.includes(STOP)) return paused ? " " : stopAfter(before, ". ", "。");
	const isLine = marks.includes(LINE) && !/\p{Ll}/u.test(after);
	if (marks.includes(COMMA) || isLine) return paused ? " " : stopAfter(before, ", ", "，");
	if (marks.includes(LINE) || marks.includes(" ") || marks.includes("\n")) return " ";
	if (!isWord(before) || !isWord(after)) return "";
	return marks.includes(APART) || isDigit(before) || isDigit(after) ? " " : "";
}

function stopAfter(before: string, spaced: string, wide: string): string {
	return isUnspaced(before) ? wide : spaced;
}

/** Whether a text pauses before this place, be it within brackets or quotes that end here. */
function isPaused(text: string, end: number): boolean {
	let at = end - 1;
	while (at > 0 && at > end - 4 && CLOSING.test(text.charAt(at))) at--;
	return PAUSED.test(text.charAt(at));
}
