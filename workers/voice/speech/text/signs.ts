import { normalized } from "../../../lib/text/normalized.ts";

/** The digit of a keycap is a number like any other; what joins a sign to its keycap is not. */
const DIGIT_KEYCAPS = /([0-9])\uFE0F?\u20E3/g;
const SIGN_KEYCAPS = /[#*]\uFE0F?\u20E3/g;
/** With the joiners, selectors and skin tones that belong to it; ©, ® and ™ are spoken, and so are letters such as ℹ by itself. */
const EMOJI =
	// biome-ignore lint/suspicious/noMisleadingCharacterClass: joiners and selectors go with the emoji, each by itself.
	/(?:(?![©®™\p{L}\p{N}])[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}]|\u2139\uFE0F)[\uFE0E\uFE0F\u200D\u{E0020}-\u{E007F}]*/gu;
/** Letters that show nothing. */
const BLANKS = /[\u115F\u1160\u3164\uFFA0]/g;
/** Format characters but the joiners of Persian and Indic words, which follow a letter, and what selects a form. */
const INVISIBLE = /[\uFE0E\uFE0F\u20E3]|(?!\s)(?!(?<=[\p{L}\p{M}])[\u200C\u200D])\p{Cf}/gu;
/** Signs of a font's own, which nobody can say; the steps that follow set some of their own. */
const UNASSIGNED = /[\p{Co}\p{Cn}]/gu;
const LINE_ENDS = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
const SPACES = /[^\S\n]|(?!\n)\p{Cc}/gu;

/** A text in NFC without emoji and what cannot be seen; its lines end in \n, every other space is a plain one. */
export function withoutSigns(text: string): string {
	return normalized(text, "NFC")
		.replace(LINE_ENDS, "\n")
		.replace(DIGIT_KEYCAPS, "$1 ")
		.replace(SIGN_KEYCAPS, " ")
		.replace(EMOJI, " ")
		.replace(BLANKS, " ")
		.replace(SPACES, " ")
		.replace(INVISIBLE, "")
		.replace(UNASSIGNED, " ");
}
