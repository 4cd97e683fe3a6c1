import { normalized } from "../text/normalized.ts";
import { truncate } from "../text/text.ts";

/** A message is no longer; what is beyond is not read. Code points. */
const MAX_CHARS = 2000;
/** Some single characters stand for a whole phrase once they are taken apart: a text that grows beyond so many times itself is cut. */
const MAX_GROWTH = 2;

/** A word as it is written, in small letters without accents. */
export interface Piece {
	text: string;
	/** What parts it from the word before, as `Word.before`. */
	before: "nothing" | "pause" | "stop";
	isQuoted: boolean;
}

/** Letters of other alphabets that look like ours, each before the one it looks like. */
const PAIRS = [
	..."аaеeоoрpсcуyхxіiѕsјjкkмmтtвbнhӏlıiԁdԛqԝwοoιiαaκkνvρpτtεeυuωwηnσoօoհhսuɡgøołlđdħhƙk",
	..."ᴀaʙbᴄcᴅdᴇeғfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpʀrᴛtᴜuᴠvᴡwʏyᴢz",
];
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
	PAIRS.flatMap((letter, index) => (index % 2 === 0 ? [[letter, PAIRS[index + 1] ?? letter]] : [])),
);
const LOOKALIKE = new RegExp(`[${[...LOOKALIKES.keys()].join("")}]`, "g");

/** What is typed for a word or a part of one, in whatever language. */
const TYPED: readonly [RegExp, string][] = [
	[/k!ll/g, "kill"],
	[/d!e\b/g, "die"],
	[/\bw@n/g, "wan"],
	[/\b1 (?=w[a4]n|c[a4]n|wish|h[a4]ve|f[e3]+l|d[o0]n)/g, "i "],
	// The key beside the apostrophe.
	[/([a-z])[;ʹ](?=(?:t|m|s|ve|ll|re|d)\b)/g, "$1'"],
	[/su!c/g, "suic"],
	[/\bmy sel(?:f|ves)\b/g, "myself"],
	[/(\d)(yo|yr|mo)\b/g, "$1 $2"],
	[/\b(want|need|going|about|ready|trying|how|ways?) 2 /g, "$1 to "],
];

