/**
 * What a spreadsheet takes for the beginning of a formula: =, +, - or @ (their full-width forms as well, which some locales
 * treat alike), also behind blanks and invisible characters that it drops; and a tab, CR or LF at the very beginning
 * (OWASP, CSV injection).
 */
const FORMULA = /^(?:[\t\r\n]|[\s\p{C}]*[=+\-@＝＋－＠])/u;

/** The same within a text: where `;` or a tab parts the cells, as in many locales' spreadsheets, quotes do not hold it together. */
const LATER_FORMULA = /(?<!^)([;\t\r\n])(?=[\s\p{C}]*[=+\-@＝＋－＠])/gu;

/**
 * A cell as RFC 4180 quotes it. A text that a spreadsheet would run as a formula is given a leading apostrophe, which makes
 * it text: visitors write what an admin opens.
 */
function csvCell(value: string | null): string {
	if (value === null) return "";
	const text = (FORMULA.test(value) ? "'" : "") + value.replaceAll(LATER_FORMULA, "$1'");
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A line with its end, CRLF. */
export function csvLine(values: (string | null)[]): string {
	return `${values.map(csvCell).join(",")}\r\n`;
}
