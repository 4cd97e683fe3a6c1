import { withoutSigns } from "./signs.ts";

/** HTML's names of U+00A0 to U+00FF, in order. */
const LATIN_1 =
	"nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para " +
	"middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute " +
	"Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute " +
	"THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde " +
	"ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";
/** Further ones that a text may hold, each followed by what it stands for. */
const OTHERS =
	"amp & lt < gt > quot \" apos ' euro € trade ™ hellip … ndash – mdash — lsquo ‘ rsquo ’ ldquo “ rdquo ” bull • prime ′ " +
	"minus − le ≤ ge ≥ ne ≠ asymp ≈ rarr → alpha α beta β gamma γ delta δ mu μ pi π oelig œ num # ast * lowbar _ vert |";
const SPACES = ["ensp", "emsp", "thinsp", "Tab", "NewLine"];

const NAMED: ReadonlyMap<string, string> = new Map([
	...LATIN_1.split(" ").map((name, index) => [name, String.fromCodePoint(0xa0 + index)] as const),
	...pairs(OTHERS.split(" ")),
	...SPACES.map((name) => [name, " "] as const),
]);

/** One that was escaped several times is meant once. */
const ENTITY = /&(?:amp;){0,8}(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z][a-z\d]{1,30}));/iy;

function pairs(words: string[]): (readonly [string, string])[] {
	return words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? ""] as const] : []));
}

interface Entity {
	/** What it stands for; nothing where that cannot be seen or said. */
	text: string;
	end: number;
}

/** The HTML entity at a place, or null where there is none that we know: then it is text. */
export function entityAt(text: string, at: number): Entity | null {
	ENTITY.lastIndex = at;
	const match = ENTITY.exec(text);
	if (match === null) return null;
	const [source, decimal, hex, name] = match;
	const named = name === undefined ? undefined : (NAMED.get(name) ?? NAMED.get(name.toLowerCase()));
	const found = name === undefined ? fromCode(decimal === undefined ? `0x${hex}` : decimal) : named;
	return found === undefined ? null : { text: withoutSigns(found), end: at + source.length };
}

function fromCode(digits: string): string | undefined {
	const code = Number(digits);
	const isText = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
	return isText ? String.fromCodePoint(code) : undefined;
}
