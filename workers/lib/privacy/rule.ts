/** What stands in place of what was hidden, in brackets. */
export const MARKS = [
	...["ssn", "medicare_id", "card", "insurance_id", "mrn", "email", "phone", "birth_date", "address", "name"],
	// Not of a kind that is known, and yet too long to be told on: see `rankedQuestion`.
	"number",
] as const;

export type Mark = (typeof MARKS)[number];

/** A stretch of a folded text that tells who somebody is. */
export interface Found {
	start: number;
	end: number;
	mark: Mark;
}

/** What stands around a candidate. */
export interface Around {
	/** At most `BEFORE_CHARS` before it. */
	before: string;
	/** At most `AFTER_CHARS` behind it. */
	after: string;
	/** Epoch ms. */
	now: number;
}

/**
 * How something is found in a folded text. Every pattern is bounded (no unlimited repeat stands beside another, and what stands around a
 * candidate is cut to some sixty characters), so that the time grows as the text's length, whatever it holds.
 */
export interface Rule {
	mark: Mark;
	/** Finds candidates; global. */
	at: RegExp;
	/** Words before it, one of which or `after` must be there; ends with `$`. */
	before?: RegExp;
	/** Words behind it; begins with `^`. */
	after?: RegExp;
	/** Whether a candidate is one: by default all are. */
	accepts?: (candidate: string, around: Around) => boolean;
}

const BEFORE_CHARS = 64;
const AFTER_CHARS = 48;

/** What a rule finds in a folded text. */
export function foundBy({ mark, at, before, after, accepts }: Rule, text: string, now: number): Found[] {
	const found: Found[] = [];
	for (const { 0: candidate, index: start } of text.matchAll(at)) {
		const end = start + candidate.length;
		const around = {
			before: text.slice(Math.max(0, start - BEFORE_CHARS), start),
			after: text.slice(end, end + AFTER_CHARS),
			now,
		};
		const isNamed = before === undefined || before.test(around.before) || after?.test(around.after) === true;
		if (isNamed && (accepts === undefined || accepts(candidate, around))) found.push({ start, end, mark });
	}
	return found;
}

/** Words within so many words of the end of what stands before a candidate. */
export function wordsBefore(words: string, most: number): RegExp {
	return new RegExp(`(?<![a-z0-9])(?:${words})(?:[^a-z0-9]{1,4}[a-z0-9]{1,20}){0,${most}}[^a-z0-9]{0,6}$`, "i");
}

/** "… is my chart number": words that say behind a candidate what it was. */
export function saidAfter(words: string): RegExp {
	return new RegExp(
		`^[^a-z0-9]{0,4}(?:(?:(?:that )?is|that's|es|was)[^a-z0-9]{1,3})(?:(?:my|mi|the|el|la|his|her|our|their|su)[^a-z0-9]{1,2}){0,1}(?:${words})(?![a-z0-9])`,
		"i",
	);
}

export function digitsOf(text: string): string {
	return text.replace(/\D/g, "");
}

/** A date in numbers alone, which is neither a telephone's nor anybody's number. */
export const DATE = /^(?:\d{1,2}([/.-])\d{1,2}\1(?:\d{2}|\d{4})|\d{4}([/.-])\d{1,2}\2\d{1,2})$/;
