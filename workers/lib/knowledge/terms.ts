import { termOf } from "./english/stemmer.ts";
import { normalized } from "../text/normalized.ts";
import { truncate } from "../text/text.ts";
import { STOP_WORDS } from "./english/words.ts";

/** Code points. */
const QUESTION_MAX_CHARS = 200;

/** Letters that Unicode does not take apart into a letter and a mark. */
const LETTERS: Readonly<Record<string, string>> = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ł: "l", ı: "i" };
/** Accents. The marks of other scripts make other letters, and stay. */
const ACCENTS = /[\u0300-\u036f]/g;
/** A word, or several joined by hyphens; for what is ASCII alone at a fifth of the time. */
const ASCII_WORDS = /[a-z0-9]+(?:-[a-z0-9]+)*/g;
const WORDS = /[\p{L}\p{N}\p{M}]+(?:[-\u2010\u2011][\p{L}\p{N}\p{M}]+)*/gu;
const UNSPACED =
	"\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Hangul}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}";
const HYPHEN = /[-\u2010\u2011]/;
/** The parts of a word in scripts that put no space between words, or little, and the other parts. */
const SCRIPT_RUNS = new RegExp(`(?<unspaced>[${UNSPACED}]+)|[^${UNSPACED}]+`, "gu");

/**
 * A question with case, marks and spacing evened out, so that its spellings count as one: by this a curated answer is found
 * and questions are counted. "" when no word is left. At most 200 code points.
 */
export function questionKey(text: string): string {
	const key = normalized(text, "NFKC")
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\p{M}]+/gu, " ")
		.trim();
	return truncate(key, QUESTION_MAX_CHARS);
}

/**
 * The terms by which a text is found: its words folded (case, width, accents), the commonest left out, English ones cut to
 * their stem, scripts without spaces as pairs of characters. In order, as often as in the text, each ≤ 40 code points.
 * When this changes, every stored passage has to be made anew.
 */
export function terms(text: string): string[] {
	return words(text).filter(isSearched).map(termOf);
}

/** The folded words of a text, the commonest included. */
export function words(text: string): string[] {
	if (isAscii(text)) return (text.toLowerCase().match(ASCII_WORDS) ?? []).flatMap(hyphenated).filter(isWord);
	return (fold(text).match(WORDS) ?? []).flatMap(hyphenated).flatMap(byScript).filter(isWord);
}

/** Whether a folded word is searched for: it is not one of the commonest. */
export function isSearched(word: string): boolean {
	return !STOP_WORDS.has(word);
}

function isAscii(text: string): boolean {
	return /^[\0-\x7f]*$/.test(text);
}

/** Taken apart twice: what lower case makes of "İ" has an accent again. */
function fold(text: string): string {
	const plain = normalized(normalized(text, "NFKD").toLowerCase(), "NFKD").replace(ACCENTS, "").normalize("NFC");
	return plain.replace(/[ßæœøđłı]/g, (letter) => LETTERS[letter] ?? letter);
}

/** "e-mail" is found as "mail" and as "email". */
function hyphenated(word: string): string | string[] {
	if (!HYPHEN.test(word)) return word;
	const parts = word.split(HYPHEN);
	return [...parts, parts.join("")];
}

function byScript(word: string): string[] {
	return [...word.matchAll(SCRIPT_RUNS)].flatMap(({ 0: run, groups }) =>
		groups?.unspaced === undefined ? [run] : pairs(run),
	);
}

/** A letter alone is none ("s" of "child's"), unless it is one of a script such as Chinese; a digit is. */
function isWord(run: string): boolean {
	return run.length > 1 || !/[a-z\u0370-\u07ff]/.test(run);
}

function pairs(run: string): string[] {
	const characters = [...run];
	return characters.length === 1
		? characters
		: characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}
