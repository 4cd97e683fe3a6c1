import { questionKey } from "../knowledge/terms.ts";
import { hidden } from "./hidden.ts";
import { MARKS } from "./rule.ts";

/** What a visitor has written, in each of the forms that may go somewhere. */
export interface VisitorText {
	/** As it was written: for an org in mode `standard`, and for nobody else. */
	written: string;
	/** With marks in place of what tells who they are. */
	hidden: string;
	/** Its words without marks: by these the knowledge is searched. */
	searched: string;
	/** As `rankedText`, in every mode the same. */
	ranked: string;
}

const ANY_MARK = new RegExp(`\\[(?:${MARKS.join("|")})\\]`, "g");

/** @param now epoch ms @throws {ApiError} unavailable: where hiding fails, nothing may be done with the text */
export function visitorText(written: string, now: number): VisitorText {
	const text = hidden(written, { now });
	const searched = text === written ? written : text.replace(ANY_MARK, " ");
	return { written, hidden: text, searched, ranked: rankedOf(text, now) };
}

/**
 * What of a text may be ranked and shown among other people's questions, whatever the mode: without what tells who asks, and without
 * any number that could be anybody's.
 * @param now epoch ms, when it was written @throws {ApiError} unavailable
 */
export function rankedText(text: string, now: number): string {
	// In two steps, so that a text counts as the same question whether or not its org had it hidden before.
	return rankedOf(hidden(text, { now }), now);
}

const HAS_NUMBER = /\p{Nd}/u;

/** Of a text that was hidden already numbers alone are left to hide. */
function rankedOf(text: string, now: number): string {
	return HAS_NUMBER.test(text) ? hidden(text, { now, isRanked: true }) : text;
}

/** The `questionKey` under which a text, as it is kept, is counted among questions. @throws {ApiError} unavailable */
export function rankedKey(text: string, now: number): string {
	return questionKey(rankedText(text, now));
}
