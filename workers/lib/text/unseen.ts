import { normalized } from "./normalized.ts";

/**
 * What nobody sees: spaces, controls and format characters, all that Unicode has programs ignore (zero-width spaces, soft hyphens,
 * Hangul fillers, tags, variation selectors), marks that combine with a letter that is not there, and the blanks that are
 * symbols or letters by their category (braille's, music's and Egyptian ones). An unassigned code point may be a new emoji.
 */
const SEEN =
	/[^\s\p{Cc}\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\uFFFC\u{1D159}\u{13441}\u{13442}]/u;
/** What stands within a word without being seen as a letter of it. */
const UNSEEN_IN_WORDS = /(?:[\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}\u2800]|(?!\s)\p{Cc})+/gu;
/** ASCII that is all seen, or white space. */
const IS_PLAIN = /^[\t-\r -~]*$/;

/** Whether there is nothing in a text that a reader could see. It costs the text's length at most. */
export function isBlank(text: string): boolean {
	return !SEEN.test(text);
}

/** A text to compare by what a reader sees: without what nobody sees and without accents, styled and full-width letters as plain ones. */
export function asSeen(text: string): string {
	if (IS_PLAIN.test(text)) return text;
	return normalized(text.replace(UNSEEN_IN_WORDS, ""), "NFKD").replace(UNSEEN_IN_WORDS, "");
}
