import { characterAt, characterBefore } from "./characters.ts";
import { Emphasis } from "./emphasis.ts";
import { entityAt } from "./entities.ts";
import { FOOTNOTE_MARK, normalLabel, referenceEnd, targetEnd } from "./link.ts";
import { APART, LINE } from "./pauses.ts";
import { tagAt } from "./tag.ts";
import { addressEnd } from "./url.ts";

/** What a block needs to know of the rest of its text. */
export interface Context {
	/** Labels of references and footnotes that are defined, the latter with their `^`. */
	labels: ReadonlySet<string>;
	/** Names of the tags that are closed somewhere. */
	closed: ReadonlySet<string>;
}

/** Where something other than plain text may begin. */
const SPECIAL = /[\\`*_~![\]<&|\n]|[a-z][a-z\d+.-]{1,11}:\/\/|(?<![\w@.-])www\.|\bmailto:(?=[\w.])/gi;
const IN_CODE = /\n|[a-z][a-z\d+.-]{1,11}:\/\/|(?<![\w@.-])www\./gi;
const ESCAPABLE = /[!-/:-@[-`{-~]/;
const RUN = /\*+|_+|~+/y;
const BACKTICKS = /`+/y;
const ALL_BACKTICKS = /`+/g;

interface Bracket {
	/** Its place among the pieces. */
	index: number;
	/** Behind it in the text. */
	from: number;
}

interface Scan {
	text: string;
	context: Context;
	/** The text so far, a piece for each mark. */
	pieces: string[];
	emphasis: Emphasis;
	brackets: Bracket[];
	/** Where each run of backticks meets the next of its length. */
	codes: ReadonlyMap<number, number>;
}

/** The text of a block as it is spoken, with marks of `pauses.ts` in place of markup. Takes time by the text's length, whatever it holds. */
export function inline(text: string, context: Context): string {
	const pieces: string[] = [];
	const emphasis = new Emphasis(pieces);
	const scan: Scan = { text, context, pieces, emphasis, brackets: [], codes: codeSpans(text) };
	let at = 0;
	for (;;) {
		SPECIAL.lastIndex = at;
		const found = SPECIAL.exec(text);
		if (found === null) break;
		pieces.push(text.slice(at, found.index));
		at = special(scan, found.index, found[0]);
	}
	pieces.push(text.slice(at));
	emphasis.end();
	return pieces.join("");
}

/** Code is spoken as it stands, but for addresses. */
export function literal(text: string): string {
	let spoken = "";
	let at = 0;
	for (;;) {
		IN_CODE.lastIndex = at;
		const found = IN_CODE.exec(text);
		if (found === null) return spoken + text.slice(at);
		const end = found[0] === "\n" ? found.index + 1 : bareEnd(text, found.index, found[0]);
		spoken += text.slice(at, found.index) + (found[0] === "\n" ? LINE : end > found.index ? APART : found[0]);
		at = Math.max(end, found.index + found[0].length);
	}
}

/** Takes what begins here; returns where the text goes on. */
function special(scan: Scan, at: number, found: string): number {
	const { text, pieces } = scan;
	switch (found) {
		case "\\":
			return escaped(scan, at);
		case "`":
			return code(scan, at);
		case "*":
		case "_":
		case "~":
			return run(scan, at);
		case "!":
		case "[":
			return opening(scan, at, found);
		case "]":
			return closing(scan, at);
		case "<":
		case "&": {
			const markup = found === "<" ? tagAt(text, at, scan.context.closed) : entityAt(text, at);
			pieces.push(markup?.text ?? found);
			return markup?.end ?? at + 1;
		}
		case "|":
		case "\n":
			pieces.push(found === "|" ? " " : LINE);
			return at + 1;
		default:
			return address(scan, at, found);
	}
}

function escaped({ text, pieces }: Scan, at: number): number {
	const next = text.charAt(at + 1);
	const isEscape = ESCAPABLE.test(next);
	pieces.push(isEscape ? next : next === "\n" ? LINE : "\\");
	return at + (isEscape || next === "\n" ? 2 : 1);
}

/** Pairs each run of backticks with the next of its length, from the end on, so that every run is looked at once. */
function codeSpans(text: string): Map<number, number> {
	const next = new Map<number, number>();
	const spans = new Map<number, number>();
	for (const { 0: ticks, index } of Array.from(text.matchAll(ALL_BACKTICKS)).reverse()) {
		const close = next.get(ticks.length);
		if (close !== undefined) spans.set(index, close);
		next.set(ticks.length, index);
	}
	return spans;
}

function code({ text, pieces, codes }: Scan, at: number): number {
	BACKTICKS.lastIndex = at;
	const length = BACKTICKS.exec(text)?.[0].length ?? 1;
	const close = codes.get(at);
	pieces.push(APART);
	if (close === undefined) return at + length;
	pieces.push(literal(text.slice(at + length, close)), APART);
	return close + length;
}

function run({ text, emphasis }: Scan, at: number): number {
	RUN.lastIndex = at;
	const { length } = RUN.exec(text)?.[0] ?? "*";
	const end = at + length;
	emphasis.add({ mark: text.charAt(at), length, before: characterBefore(text, at), after: characterAt(text, end) });
	return end;
}

function opening({ text, context, pieces, brackets }: Scan, at: number, found: string): number {
	const isImage = found === "!" && text.charAt(at + 1) === "[";
	if (found === "!" && !isImage) {
		pieces.push("!");
		return at + 1;
	}
	FOOTNOTE_MARK.lastIndex = at;
	const label = FOOTNOTE_MARK.exec(text)?.[1];
	if (label !== undefined && context.labels.has(normalLabel(label))) {
		pieces.push(APART);
		return FOOTNOTE_MARK.lastIndex;
	}
	const from = at + (isImage ? 2 : 1);
	brackets.push({ index: pieces.length, from });
	pieces.push(text.slice(at, from));
	return from;
}

function closing({ text, context, pieces, brackets }: Scan, at: number): number {
	const open = brackets.pop();
	const target = open !== undefined && text.charAt(at + 1) === "(" ? targetEnd(text, at + 1) : -1;
	const end = open === undefined || target >= 0 ? target : referenceEnd(text, open.from, at, context.labels);
	if (open === undefined || end < 0) {
		pieces.push("]");
		return at + 1;
	}
	pieces[open.index] = APART;
	pieces.push(APART);
	return end;
}

/** An address is not spoken: nobody can follow it by ear, and it stands on the page. A mailbox is, without its scheme. */
function address({ text, pieces }: Scan, at: number, found: string): number {
	if (found.toLowerCase() === "mailto:") return at + found.length;
	const end = bareEnd(text, at, found);
	pieces.push(end > at ? APART : found);
	return Math.max(end, at + found.length);
}

/** Where the address ends that begins with a scheme or `www.`; its own place where there is none. */
function bareEnd(text: string, at: number, begun: string): number {
	const rest = at + begun.length;
	const hostAt = begun.endsWith("/") ? rest : at;
	const end = addressEnd(text, hostAt);
	return end > rest ? end : at;
}
