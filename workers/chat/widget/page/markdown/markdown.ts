import { TEXT, el } from "../view/dom.ts";
import { inline } from "./inline.ts";

/** What is shown of an answer, UTF-16 units; the server's answers are far shorter. */
const MAX_CHARS = 20_000;
const FENCE = "```";
const HEADING = /^#{1,6}\s+/;
const ITEM = /^\s*(?:[-*+•]|(\d{1,9})[.)])\s+/;
const RULE = /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/;

/** A finished answer as blocks. It is read once, line by line. */
export function markdown(text: string): HTMLElement[] {
	const blocks: HTMLElement[] = [];
	let paragraph: string[] = [];
	const flush = (): void => {
		if (paragraph.length > 0) blocks.push(el("p", TEXT, ...broken(paragraph)));
		paragraph = [];
	};
	const lines = capped(text).split(/\r?\n/);
	let at = 0;
	while (at < lines.length) {
		const line = lines[at] ?? "";
		if (line.trimStart().startsWith(FENCE)) {
			flush();
			at = fenced(lines, at, blocks);
		} else if (ITEM.test(line)) {
			flush();
			at = list(lines, at, blocks);
		} else {
			if (line.trim() === "" || RULE.test(line)) flush();
			else if (HEADING.test(line)) {
				flush();
				blocks.push(el("p", TEXT, el("strong", {}, ...inline(line.replace(HEADING, "")))));
			} else paragraph.push(line);
			at++;
		}
	}
	flush();
	return blocks;
}

function capped(text: string): string {
	if (text.length <= MAX_CHARS) return text;
	// Not between the halves of a surrogate pair.
	const last = text.charCodeAt(MAX_CHARS - 1);
	return `${text.slice(0, last >= 0xd800 && last < 0xdc00 ? MAX_CHARS - 1 : MAX_CHARS)}…`;
}

/** Lines of one paragraph, a break between each. */
function broken(lines: readonly string[]): (Node | string)[] {
	return lines.flatMap((line, index) => (index === 0 ? inline(line) : [el("br"), ...inline(line)]));
}

/** A block of code; one that never ends goes on to the end. Returns the line after it. */
function fenced(lines: readonly string[], start: number, blocks: HTMLElement[]): number {
	let end = start + 1;
	while (end < lines.length && !(lines[end] ?? "").trimStart().startsWith(FENCE)) end++;
	// To be scrolled by keyboard, it must be reached by it.
	blocks.push(el("pre", { dir: "ltr", tabindex: "0" }, el("code", {}, lines.slice(start + 1, end).join("\n"))));
	return end + 1;
}

/** Items of one kind that follow each other; indented lines go on with theirs. Returns the line after it. */
function list(lines: readonly string[], start: number, blocks: HTMLElement[]): number {
	const first = ITEM.exec(lines[start] ?? "")?.[1];
	const items: string[][] = [];
	let at = start;
	for (; at < lines.length; at++) {
		const line = lines[at] ?? "";
		const item = ITEM.exec(line);
		if (item !== null && (item[1] === undefined) === (first === undefined)) items.push([line.slice(item[0].length)]);
		else if (item === null && line.trim() !== "" && line.startsWith("  ")) items.at(-1)?.push(line.trim());
		else break;
	}
	// The direction is the list's, by its first words: the numbers stand where it begins.
	const children = items.map((item) => el("li", {}, ...broken(item)));
	blocks.push(first === undefined ? el("ul", TEXT, ...children) : el("ol", { ...TEXT, start: first }, ...children));
	return at;
}
