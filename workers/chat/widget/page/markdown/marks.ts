// What is marked within a line, as sources of regular expressions. Each part ends where the next begins or is bounded, so that a
// text costs its length. The names of groups are short, as they are sent to every page.

/** Signs of an address; scripts without spaces, an entity and a sentence that goes on without a space are none. */
const SIGN = String.raw`(?!&\w+;|[.?!]\p{Lu}\p{Ll})[-!#-&+-;=?-Z_a-z~À-ɏ]`;
/** The host may be written with a capital; brackets belong to an address in pairs. */
const WEB = String.raw`(?:https?://|(?<![\w@.-])www\.)[\w-]+(?:\.[\w-]+)?(?:${SIGN}|\((?:${SIGN})*\)){0,2000}(?<![.,:;?!_~-])`;
const MAIL = String.raw`(?<![\w.+-])\w[\w.+-]{0,63}@(?:[\w-]{1,63}\.){1,5}[A-Za-z]{2,24}(?![\w@])`;
/** Of the USA with their area code, or of any country with its `+`: no price, decimal, identifier or date. */
const PHONE =
	String.raw`(?<![\w+#$€£.,/-]|\b[Ii][Dd]:? ?)(?:(?:\+?1[-. ]?)?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])\d{3}[-. ]\d{4}` +
	String.raw`|\+1?[2-9](?:[ .()-]{0,2}\d){8,14})(?![\w%]|[-.,:/]\d)`;

/** The words of a link and its address may hold brackets. */
const LABEL = String.raw`!?\[((?:[^[\]\\]|\\.|\[[^[\]]*\]){0,300})`;
const LINK = String.raw`${LABEL.replace("(", "(?<label>")}\]\((?<href>(?:[^()\n"]|\([^()\n"]*\)){1,2000})(?:"(?<title>[^"]{0,300})"\s*)?\)`;

/** A letter of a script that sets spaces between words. */
const LETTER = String.raw`(?![\u0E00-\u1DFF\u2E80-\uFFFF])[\p{L}\p{N}_]`;
/** Stricter than CommonMark where numbers and words touch a mark, since `2*500mg*3` is a dose; looser where a script sets no spaces. */
const BOLD = String.raw`(?<![\p{N}*)\]}%])\*\*(?=\*?[^\s*])(?<b>.{0,2000}?\S\*?)(?:\*\*(?![*\p{N}])`;
/** Bold that was never closed is bold all the same, as the answer may have been cut; a power is none. What looks back does so at the end alone. */
const CUT = String.raw`|$(?<=(?:^|[\s(])\*\*\k<b>))`;
const LIGHT = String.raw`(?<![)\]}%*]|${LETTER})(?<mark>__|~~|[*_])(?=[^\s*])(?<i>.{0,1000}?[^\s*](?:\*\*)?)(?:\k<mark>(?!\*|${LETTER})`;
const PLAIN = String.raw`\\(?<as>[!-/:-@[-${"`"}{-~])|(?<br>\\?\n *|<br ?/?>)|<(?<url>\w+:[^\s<>]+|[^\s<>]+@[^\s<>]+)>|(?<bare>${WEB}|${MAIL}|${PHONE})`;
const CODE = "(?<!`)(?<t>`+)(?!`)(?<code>.+?)(?:(?<!`)\\k<t>(?!`)";

export const MARKS = new RegExp(`${CODE})|${LINK}|${BOLD}${CUT}|${LIGHT})|${PLAIN}`, "gsu");
/** Of a text that goes on: what is not closed reaches to its end, and what may yet become something at its end waits. */
export const OPEN_MARKS = new RegExp(
	String.raw`${CODE}|$)|${LINK}|${BOLD}|$)|${LIGHT}|\s*\**$)|${PLAIN}|${LABEL}(?:\](?:\([^\n]{0,2000})?)?$|<[^\s<>]*$|\\$|(?<![*_~!${"`"}])[*_~!${"`"}]+$`,
	"gsu",
);
