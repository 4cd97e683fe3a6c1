import type { Piece } from "./pieces.ts";
import type { Groups, RuleBook } from "./rules.ts";
import { isNear, lettersOf, squeeze, wordSet } from "./words.ts";

/** So many letters in a row, typed one by one, may make a word: `joinLetters` in `words.ts`. */
const JOINED_LETTERS = 3;

/** So many rare words to look for are as costly as an everyday one. */
const EVERYDAY_COST = 1000;
/** Places of a phrase that may be empty, or hold any word: see `readPhrases`. */
const CAN_DO_WITHOUT = /[?^$*#]/;

/** A long word of the books, found also where one letter of it is wrong. */
interface Long {
	word: string;
	books: number;
}

/** What a message is sieved for; books are the bits of a number. */
interface Wanted {
	bySpelling: Map<string, number>;
	/** By their first letter. */
	longs: Map<string, Long[]>;
	/** Books that any message might meet. */
	always: number;
}

/**
 * Makes the quick look that comes before the rules. Of each phrase one place is chosen, whose words must be in a message that the
 * phrase is to be found in; a message without any of these words, in whatever spelling they are read in, meets no phrase. What it
 * lets through is more than what the rules find, and never less.
 * @returns for a message the books that it might meet: the nth bit is the nth book's
 */
export function createSieve(books: readonly RuleBook[]): (pieces: readonly Piece[]) => number {
	const all = 2 ** books.length - 1;
	const wanted: Wanted = { bySpelling: new Map(), longs: new Map(), always: 0 };
	for (const [index, book] of books.entries()) want(wanted, book, 2 ** index);
	return (pieces) => {
		let found = wanted.always;
		let letters = 0;
		for (const { text } of pieces) {
			letters = text.length === 1 ? letters + 1 : 0;
			found |= letters < JOINED_LETTERS ? booksOf(wanted, text) : all;
			if (found === all) break;
		}
		return found;
	};
}

/** Adds what a message needs for meeting a book. */
function want(wanted: Wanted, book: RuleBook, bit: number): void {
	const { bySpelling, longs } = wanted;
	const words = anchorsOf(book);
	if (words === undefined) {
		wanted.always |= bit;
		return;
	}
	for (const spelling of spellingsOf(book, words)) {
		for (const key of [spelling, squeeze(spelling)]) bySpelling.set(key, (bySpelling.get(key) ?? 0) | bit);
	}
	for (const word of wordSet(book.grammar.distinctive)) {
		if (!words.has(word)) continue;
		const letter = word.charAt(0);
		longs.set(letter, [...(longs.get(letter) ?? []), { word, books: bit }]);
	}
}

/** The books with an anchor that a word may be read as. */
function booksOf({ bySpelling, longs }: Wanted, text: string): number {
	let found = bySpelling.get(text) ?? 0;
	if (isTypedOddly(text)) {
		const letters = lettersOf(text, "i");
		for (const other of [letters, lettersOf(text, "l"), squeeze(letters)]) found |= bySpelling.get(other) ?? 0;
	}
	for (const { word, books } of longs.get(text.charAt(0)) ?? []) {
		if ((found & books) === 0 && isNear(text, word)) found |= books;
	}
	return found;
}

/** Whether a word is not made of single letters alone. */
function isTypedOddly(text: string): boolean {
	let last = 0;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		// Digits and signs come before the letters.
		if (code === last || code < 0x61) return true;
		last = code;
	}
	return false;
}

/** These words, and what is read as one of them. */
function spellingsOf({ grammar }: RuleBook, words: ReadonlySet<string>): string[] {
	const isOne = (meaning: string): boolean => meaning.split(" ").some((word) => words.has(word));
	const others = Object.entries(grammar.spellings).filter(([meaning]) => isOne(meaning));
	return [...words, ...others.flatMap(([, list]) => list.split(" "))];
}

/** Words of which a message holds at least one where it meets a rule; undefined = a phrase can do without any. */
function anchorsOf({ rules, groups, grammar }: RuleBook): Set<string> | undefined {
	const choose = anchorChoice(groups, wordSet(grammar.everyday));
	const anchors = new Set<string>();
	for (const { phrases } of rules) {
		for (const phrase of phrases) {
			const anchor = choose(phrase);
			if (anchor === undefined) return undefined;
			for (const word of anchor.words) anchors.add(word);
		}
	}
	return anchors;
}

/** Words of which one must be there. */
interface Anchor {
	words: readonly string[];
	/** How many there are to look for, everyday words above all. */
	cost: number;
}

/** Finds the anchor of a phrase: the place that costs least; undefined = any words might stand in it. */
function anchorChoice(groups: Groups, everyday: ReadonlySet<string>): (phrase: string) => Anchor | undefined {
	const known = new Map<string, Anchor | undefined>();
	const ofGroup = (name: string): Anchor | undefined => union((groups[name] ?? []).map(ofPhrase));
	const ofEither = (either: string): Anchor | undefined => {
		if (either.startsWith("<")) return ofGroup(either.slice(1, -1));
		return { words: [either], cost: everyday.has(either) ? EVERYDAY_COST : 1 };
	};
	const ofPlace = (place: string): Anchor | undefined => {
		if (known.has(place)) return known.get(place);
		const anchor = CAN_DO_WITHOUT.test(place) ? undefined : union(place.split("|").map(ofEither));
		known.set(place, anchor);
		return anchor;
	};
	const ofPhrase = (phrase: string): Anchor | undefined => {
		let best: Anchor | undefined;
		for (const place of phrase.split(" ")) {
			const anchor = ofPlace(place);
			if (anchor !== undefined && (best === undefined || anchor.cost < best.cost)) best = anchor;
		}
		return best;
	};
	return ofPhrase;
}

/** Words of which one must be there where one of these anchors must; undefined = one of them is none. */
function union(anchors: readonly (Anchor | undefined)[]): Anchor | undefined {
	const [only] = anchors;
	if (anchors.length === 1) return only;
	const words: string[] = [];
	let cost = 0;
	for (const anchor of anchors) {
		if (anchor === undefined) return undefined;
		words.push(...anchor.words);
		cost += anchor.cost;
	}
	return { words, cost };
}
