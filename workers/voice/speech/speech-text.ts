import { normalized } from "../../lib/text/normalized.ts";

/** Fences, rules and the line under a table's head; each line is by then without runs of spaces, so no pattern backtracks far. */
const MARKUP_LINES = /^ ?(?:(?:`{3,}|~{3,})[\w+#.-]{0,30} ?|[|: -]{3,}|(?:[*_] ?){3,})$/gm;
/** What begins a heading, a quotation or an item of a list. */
const LINE_STARTS = /^ ?(?:#{1,6}|>|[-*+]) /gm;
const IMAGES_AND_LINKS = /!?\[([^[\]\n]{0,500})\]\([^()\s]{0,2000}(?: "[^"\n]{0,500}")?\)/g;
const URLS = /<?\b(?:https?:\/\/|www\.)[^\s<>"']*[^\s<>"')\].,;:!?]>?/gi;
/** HTML and SSML; the length keeps a lone `<` from reading the whole text. */
const TAGS = /<\/?[A-Za-z][^<>]{0,200}>/g;
const EMPHASIS = /(\*{1,3}|~~|(?<![\p{L}\p{N}_])_{1,3})(?=\S)([^*~_\n]{1,1000}?)(?<=\S)\1(?![\p{L}\p{N}_])/gu;
const STRONG = /(\*{1,3})(?=\S)([^*\n]{1,1000}?)(?<=\S)\1/g;
const MARKS = /[`|]/g;
/** With the joiners, selectors and skin tones that belong to it; ©, ® and ™ are spoken. */
const EMOJI =
	// biome-ignore lint/suspicious/noMisleadingCharacterClass: joiners and selectors go with the emoji, each by itself.
	/(?![©®™])[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}][\uFE0E\uFE0F\u200D\u{E0020}-\u{E007F}]*/gu;
/** Format characters but the joiners that Persian and Indic words need; keycaps; private and unassigned code points. */
const INVISIBLE = /[\uFE0E\uFE0F\u20E3\p{Co}\p{Cn}]|(?![\u200C\u200D])\p{Cf}/gu;
const SPACES = /[\p{Cc}\s]+/gu;
const SPEAKABLE = /[\p{L}\p{N}\p{Sc}]/u;

/**
 * What of a text is worth saying: markdown, tags, URLs, emoji and control characters out, NFC, whitespace folded to single
 * spaces. Texts that sound alike become one, and the cache and the count of characters go by it.
 * @param text well-formed
 * @returns "" when nothing is left to say
 */
export function speakable(text: string): string {
	const plain = withoutMarkdown(normalized(text, "NFC"))
		.replace(EMOJI, " ")
		.replace(INVISIBLE, "")
		.replace(SPACES, " ")
		.trim();
	return SPEAKABLE.test(plain) ? plain : "";
}

function withoutMarkdown(text: string): string {
	return text
		.replace(/\r\n?/g, "\n")
		.replace(/[^\S\n]+/g, " ")
		.replace(MARKUP_LINES, "")
		.replace(LINE_STARTS, "")
		.replace(IMAGES_AND_LINKS, "$1")
		.replace(URLS, "")
		.replace(TAGS, " ")
		.replace(EMPHASIS, "$2")
		.replace(STRONG, "$2")
		.replace(MARKS, " ");
}
