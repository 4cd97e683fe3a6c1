import { normalized } from "../text/normalized.ts";

/** A text as the rules read it, and where each of its characters stands in the one that was written. */
export interface FoldedText {
	/** Plain letters, digits and marks: no accents, nothing that nobody sees, every blank a space, every dash a hyphen. */
	text: string;
	/** Where what became the UTF-16 unit `index` of `text` begins in the written text; at `text.length` its end. */
	startOf(index: number): number;
	/** Where it ends there. */
	endOf(index: number): number;
}

/** ASCII without controls other than blanks. */
const IS_PLAIN = /^[\t\n\r -~]*$/;
const UNSEEN = /[\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}\p{Cc}]/gu;
const DASH = /^[\p{Pd}\u2212\u00b7\u2022]$/u;
const APOSTROPHE = /^[\u2018\u2019\u02bc\u00b4`]$/;
/** The digits of all scripts stand in rows of ten that begin with their zero. */
const DIGIT = /^\p{Nd}$/u;

/** Folds a text, in time that grows as its length. */
export function foldedText(written: string): FoldedText {
	if (IS_PLAIN.test(written)) {
		return {
			text: written.replace(/[\t\n\r]/g, " "),
			startOf: (index) => index,
			endOf: (index) => index + 1,
		};
	}
	return foldedByCharacter(written);
}

function foldedByCharacter(written: string): FoldedText {
	const pieces: string[] = [];
	const starts: number[] = [];
	const ends: number[] = [];
	let at = 0;
	for (const character of written) {
		const folded = foldedCharacter(character);
		const end = at + character.length;
		for (let unit = 0; unit < folded.length; unit++) {
			starts.push(at);
			ends.push(end);
		}
		pieces.push(folded);
		at = end;
	}
	return {
		text: pieces.join(""),
		startOf: (index) => starts[index] ?? written.length,
		endOf: (index) => ends[index] ?? written.length,
	};
}

function foldedCharacter(character: string): string {
	if (character >= " " && character <= "~") return character;
	if (/^\s$/u.test(character)) return " ";
	if (character < " ") return "";
	if (DASH.test(character)) return "-";
	if (APOSTROPHE.test(character)) return "'";
	if (DIGIT.test(character)) return digit(character);
	return normalized(character, "NFKD").replace(UNSEEN, "").replace(/\s/gu, " ");
}

/** `7` of a seven in any script: how many of its kind stand right before it, in its row of ten. */
function digit(character: string): string {
	const plain = normalized(character, "NFKD");
	if (/^[0-9]$/.test(plain)) return plain;
	const code = character.codePointAt(0) ?? 0;
	let value = 0;
	while (value < 9 && DIGIT.test(String.fromCodePoint(code - value - 1))) value++;
	return String(value);
}
