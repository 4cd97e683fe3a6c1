const IS_ASCII = /^[\0-\x7f]*$/;
/** Marks, and the two letters that normalising makes marks of. */
const MARK = "[\\p{M}\\uFF9E\\uFF9F]";
/** Looked for at the beginning of each run only. */
const LONG_RUN = new RegExp(`(?<!${MARK})(${MARK}{30})${MARK}+`, "gu");

/**
 * A text in a normal form. Marks in a row are put in order one by one, which takes 16,000 of them, a body of 32 KB, a quarter of a
 * second: what is beyond 30 in a row is left out first (as Unicode's stream-safe text format bounds it, UAX #15, section 13; no
 * language needs half as many), and the time grows as the text's length, whatever it holds.
 */
export function normalized(text: string, form: "NFC" | "NFKC" | "NFKD"): string {
	return IS_ASCII.test(text) ? text : text.replace(LONG_RUN, "$1").normalize(form);
}
