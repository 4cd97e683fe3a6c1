import { TEXT, el } from "../view/dom.ts";
import { inline } from "./inline.ts";
import { isTable, table } from "./table.ts";

/** A fence with what follows it, a rule, a heading, a quotation (`> 38.5 °C` is a comparison) or an item, numbered or not. */
const BLOCK =
	/^\s*(?:(`{3,}|~{3,})([^`]*)|([-*_=])(?:\s*\3){2,}\s*|(#{1,6})\s(.*)|(>)(?!=|\s*[\d\p{Sc}]).*|(?:[-*+•]|(\d{1,9})[.)])(\s.*)?)$/u;
/** How many lists and quotations are taken apart that stand in each other. */
const MAX_DEPTH = 8;

/**
 * Lines, which it uses up, as blocks. Each is read once for every list or quotation that it stands in.
 * @param attributes of paragraphs: in a list the direction is the list's, by its first words, as the marks stand where it begins
 */
export function blocks(lines: string[], attributes = {}, depth = 0): HTMLElement[] {
	const made: HTMLElement[] = [];
	let fewest = 9;
	while (lines.length > 0) {
		const match = startOf(lines, depth);
		const { 4: marks, 5: words = "" } = match ?? [];
		if (marks) {
			// Below the panel's own heading, and no level left out.
			fewest = Math.min(fewest, marks.length);
			made.push(el(marks.length > fewest ? "h4" : "h3", TEXT, ...inline(words.replace(/\s#+\s*$/, ""))));
			lines.shift();
		} else if (match) made.push(...block(lines, match, depth + 1));
		else made.push(...prose(lines, attributes, depth));
	}
	return made;
}

function startOf([line = ""]: string[], depth: number): RegExpExecArray | null {
	return depth < MAX_DEPTH ? BLOCK.exec(line) : null;
}

function prose(lines: string[], attributes: object, depth: number): HTMLElement[] {
	if (isTable(lines)) return [table(take(lines, (line) => line.includes("|")))];
	const words = take(lines, (line) => !isBlank(line) && !startOf(lines, depth) && !isTable(lines));
	if (words.length > 0) return [el("p", { ...attributes }, ...inline(words.join("\n")))];
	lines.shift();
	return [];
}

function block(lines: string[], match: RegExpExecArray, depth: number): HTMLElement[] {
	const [line, fence, info = "", rule, , , quote, number] = match;
	if (fence) return fenced(lines, fence, info.trim(), depth);
	if (quote) {
		const quoted = take(lines, (next) => /^\s*>/.test(next));
		return [
			el(
				"blockquote",
				{},
				...blocks(
					quoted.map((next) => next.replace(/^\s*> ?/, "")),
					TEXT,
					depth,
				),
			),
		];
	}
	if (!rule) return [list(lines, indentOf(line), number, depth)];
	lines.shift();
	return [el("hr")];
}

/** Takes the lines from the first one on for which something holds. */
function take(lines: string[], goesOn: (line: string) => boolean): string[] {
	const taken: string[] = [];
	while (lines[0] !== undefined && goesOn(lines[0])) taken.push(lines.shift() ?? "");
	return taken;
}

/** A block of code; one that never ends goes on to the end. A block of markdown is what it holds. */
function fenced(lines: string[], fence: string, info: string, depth: number): HTMLElement[] {
	lines.shift();
	const close = new RegExp(`^\\s*${fence}[\`~]*\\s*$`);
	const code = take(lines, (line) => !close.test(line));
	lines.shift();
	if (/^(md|markdown)$/.test(info)) return blocks(code, TEXT, depth);
	if (/\s/.test(info)) code.unshift(info);
	// To be scrolled by keyboard, it must be reached by it.
	return [el("pre", { dir: "ltr", tabindex: "0", title: info }, el("code", {}, code.join("\n").trimEnd()))];
}

/** Items of one kind that follow each other; what is indented, be it behind an empty line, is part of the item before it. */
function list(lines: string[], base: number, first: string | undefined, depth: number): HTMLElement {
	const items: HTMLElement[] = [];
	for (;;) {
		const [line, fence, , rule, marks, , quote, number, words = ""] = startOf(lines, depth - 1) ?? [];
		if (line === undefined || fence || rule || marks || quote || !number !== !first) break;
		lines.shift();
		const own = take(lines, (next) => isBlank(next) || indentOf(next) > base + 1);
		const inset = Math.min(...own.filter((next) => !isBlank(next)).map(indentOf));
		const text = words.replace(/^ *\[ \] /, "☐ ").replace(/^ *\[[xX]\] /, "☑ ");
		items.push(
			el(
				"li",
				// One number for all is none.
				{ ...(/^[☐☑]/.test(text) && { class: "task" }), ...(number && number !== "1" && { value: number }) },
				...blocks([text, ...own.map((next) => next.slice(inset))], {}, depth),
			),
		);
	}
	return el(first ? "ol" : "ul", TEXT, ...items);
}

function isBlank(line: string): boolean {
	return line.trim() === "";
}

function indentOf(line: string): number {
	return line.search(/\S|$/);
}
