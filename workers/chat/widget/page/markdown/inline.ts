import { el } from "../view/dom.ts";
import { safeLink } from "./link.ts";
import { MARKS, OPEN_MARKS } from "./marks.ts";

type Piece = Node | string;

/**
 * Bold, italic, deleted, code, links and lines, as nodes. What is not well formed stays as it is written. At the end of a text that
 * goes on, which stands before a `\v`, what is not closed yet is shown as if it were, and what may yet turn into something waits.
 */
export function inline(source: string, isInLink = false): Piece[] {
	const marks = source.endsWith("\v") ? OPEN_MARKS : MARKS;
	const text = source.trim();
	const pieces: Piece[] = [];
	let shown = 0;
	for (;;) {
		marks.lastIndex = shown;
		const match = marks.exec(text);
		if (match === null) break;
		const end = match.index + match[0].length;
		const isOpen = marks === OPEN_MARKS && end === text.length;
		const within = (words: string): Piece[] => inline(isOpen ? `${words}\v` : words, isInLink);
		pieces.push(text.slice(shown, match.index), marked(match, within) ?? linked(match, isOpen, isInLink));
		shown = end;
	}
	return [...pieces, text.slice(shown)].filter((piece) => piece !== "");
}

/** What is no link; undefined = it may be one. */
function marked({ groups = {} }: RegExpExecArray, within: (words: string) => Piece[]): Piece | undefined {
	const { as, br, t, code = "", b, mark, i = "" } = groups;
	if (br) return el("br");
	if (t) return el("code", {}, code.replace(/\n/g, " ").trim());
	if (b) return el("strong", {}, ...within(b));
	return mark ? el(mark === "~~" ? "del" : mark[1] ? "strong" : "em", {}, ...within(i)) : as;
}

/** @param isOpen what may yet grow leads nowhere, and what may yet become something waits */
function linked({ 0: source, groups = {} }: RegExpExecArray, isOpen: boolean, isInLink: boolean): Piece {
	const { label, href = "", title = "", url, bare } = groups;
	if (label === undefined) return isInLink || (isOpen && bare) ? source : bareLink(url ?? bare);
	const words = inline(label, true);
	// An image is a request that the page never asked for, so it is its words.
	if (source[0] === "!") return el("span", {}, ...words);
	const link = isInLink || !label ? null : safeLink(href, ...words);
	if (title) link?.setAttribute("title", title);
	return link ?? source;
}

function bareLink(shown = ""): Piece {
	const kind = shown.includes(":") ? "" : shown.includes("@") ? "mailto:" : /^w/.test(shown) ? "https://" : "tel:";
	return shown && (safeLink(kind + shown, shown) ?? shown);
}
