/** Letters of scripts that set no spaces between words, or that bind particles to any word: marks and URLs end between them. */
const UNSPACED =
	/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
/** With the joiners, which stand only within or behind a word. */
const WORD = /[\p{L}\p{N}\p{M}_\u200C\u200D]/u;
const DIGIT = /\p{N}/u;

/** Whether a character belongs to a word or a number. */
export function isWord(character: string): boolean {
	return WORD.test(character);
}

/** Whether a character belongs to a word that is told from its neighbours by spaces. */
export function isSpacedWord(character: string): boolean {
	return WORD.test(character) && !UNSPACED.test(character);
}

/** Whether a character is written without spaces around its words. */
export function isUnspaced(character: string): boolean {
	return UNSPACED.test(character);
}

export function isDigit(character: string): boolean {
	return DIGIT.test(character);
}

/** The code point before a place, "" at the beginning. */
export function characterBefore(text: string, at: number): string {
	const unit = text.charAt(at - 1);
	return /[\uDC00-\uDFFF]/.test(unit) ? text.slice(Math.max(0, at - 2), at) : unit;
}

/** The code point at a place, "" at the end. */
export function characterAt(text: string, at: number): string {
	const point = text.codePointAt(at);
	return point === undefined ? "" : String.fromCodePoint(point);
}