/** Nobody sees them; between letters they part no words. */
const CONTROLS = /(?!\s|\u0085)\p{Cc}/gu;
const HAS_CONTROLS = new RegExp(CONTROLS.source, "u");
const IS_ASCII = /^[\0-\x7f]*$/;
/** Words, and what is between them. A character belongs to one of the two, so a text costs its length once. */
const PIECE = /[\p{L}\p{N}*$]+(?:'[\p{L}\p{N}*]+)*|[^\p{L}\p{N}*$]+/gu;
const STARTS_AS_WORD = /^[\p{L}\p{N}*$]/u;
/** The same for a text without any other letters, which is read several times as fast. */
const ASCII_PIECE = /[a-z0-9*$]+(?:'[a-z0-9*]+)*|[^a-z0-9*$]+/g;
const STARTS_AS_ASCII_WORD = /^[a-z0-9*$]/;

/**
 * Takes a message apart into its words. Case, accents, invisible characters, styled letters and kinds of quotation marks make no difference.
 * @param maxChars so many code points are read
 */
export function piecesOf(message: string, maxChars = MAX_CHARS): Piece[] {
	const pieces: Piece[] = [];
	const quotes = createQuotes(pieces);
	let before: Piece["before"] = "stop";
	const text = plain(truncate(message, maxChars), maxChars);
	const isAscii = IS_ASCII.test(text);
	const startsAsWord = isAscii ? STARTS_AS_ASCII_WORD : STARTS_AS_WORD;
	for (const [part] of text.matchAll(isAscii ? ASCII_PIECE : PIECE)) {
		if (pieces.length >= maxChars / 2) break;
		if (part === " ") continue;
		if (!startsAsWord.test(part)) {
			if (pieces.length > 0) before = breakOf(part);
			quotes.pass(part);
			continue;
		}
		for (const word of wordsIn(part)) {
			pieces.push({ text: word, before, isQuoted: false });
			before = "nothing";
		}
	}
	return pieces.map(withoutLoneStops);
}

function plain(message: string, maxChars: number): string {
	const seen = HAS_CONTROLS.test(message) ? message.replace(CONTROLS, "") : message;
	let text = (IS_ASCII.test(seen) ? seen : inAscii(seen, maxChars)).toLowerCase();
	for (const [typed, meant] of TYPED) text = text.replace(typed, meant);
	return text;
}

function inAscii(message: string, maxChars: number): string {
	return (
		normalized(message, "NFKD")
			.slice(0, maxChars * MAX_GROWTH)
			// The accent tells yes from if, and is gone a line later.
			.replace(/\bsi\u0301/gi, "claro")
			.replace(/[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, "")
			// White letters on black squares.
			.replace(/[\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}]/gu, squared)
			.replace(/[‘’‚ʼ′]/g, "'")
			.replace(/[“”„«»]/g, '"')
			// Signs that stand for a deed.
			.replace(/🔫/gu, " shoot ")
			.replace(/[💀☠⚰🪦]/gu, " kill ")
			.toLowerCase()
			.replace(LOOKALIKE, (letter) => LOOKALIKES.get(letter) ?? letter)
	);
}

/** Two rows of them, each from A on. */
function squared(sign: string): string {
	const at = (sign.codePointAt(0) ?? 0) - 0x1f150;
	return String.fromCharCode(0x61 + (at % 32));
}

/** `I. Can't. Breathe.` is one sentence: a full stop right after its only word is a pause for breath. */
function withoutLoneStops(piece: Piece, index: number, pieces: readonly Piece[]): Piece {
	const isLone = index > 0 && piece.before === "stop" && pieces[index - 1]?.before === "stop";
	return isLone ? { ...piece, before: "pause" } : piece;
}

/** A word without what is only typed around it; English `'s` is a word of its own. */
function wordsIn(part: string): string[] {
	const word = part.includes("*") ? withoutStarsAround(part) : part;
	if (word === "") return [];
	if (!word.includes("'")) return [word];
	if (word.endsWith("'s")) return [word.slice(0, -2).replaceAll("'", ""), "is"];
	return [word.replaceAll("'", "")];
}

/** Not by a regular expression: one that looks for the stars before the end tries each run of them again and again. */
function withoutStarsAround(part: string): string {
	let start = 0;
	let end = part.length;
	while (part[start] === "*") start++;
	while (end > start && part[end - 1] === "*") end--;
	return part.slice(start, end);
}

function breakOf(between: string): Piece["before"] {
	// An ellipsis is a pause for breath; a single full stop ends a sentence.
	if (/[!?;\n\r]|(?<!\.)\.(?!\.)/.test(between)) return "stop";
	// What a colon or a quotation mark brings belongs to what stands before it.
	return /^[\s'":`-]*$/.test(between) && !/ -|- /.test(between) ? "nothing" : "pause";
}

interface Quotes {
	/** Takes note of the marks between two words. */
	pass(between: string): void;
}

/** Marks the words of a quotation once it is closed; a mark that nothing closes is none. */
function createQuotes(pieces: Piece[]): Quotes {
	const openedAt: Record<"double" | "single", number | undefined> = { double: undefined, single: undefined };
	const close = (kind: "double" | "single"): void => {
		for (const piece of pieces.slice(openedAt[kind])) piece.isQuoted = true;
		openedAt[kind] = undefined;
	};
	return {
		pass(between) {
			if (between.startsWith("'") && openedAt.single !== undefined) close("single");
			if (between.includes('"') && openedAt.double !== undefined) close("double");
			else if (between.includes('"')) openedAt.double = pieces.length;
			if (/(?:^|[\s(:,.-])'$/.test(between)) openedAt.single = pieces.length;
		},
	};
}
