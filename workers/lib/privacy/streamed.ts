import { foundIn } from "./hidden.ts";
import type { HidingRules } from "./hidden.ts";
import { SPOKEN_WORD } from "./spoken.ts";

/** So much of what has come waits for what follows, UTF-16 units: it could still become something to hide. */
const HELD_CHARS = 24;
/** So much of what was passed on is read again, for the words that say what a number is. */
const CONTEXT_CHARS = 64;
/** What has begun at the end and may go on for longer than is held: a number, a street behind its number, a mailbox that is spelled. */
const BEGUN =
	/(?:[+(]?\d[\d ()./+-]{0,40}|\b\d{1,5}[a-z]?(?:-\d{1,4})? [\w'.-]{1,24}(?: [\w'.-]{1,24}){0,4} ?|(?:[\w'.-]{1,30} (?:dot|punto|at|arroba|dash|underscore|guion(?: bajo)?) ){1,6}[\w'-]{0,30}(?: [\w'([]{0,8})?)$/i;
/** The same of numbers that are written out in words. */
const BEGUN_IN_WORDS = new RegExp(`(?<![a-z0-9])(?:${SPOKEN_WORD}[ ,.-]{1,2}){1,19}[a-z0-9]{0,12}[ ,.-]{0,2}$`, "i");
const BEGUN_CHARS = 200;

const LONGEST_WORD_CHARS = 64;

/** Makes of the pieces of a text those that may be shown. */
export interface HidingFilter {
	/** What of all that has come can be shown now. */
	push(piece: string): string;
	/** The rest. */
	end(): string;
}

const OPEN: HidingFilter = { push: (piece) => piece, end: () => "" };

/** Hides in a text that comes in pieces what `hidden` hides in a whole one. @param rules undefined = nothing is hidden, and nothing waits */
export function createHidingFilter(rules: HidingRules | undefined): HidingFilter {
	if (rules === undefined) return OPEN;
	let context = "";
	let waiting = "";
	const pass = (isEnd: boolean): string => {
		const text = context + waiting;
		const found = foundIn(text, rules).filter(({ end }) => end > context.length);
		const cut = isEnd ? text.length : cutOf(text, found);
		if (cut <= context.length) return "";
		const pieces: string[] = [];
		let at = context.length;
		for (const { start, end, mark } of found) {
			if (end > cut) break;
			pieces.push(text.slice(at, Math.max(at, start)), `[${mark}]`);
			at = end;
		}
		pieces.push(text.slice(at, cut));
		context = text.slice(Math.max(0, cut - CONTEXT_CHARS), cut);
		waiting = text.slice(cut);
		return pieces.join("");
	};
	return {
		push(piece) {
			waiting += piece;
			return waiting.length > HELD_CHARS ? pass(false) : "";
		},
		end: () => pass(true),
	};
}

/** Up to where a text may be shown: between two words, before what has begun, and through nothing that was found. */
function cutOf(text: string, found: readonly { start: number; end: number }[]): number {
	const most = text.length - HELD_CHARS;
	const end = text.slice(-BEGUN_CHARS);
	const begun = Math.min(...[BEGUN, BEGUN_IN_WORDS].map((pattern) => pattern.exec(end)?.index ?? end.length));
	const beginning = text.length - end.length + begun;
	const last = Math.max(0, Math.min(most, beginning));
	const blank = Math.max(text.lastIndexOf(" ", last), text.lastIndexOf("\n", last));
	// Scripts without blanks are cut anywhere.
	const cut = last - blank > LONGEST_WORD_CHARS ? last : blank + 1;
	// What ends in the held part may yet grow.
	return found.reduce((least, { start, end }) => (end > least ? Math.min(least, start) : least), cut);
}
