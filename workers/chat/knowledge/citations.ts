// Citation marks: the model writes [[2]] or [[1,3]] behind what it says from the passages of these numbers. They are for us alone.

const NUMBER = String.raw`\d{1,3}`;
const DASH = "[-\u2010-\u2014]";
/** Between numbers, as models write it: `[[1,2]]`, `[[1; 2]]`, `[[1-3]]`, `[[1 and 2]]`, `[[1], [2]]`. */
const BETWEEN = String.raw`(?:\s?(?:[,;&]|${DASH})\s?|,?\s(?:and|y)\s|\s|\s?\\?\]\s?,?\s?\\?\[\s?)`;
const MARK = new RegExp(String.raw`^\\?\[\\?\[\s?${NUMBER}(?:${BETWEEN}${NUMBER})*\s?\\?\]\\?\]$`);
/** What may yet become the rest of a mark, behind its numbers so far. */
const UNFINISHED = String.raw`(?:\s|\s?(?:[,;&]|${DASH})\s?|,?\s(?:an?|(?:and|y)\s?)|\s?\\?(?:\]\\?|\]\s?,?\s?(?:\\?(?:\[\s?)?)?)?)`;
/** Every beginning of a mark. */
const BEGINNING = new RegExp(
	String.raw`^\\?(?:\[\\?(?:\[\s?(?:(?:${NUMBER}${BETWEEN})*(?:${NUMBER}${UNFINISHED}?)?)?)?)?$`,
);
const NUMBERS = new RegExp(String.raw`(?<first>\d+)(?:\s?${DASH}\s?(?<last>\d+))?`, "g");
/** Numbers that a mark names by its first and its last one alone, at most. */
const MAX_RANGE = 20;
/** A mark of more characters is none: nothing is held back for longer. */
const MARK_MAX_CHARS = 100;
const FIRST = /[[\\]/;

/** What became of a text with marks. */
export interface Cited {
	/** The text without them. */
	text: string;
	/** The numbers that they name, each once, the first first. */
	numbers: number[];
}

/** Takes citation marks off a text that comes in pieces. */
export interface CitationFilter {
	/** What of the text so far can be shown, without marks. Blanks wait for what follows them, as a mark takes those before it along. */
	push(piece: string): string;
	/**
	 * The rest. What could have been the beginning of a mark is shown only where the text is complete and a single bracket: nobody ends a
	 * sentence with two.
	 */
	end(isComplete: boolean): string;
	/** The numbers named so far. */
	numbers(): number[];
}

/** A text's marks at once. @param isComplete as `CitationFilter.end` */
export function withoutCitations(text: string, isComplete: boolean): Cited {
	const filter = createCitationFilter();
	const shown = filter.push(text) + filter.end(isComplete);
	return { text: shown, numbers: filter.numbers() };
}

/** However a text is cut into pieces, what is shown of it is the same. */
export function createCitationFilter(): CitationFilter {
	const numbers = new Set<number>();
	let isBegun = false;
	/** Blanks before a mark, or before what is to come. */
	let before = "";
	/** A mark was taken off, and nothing shown since. */
	let isCited = false;
	/** Blanks behind it. */
	let after = "";
	/** The beginning of what may be a mark. */
	let held = "";

	const shown = (text: string): string => {
		const gap = isCited ? gapOf(before, after, text) : before;
		const out = isBegun || !isCited ? gap + text : text;
		isBegun = true;
		before = "";
		after = "";
		isCited = false;
		return out;
	};
	const takeBlank = (character: string): string => {
		if (isCited) after += character;
		else before += character;
		return "";
	};
	const takeMark = (mark: string): string => {
		for (const number of numbersIn(mark)) numbers.add(number);
		isCited = true;
		after = "";
		return "";
	};
	const take = (character: string): string => {
		const longer = held + character;
		const state = stateOf(longer);
		held = state === "beginning" ? longer : "";
		if (state === "beginning") return "";
		if (state === "mark") return takeMark(longer);
		if (longer === character) return /\s/.test(character) ? takeBlank(character) : shown(character);
		// Its first character begins no mark; what follows may.
		return [...longer.slice(1)].reduce((out, next) => out + take(next), shown(longer.charAt(0)));
	};
	return {
		push(piece) {
			if (held === "" && !FIRST.test(piece)) {
				const text = piece.trim();
				if (text === "") return [...piece].map(take).join("");
				const at = piece.indexOf(text);
				const lead = [...piece.slice(0, at)].map(take).join("");
				const out = lead + shown(text);
				before = piece.slice(at + text.length);
				return out;
			}
			return [...piece].map(take).join("");
		},
		end(isComplete) {
			const isText = held !== "" && isComplete && !/\[\\?\[/.test(held);
			if (isText) return shown(held);
			return isCited || held !== "" ? "" : before;
		},
		numbers: () => [...numbers],
	};
}

function stateOf(text: string): "mark" | "beginning" | "text" {
	if (!FIRST.test(text.charAt(0)) || text.length > MARK_MAX_CHARS) return "text";
	if (MARK.test(text)) return "mark";
	return BEGINNING.test(text) ? "beginning" : "text";
}

function numbersIn(mark: string): number[] {
	return [...mark.matchAll(NUMBERS)].flatMap(({ groups = {} }) => {
		const first = Number(groups.first);
		const last = Number(groups.last ?? first);
		const count = last - first + 1;
		return count < 1 || count > MAX_RANGE ? [first, last] : Array.from({ length: count }, (_, index) => first + index);
	});
}

/** What stays of the blanks around a mark: a line break on either side, else one gap where a word follows. */
function gapOf(before: string, after: string, next: string): string {
	if (after.includes("\n")) return after;
	if (before.includes("\n")) return before;
	if (after !== "") return after;
	return /^[\p{L}\p{N}]/u.test(next) ? before : "";
}
