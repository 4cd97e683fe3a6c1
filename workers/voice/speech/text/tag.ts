import { characterBefore, isWord } from "./characters.ts";
import { COMMA, LINE, STOP } from "./pauses.ts";

const NAME = /<(\/?)([a-z][a-z\d:-]{0,30})(?=[\s/>])/iy;
/** What follows a tag's name. The bounds keep a lone `<` from reading the whole text. */
const REST = /(?:[^<>"']|"[^"]{0,200}"|'[^']{0,200}'){0,300}>/y;
const UNQUOTED_REST = /[^<>]{0,400}>/y;
const MAX_COMMENT_CHARS = 2_000;
const CLOSING_NAMES = /<\/([a-z][a-z\d:-]{0,30})\s{0,20}>/gi;
/** A value in quotes: no sentence writes it. */
const ATTRIBUTE = /[\w:-]\s?=\s?["']/;
const ALT = /\salt\s?=\s?(?:"([^"]*)"|'([^']*)')/i;
const LINKED = /<([a-z][a-z\d+.-]{1,31}:)([^\s<>]{1,2000})>/iy;
const MAIL = /<([\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z\d.-]{1,255})>/iy;
const SPOKEN_SCHEMES = /^(?:mailto|tel|sms):$/i;

/** Tags that stand alone or whose end may be left out. `<address>` or `<time>` alone is a place to fill in, and is read aloud. */
const ALONE = new Set(
	"br hr wbr p li td th tr ul ol dl dd dt div span b i u em strong sub sup table thead tbody h1 h2 h3 h4 h5 h6".split(
		" ",
	),
);
const PAUSES: ReadonlyMap<string, string> = new Map([
	["br", LINE],
	["td", COMMA],
	["th", COMMA],
	..."p li tr ul ol dl dd dt div hr table blockquote h1 h2 h3 h4 h5 h6".split(" ").map((name) => [name, STOP] as const),
]);

interface Tag {
	/** What is spoken in its place. */
	text: string;
	end: number;
}

/** The names of all closing tags of a text: a tag of any name is one when it is closed. */
export function closingNames(text: string): ReadonlySet<string> {
	return new Set(Array.from(text.matchAll(CLOSING_NAMES), ([, name = ""]) => name.toLowerCase()));
}

/** The tag of HTML or SSML, the comment or the address in angle brackets at a `<`; null where it is text, as in `x<y`. */
export function tagAt(text: string, at: number, closed: ReadonlySet<string>): Tag | null {
	if (text.startsWith("<!--", at)) {
		const length = text.slice(at, at + MAX_COMMENT_CHARS).indexOf("-->", 4);
		return length < 0 ? null : { text: " ", end: at + length + 3 };
	}
	return addressAt(text, at) ?? elementAt(text, at, closed);
}

function addressAt(text: string, at: number): Tag | null {
	MAIL.lastIndex = at;
	const mail = MAIL.exec(text);
	if (mail !== null) return { text: mail[1] ?? "", end: at + mail[0].length };
	LINKED.lastIndex = at;
	const [source = "", scheme = "", rest = ""] = LINKED.exec(text) ?? [];
	if (SPOKEN_SCHEMES.test(scheme)) return { text: rest, end: at + source.length };
	return rest.startsWith("//") ? { text: " ", end: at + source.length } : null;
}

function elementAt(text: string, at: number, closed: ReadonlySet<string>): Tag | null {
	NAME.lastIndex = at;
	const match = NAME.exec(text);
	if (match === null) return null;
	const [head, slash = "", written = ""] = match;
	const name = written.toLowerCase();
	const end = tagEnd(text, at + head.length);
	if (end < 0) return null;
	const source = text.slice(at, end);
	if (slash === "" && !isElement(source, name, closed, characterBefore(text, at))) return null;
	const alt = name === "img" ? ALT.exec(source) : null;
	return { text: ` ${alt?.[1] ?? alt?.[2] ?? ""}${PAUSES.get(name) ?? ""} `, end };
}

/** Whether what looks like an opening tag is one, rather than a comparison or a word in angle brackets. */
function isElement(source: string, name: string, closed: ReadonlySet<string>, before: string): boolean {
	if (closed.has(name) || ATTRIBUTE.test(source) || /^<[a-z\d]+\s?\/>$/i.test(source)) return true;
	return ALONE.has(name) && (!isWord(before) || name === "br") && /^<\w+>$/.test(source);
}

/** Behind the `>` of a tag; -1 where there is none near. One within quotes does not count, unless they never end. */
function tagEnd(text: string, from: number): number {
	for (const pattern of [REST, UNQUOTED_REST]) {
		pattern.lastIndex = from;
		if (pattern.test(text)) return pattern.lastIndex;
	}
	return -1;
}

const LOOKS_LIKE_TAG = /<(?=[a-z/!?])([^<>]{0,300})>/gi;

/**
 * What still looks like a tag is text, such as `<your name>` or `a<b>c`. ElevenLabs would take it for markup (`<break>`
 * makes it pause), so the brackets go, or stand apart where they compare.
 */
export function withoutTagShapes(text: string): string {
	return text.replace(LOOKS_LIKE_TAG, (_, within: string, at: number) =>
		isWord(characterBefore(text, at)) ? ` < ${within}>` : ` ${within.replace(/^\/|\/$/g, "")} `,
	);
}
