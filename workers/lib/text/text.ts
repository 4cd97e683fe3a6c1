/** The number of Unicode code points, which is what our text limits count. */
export function codePoints(text: string): number {
	let count = 0;
	for (let index = 0; index < text.length; index++) {
		const unit = text.charCodeAt(index);
		const paired = unit >= 0xd800 && unit <= 0xdbff && index + 1 < text.length;
		if (paired) index++;
		count++;
	}
	return count;
}

/** Whether a text can be stored and given back as it is: no lone surrogate (D1 would keep three U+FFFD) and no NUL (SQL's length() stops there). */
export function isStorable(text: string): boolean {
	return text.isWellFormed() && !text.includes("\0");
}

/** The text cut to at most `max` code points, never inside a surrogate pair. */
export function truncate(text: string, max: number): string {
	if (text.length <= max) return text;
	return Array.from(text.slice(0, max * 2))
		.slice(0, max)
		.join("");
}

/** Control characters (C0, DEL, C1) and Unicode's separators of lines and paragraphs. */
const LINE_BREAKING = /[\p{Cc}\u2028\u2029]/u;

/** Whether a text is a single line, as a name or a title is: what shows it, sorts by it or goes on behind it may rely on that. */
export function isOneLine(text: string): boolean {
	return !LINE_BREAKING.test(text);
}

/** U+2060, which shows nothing and allows no line break. */
const WORD_JOINER = "\u2060";

/**
 * A text of any lines as it is stored: every line ends with LF alone. `wrangler d1 export` writes a line break as the two
 * characters `\n`, so that on import a backslash and an n that are meant as such (`C:\new`) become a line break wherever the
 * same text has one; an invisible character between the two keeps them (seen with wrangler 4.156.2).
 */
export function storedLines(text: string): string {
	const lines = text.replace(/\r\n?/g, "\n");
	return lines.includes("\n") ? lines.replaceAll("\\n", `\\${WORD_JOINER}n`) : lines;
}
