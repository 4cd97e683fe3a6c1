import { TEXT, el } from "../view/dom.ts";
import { inline } from "./inline.ts";

/** A row with bars around it, or the beginning of one where a text goes on. */
const ROW = /^\s*\|(?:.*\S\s*\|\s*|.*\v)$/;
/** The bars around a row, and one between its cells; an escaped one belongs to its cell. */
const AROUND = /^\s*\||(?<!\\)\|\s*$/g;
const BETWEEN = /(?<!\\)\|/;

/** Whether a line is the rule below a table's head. */
function isDelimiter(line = ""): boolean {
	return /^(?=.*\|)(?=.*-)[\s|:-]+$/.test(line);
}

export function isTable([line = "", next]: readonly string[]): boolean {
	return ROW.test(line) || (line.includes("|") && isDelimiter(next));
}

/** The rows of a table, no cell left out. */
export function table(lines: readonly string[]): HTMLElement {
	const rows = lines.flatMap((line, at) => {
		if (isDelimiter(line)) return [];
		const isHead = at === 0 && (line.endsWith("\v") || isDelimiter(lines[1]));
		const cells = line
			.replace(AROUND, "")
			.split(BETWEEN)
			.map((cell) => {
				const words = inline(cell.replace(/\\\|/g, "|"));
				// A head without words would be announced with every cell below it.
				return isHead && words.length > 0 ? el("th", { scope: "col" }, ...words) : el("td", {}, ...words);
			});
		return el("tr", {}, ...cells);
	});
	// To be scrolled by keyboard, it must be reached by it.
	return el("div", { class: "wide", tabindex: "0" }, el("table", TEXT, ...rows));
}
