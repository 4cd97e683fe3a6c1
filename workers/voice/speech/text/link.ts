/** Longest target and longest title of a link, UTF-16 units. */
const MAX_CHARS = 2_000;
const MAX_DEPTH = 32;
const ANGLED = /<[^<>\n]{0,2000}>/y;
const TITLE_AND_END = /(?:[ \n]{1,20}(?:"[^"]{0,500}"|'[^']{0,500}'|\([^()]{0,500}\)))?[ \n]{0,20}\)/y;
const SPACES = /[ \n]{0,20}/y;

/**
 * Behind the `)` of a link's target, which may hold brackets, stand in angle brackets and have a title.
 * @param at the `(`
 * @returns -1 where there is no target, as in `[sic](see page 3)`
 */
export function targetEnd(text: string, at: number): number {
	const from = after(SPACES, text, at + 1);
	const angled = after(ANGLED, text, from);
	return after(TITLE_AND_END, text, angled < 0 ? plainEnd(text, from) : angled);
}

function after(pattern: RegExp, text: string, at: number): number {
	pattern.lastIndex = at;
	return pattern.test(text) ? pattern.lastIndex : -1;
}

function plainEnd(text: string, from: number): number {
	let depth = 0;
	let at = from;
	for (; at < text.length && at - from < MAX_CHARS; at++) {
		const character = text.charAt(at);
		if (/\s/.test(character)) break;
		if (character === "\\") at++;
		else if (character === "(" && ++depth > MAX_DEPTH) break;
		else if (character === ")" && --depth < 0) break;
	}
	return at;
}

const DEFINITION =
	/^\[([^\]\n^][^\]\n]{0,199})\]: {0,20}<?((?:[a-z][a-z\d+.-]{1,31}:\/\/|mailto:|tel:|www\.|[/#]|\.{1,2}\/)[^\s<>]{0,2000})>?(?: {1,20}(?:"[^"]{0,500}"|'[^']{0,500}'|\([^()]{0,500}\)))? {0,20}$/i;
const FOOTNOTE = /^\[(\^[^\]\s]{1,50})\]: ?/;
/** A footnote's mark within a text. */
export const FOOTNOTE_MARK = /\[(\^[^\]\s]{1,50})\]/y;
const MAX_LABEL_CHARS = 200;

/** The label that a line gives a target, or null. */
export function definedLabel(line: string): string | null {
	const label = DEFINITION.exec(line)?.[1];
	return label === undefined ? null : normalLabel(label);
}

/** The label of the footnote that a line begins, and its text; or null. */
export function footnote(line: string): { label: string; text: string } | null {
	const match = FOOTNOTE.exec(line);
	return match === null ? null : { label: normalLabel(match[1] ?? ""), text: line.slice(match[0].length) };
}

/** Labels are the same whatever their case and spaces. */
export function normalLabel(label: string): string {
	return label.length > MAX_LABEL_CHARS ? "" : label.trim().replace(/\s+/g, " ").toLowerCase();
}

const REFERENCE = /\[([^[\]\n]{0,200})\]/y;

/**
 * Behind a reference such as `[text][label]`, `[text][]` or `[text]` whose label is defined.
 * @param from behind the `[` of the text
 * @param at its `]`
 * @returns -1 where nothing is defined by that name
 */
export function referenceEnd(text: string, from: number, at: number, labels: ReadonlySet<string>): number {
	if (labels.size === 0) return -1;
	REFERENCE.lastIndex = at + 1;
	const match = REFERENCE.exec(text);
	const own = at - from > MAX_LABEL_CHARS ? "" : normalLabel(text.slice(from, at));
	const label = match === null || match[1] === "" ? own : normalLabel(match[1] ?? "");
	if (label !== "" && labels.has(label)) return match === null ? at + 1 : REFERENCE.lastIndex;
	return -1;
}
