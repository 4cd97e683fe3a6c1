import type { Piece } from "./pieces.ts";
import type { Grammar, WordList } from "./rules.ts";

/** Digits and signs that are typed for letters; a one is an i or an l. */
const FOR_LETTERS: Readonly<Record<string, string>> = {
	"0": "o",
	"1": "i",
	"3": "e",
	"4": "a",
	"5": "s",
	"7": "t",
	$: "s",
};

/** A shorter word is too much like others for any wrong letter to be overlooked. */
const SHORT_CHARS = 6;

/** A word of a message as phrases see it. */
export interface Word {
	/** Small letters and digits without accents; "" = it belongs to a figure of speech and says nothing by itself. */
	text: string;
	/** What parts it from the word before: nothing, a comma or the like, or the end of a sentence. */
	before: "nothing" | "pause" | "stop";
	/** A clause begins with it. */
	opens: boolean;
	/** It joins two clauses. */
	joins: boolean;
	isQuoted: boolean;
	/** Number of its sentence. */
	sentence: number;
	/** Its place among all words. */
	at: number;
}

/** How a language's words are read. */
export interface Reader {
	/** All words, and what is left without fillers and stammering. */
	read(pieces: readonly Piece[]): { all: Word[]; words: Word[] };
}

export function wordSet(list: WordList): Set<string> {
	return new Set(list.flatMap((line) => line.split(" ")));
}

/**
 * Reads words as the rules write them: short and slangy spellings, letters typed twice, digits for letters, and in long words one
 * wrong letter, make no difference.
 * @param vocabulary every word that the rules name: another reading counts only where it leads to one of these
 */
export function createReader(grammar: Grammar, vocabulary: ReadonlySet<string>): Reader {
	const fillers = wordSet(grammar.fillers);
	const joining = wordSet(grammar.joining);
	const calling = wordSet(grammar.calling);
	const known = new Set([...vocabulary, ...fillers, ...joining, ...calling]);
	const spelled = spellings(grammar);
	const meant = (text: string): string[] | undefined => spelled.get(text) ?? (known.has(text) ? [text] : undefined);
	const squeezed = new Map([...known, ...spelled.keys()].map((word) => [squeeze(word), word]));
	const distinctive = [...wordSet(grammar.distinctive)];
	const reading = (text: string): string[] => {
		if (!/[a-z]/.test(text)) return [text];
		const exact = meant(text) ?? meant(lettersOf(text, "i")) ?? meant(lettersOf(text, "l"));
		if (exact !== undefined) return exact;
		const word = squeezed.get(squeeze(lettersOf(text, "i")));
		if (word !== undefined && text.length > 2) return meant(word) ?? [word];
		return [distinctive.find((long) => isNear(text, long)) ?? text];
	};
	return {
		read(pieces) {
			const all: Word[] = [];
			const readings = new Map<string, string[]>();
			let sentence = 0;
			for (const { text, before, isQuoted } of joinLetters(pieces, meant)) {
				if (before === "stop") sentence++;
				const read = readings.get(text) ?? reading(text);
				readings.set(text, read);
				for (const [index, word] of read.entries()) {
					const last = all.at(-1);
					const parted = index === 0 ? before : "nothing";
					const opens = last === undefined || parted !== "nothing" || last.joins || calling.has(last.text);
					all.push({ text: word, before: parted, opens, joins: joining.has(word), isQuoted, sentence, at: all.length });
				}
			}
			return { all, words: withoutFillers(all, fillers) };
		},
	};
}

function spellings(grammar: Grammar): Map<string, string[]> {
	return new Map(
		Object.entries(grammar.spellings).flatMap(([meaning, list]) =>
			list.split(" ").map((spelling): [string, string[]] => [spelling, meaning.split(" ")]),
		),
	);
}

/** What parts a filler from the word before parts the next one from it. */
function withoutFillers(all: readonly Word[], fillers: ReadonlySet<string>): Word[] {
	const words: Word[] = [];
	let dropped: Word | undefined;
	for (const word of all) {
		const isRepeated = word.text === words.at(-1)?.text && word.before !== "stop";
		if (isRepeated || fillers.has(word.text)) {
			if (dropped === undefined || dropped.before === "nothing") dropped = word;
			continue;
		}
		const before = word.before === "nothing" && dropped !== undefined ? dropped.before : word.before;
		words.push({ ...word, before, opens: word.opens || dropped?.opens === true });
		dropped = undefined;
	}
	return words;
}

/** Letters typed one by one are a word where they make one: `k i l l`, `k.m.s`. */
function joinLetters(pieces: readonly Piece[], meant: (text: string) => string[] | undefined): Piece[] {
	const joined: Piece[] = [];
	for (let at = 0; at < pieces.length; ) {
		let end = at;
		while (pieces[end]?.text.length === 1) end++;
		const [first, ...rest] = pieces.slice(at, Math.max(end, at + 1));
		if (first === undefined) break;
		const letters = rest.map(({ text }) => text).join("");
		if (rest.length > 1 && meant(first.text + letters) !== undefined)
			joined.push({ ...first, text: first.text + letters });
		else if (rest.length > 1 && meant(letters) !== undefined)
			joined.push(first, { ...first, text: letters, before: "nothing" });
		else joined.push(first, ...rest);
		at = Math.max(end, at + 1);
	}
	return joined;
}

/** A word with the digits and signs in it read as letters. @param one what a 1 is read as */
export function lettersOf(text: string, one: "i" | "l"): string {
	if (!/[0-9$]/.test(text) || !/[a-z]/.test(text)) return text;
	return text.replace(/[013457$]/g, (sign) => (sign === "1" ? one : (FOR_LETTERS[sign] ?? sign)));
}

/** A word with no letter twice in a row. */
export function squeeze(text: string): string {
	return text.replace(/(.)\1+/gu, "$1");
}

/** Whether a word is a long one but for one letter that is missing, too many, another, or changed places with the next; in a short one only the last. */
export function isNear(text: string, long: string): boolean {
	const difference = text.length - long.length;
	const isShort = long.length < SHORT_CHARS;
	if (Math.abs(difference) > 1 || (isShort && difference !== 0) || text[0] !== long[0]) return false;
	let start = 0;
	while (start < long.length && text[start] === long[start]) start++;
	const rest = (word: string, from: number): string => word.slice(from);
	if (difference === 1) return rest(text, start + 1) === rest(long, start);
	if (difference === -1) return rest(text, start) === rest(long, start + 1);
	if (!isShort && rest(text, start + 1) === rest(long, start + 1)) return true;
	const isSwapped = text[start] === long[start + 1] && text[start + 1] === long[start];
	return isSwapped && rest(text, start + 2) === rest(long, start + 2);
}
