/** Begins a formula. The full-width forms do so in some locales. */
const TRIGGER = /[=+\-@＝＋－＠]/;
/** Runs whatever follows; behind the other triggers a text may be a number, a telephone number or an item of a list. */
const STRONG_TRIGGER = /[=＝]/;
/**
 * Places at which a cell may begin, each with the blanks and invisible characters that spreadsheets drop, and the quotes that may
 * open it. A match takes a whole run, so that no character is looked at twice.
 */
const CELL_STARTS = /(?:^|[;\t\r\n])[\s\p{C}";]*/gu;
const SEPARATOR = /[;\t\r\n]/;
const LINE_END = /[\r\n]/g;
/**
 * Without one of these a formula reaches nothing outside its sheet: a function's parenthesis, the bar of a DDE link, another
 * sheet's or file's mark, as Excel and as LibreOffice write it.
 */
const REACHING = /[(|（｜]|[!！](?![\s",]|$)|['＇][#＃]/gu;

/** Where in a text the last of what reaches out stands; -1 = nowhere. */
function lastReach(text: string): number {
	let last = -1;
	for (const { index } of text.matchAll(REACHING)) last = index;
	return last;
}

/** Says of places in a text, asked for in order, whether something that reaches out follows on their line. Looks at each line once. */
function lineReaches(text: string): (at: number) => boolean {
	let end = 0;
	let last = -1;
	return (at) => {
		if (at >= end) {
			LINE_END.lastIndex = at;
			end = LINE_END.exec(text)?.index ?? text.length;
			last = at + lastReach(text.slice(at, end));
		}
		return last > at;
	};
}

/**
 * A text with an apostrophe before every character that a spreadsheet would take for the beginning of a formula and run: visitors
 * write what an admin opens (OWASP, CSV Injection). Time grows with its length alone.
 *
 * Where a cell begins depends on who reads. With commas, the quoted text is one cell and begins at its first character. With
 * semicolons or tabs, as in many locales, the quotes of our file stand in the middle of a cell and hold nothing together, so that
 * a cell begins behind each `;` or tab and each line break of the text; there a quote of the text, written as two, opens a cell
 * and closes it at once, and what follows is its value. Blanks and invisible characters before a formula are dropped by some.
 *
 * `=` always runs. `+`, `-` and `@` are touched only where something that reaches out of the sheet follows in the same cell:
 * `(`, `|`, `!` before a name, or `'#`. So `- one`, `-1` and `+49 30 123456` stay as they were written.
 */
function withoutFormulas(text: string): string {
	if (!TRIGGER.test(text)) return text;
	const isReachedOnLine = lineReaches(text);
	let safe = "";
	let taken = 0;
	for (const { 0: run, index } of text.matchAll(CELL_STARTS)) {
		const at = index + run.length;
		if (!TRIGGER.test(text.charAt(at))) continue;
		// At the very beginning a quote is the comma reader's own text, and no other reader begins a cell there.
		const isWhole = index === 0 && !run.includes('"');
		if (!isWhole && !SEPARATOR.test(run)) continue;
		const isRun =
			STRONG_TRIGGER.test(text.charAt(at)) || (isWhole ? lastReach(text.slice(at)) > 0 : isReachedOnLine(at));
		if (!isRun) continue;
		safe += `${text.slice(taken, at)}'`;
		taken = at;
	}
	return safe + text.slice(taken);
}

/** A cell as RFC 4180 quotes it, of which no spreadsheet runs anything. */
function csvCell(value: string | null): string {
	if (value === null) return "";
	const text = withoutFormulas(value);
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A line with its end, CRLF. */
export function csvLine(values: (string | null)[]): string {
	return `${values.map(csvCell).join(",")}\r\n`;
}
