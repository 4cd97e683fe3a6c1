import { ADDRESS_RULES } from "./addresses.ts";
import { foundCards } from "./cards.ts";
import { BIRTH_RULES } from "./dates.ts";
import { EMAIL_RULES } from "./emails.ts";
import { foldedText } from "./folded.ts";
import { IDENTIFIER_RULES } from "./identifiers.ts";
import { foundNames } from "./names.ts";
import { CARD_RULES, PHONE_RULES, SSN_RULES } from "./numbers.ts";
import { retryLater } from "../http/errors.ts";
import { foundBy } from "./rule.ts";
import { SPOKEN_RULES } from "./spoken.ts";
import type { Found, Rule } from "./rule.ts";

// What tells who a visitor is, is replaced by what kind of thing it was. Rules find words and numbers, not persons: what they miss
// and what they take by mistake is counted over labelled texts (test/).

/** What all have a digit in them; where two rules find equally much, the first one names it. */
const NUMBER_RULES: readonly Rule[] = [
	...IDENTIFIER_RULES,
	...SSN_RULES,
	...CARD_RULES,
	...PHONE_RULES,
	...BIRTH_RULES,
	...ADDRESS_RULES,
];
/** Six digits on end, or nine with something between them. */
const LONG_NUMBER: Rule = { mark: "number", at: /(?<!\d)(?:\d{6,}|\d(?:[ .-]?\d){8,})(?!\d)/g };
const HAS_DIGIT = /\d/;
/** Numbers in words are in hardly any message: a word that most of them have decides. */
const MAY_BE_SPOKEN =
	/\b(?:two|three|four|five|six|seven|eight|nine|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|thousand|nineteen|twenty|mil)\b/i;
const MAY_HAVE_EMAIL = /@|\b(?:at|arroba)\b/i;
const MAY_HAVE_NAME = /name|nombre|patient|paciente|llam|called|\b(?:my|our|mi|nuestr[oa]) |i am|i'?m |this is|soy /i;

/** What of a text is hidden, and how. */
export interface HidingRules {
	/** Epoch ms: a birth lies before it. */
	now: number;
	/** The bot's own words: who it says it is stays, and what this tells apart by its words as written. */
	isAnswer?: boolean;
	/** For what is ranked and shown among others: any number of six digits or more is hidden, whatever it may be. */
	isRanked?: boolean;
	/** Whether something found, as it was written, is nobody's secret: the practice's own telephone, say. */
	isKnown?: (written: string, mark: Found["mark"]) => boolean;
}

/**
 * The text with each thing that tells who somebody is replaced by its mark, such as `[phone]`. Its time grows as the text's length.
 * The same text gives the same; one that holds only marks stays as it is.
 * @throws {ApiError} as `foundIn`
 */
export function hidden(written: string, rules: HidingRules): string {
	const pieces: string[] = [];
	let at = 0;
	for (const { start, end, mark } of foundIn(written, rules)) {
		pieces.push(written.slice(at, start), `[${mark}]`);
		at = end;
	}
	return at === 0 ? written : pieces.join("") + written.slice(at);
}

/**
 * What tells who somebody is, by its place in the written text, first to last, none within another.
 * @throws {ApiError} unavailable: it failed, and nothing of the text may be stored or sent
 */
export function foundIn(written: string, rules: HidingRules): Found[] {
	try {
		return everyFound(written, rules);
	} catch {
		// What was thrown may quote the text.
		throw retryLater(
			"unavailable",
			"This text could not be handled safely; please try again in a moment.",
			2,
			"hiding",
		);
	}
}

function everyFound(written: string, { now, isAnswer, isRanked, isKnown }: HidingRules): Found[] {
	const folded = foldedText(written);
	const { text } = folded;
	const found: Found[] = isAnswer !== true && MAY_HAVE_NAME.test(text) ? foundNames(text) : [];
	const hasDigit = HAS_DIGIT.test(text);
	const rules = [...(MAY_HAVE_EMAIL.test(text) ? EMAIL_RULES : []), ...(hasDigit ? NUMBER_RULES : [])];
	if (MAY_BE_SPOKEN.test(text)) rules.push(...SPOKEN_RULES);
	if (isRanked === true && hasDigit) rules.push(LONG_NUMBER);
	for (const rule of rules) found.push(...foundBy(rule, text, now));
	if (hasDigit) found.push(...foundCards(text));
	if (found.length === 0) return [];
	return longestFirst(found, text)
		.map(({ start, end, mark }) => ({ start: folded.startOf(start), end: folded.endOf(end - 1), mark }))
		.filter(({ start, end, mark }) => isKnown === undefined || !isKnown(written.slice(start, end), mark));
}

/** Of what lies over each other the longest, and of the others what stands out from it; in the order of the text. */
function longestFirst(found: Found[], text: string): Found[] {
	const isTaken = new Uint8Array(text.length);
	return found
		.sort((one, other) => other.end - other.start - (one.end - one.start))
		.flatMap((one) => {
			let { start, end } = one;
			while (start < end && isTaken[start] === 1) start++;
			while (start < end && isTaken[end - 1] === 1) end--;
			if (!/[\p{L}\p{N}]/u.test(text.slice(start, end))) return [];
			isTaken.fill(1, start, end);
			return [{ ...one, start, end }];
		})
		.sort((one, other) => one.start - other.start);
}
