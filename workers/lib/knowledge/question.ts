import { OWN_WEIGHT, queryTerms } from "./query-terms.ts";
import type { QueryTerm } from "./query-terms.ts";
import { isAssent, isSmallTalk } from "./small-talk.ts";
import { isSearched, words } from "./terms.ts";

/** Words that point back at what was said before: "how long does that take", "and on Sundays?". English and Spanish. */
const POINTING = new Set(
	`it its that this these those them they their then he she him her his hers one ones same both either neither another others also
	else instead too such and but or so eso esto esa ese ello ellos ellas tambien y`.split(/\s+/),
);
/** A message of so few searched words leans on what was said before, even when it points at nothing. */
const FEW_WORDS = 2;
/** With more searched words than this, a message that points at nothing is about something of its own. */
const MANY_WORDS = 4;

// What the terms of the message before count beside the message's own.
const POINTING_WEIGHT = 0.8;
const FEW_WEIGHT = 0.6;
const SOME_WEIGHT = 0.25;

/** A message of more terms is about less of each: together they count as so many. */
const TOPIC_TERMS = 3;
/** Terms of a message that later ones are searched by as well. */
const MAX_TOPIC_TERMS = 12;

/** What a message's terms count for the message after the next, beside the next. */
export const FADING = 0.6;
/** Messages before a question that it may lean on. */
const MAX_EARLIER = 3;

/** What is searched for when a visitor says something within a conversation. */
export interface Question {
	/** What the message itself asks for. */
	terms: readonly QueryTerm[];
	/** What the earlier messages' terms count beside these; 0 = it has nothing to do with them. */
	earlierWeight: number;
	/** It asks nothing of its own; one that says yes leans on what was spoken of, if anything was. */
	isSmallTalk: boolean;
}

/** Reads a visitor's message. */
export function readQuestion(message: string): Question {
	if (isAssent(message)) return { terms: [], earlierWeight: POINTING_WEIGHT, isSmallTalk: true };
	if (isSmallTalk(message)) return { terms: [], earlierWeight: 0, isSmallTalk: true };
	const said = words(message);
	return { terms: queryTerms(message), earlierWeight: earlierWeight(said), isSmallTalk: false };
}

function earlierWeight(said: readonly string[]): number {
	const own = new Set(said.filter(isSearched)).size;
	const points = said.some((word) => POINTING.has(word));
	if (own > MANY_WORDS) return points ? SOME_WEIGHT : 0;
	if (points) return POINTING_WEIGHT;
	return own <= FEW_WORDS ? FEW_WEIGHT : SOME_WEIGHT;
}

/** Whether a message asks nothing at all: nothing is searched for, and nothing is a source of its answer. */
export function asksNothing({ isSmallTalk: isNothing, earlierWeight: weight }: Question): boolean {
	return isNothing && weight === 0;
}

/** Whether a conversation goes on with what it was about: small talk is about nothing, and changes nothing. */
export function keepsTopic({ isSmallTalk: isNothing, earlierWeight: weight }: Question): boolean {
	return isNothing || weight > 0;
}

/**
 * A question with what it leans on among its terms, as a search finds it with its session where there is one.
 * @param earlier the visitor's messages before it, the oldest first
 */
export function askedBehind(question: Question, earlier: readonly string[]): Question {
	let topics: [string, number][][] = [];
	for (const said of earlier.map(readQuestion).filter(({ terms }) => terms.length > 0))
		topics = [topicTerms(said), ...(keepsTopic(said) ? topics.slice(0, MAX_EARLIER) : [])];
	const leant = topics.slice(0, MAX_EARLIER).flatMap((topic, age) =>
		topic.map(([term, weight]) => ({
			term,
			weight: weight * question.earlierWeight * FADING ** age,
			isOwn: weight === topic[0]?.[1],
		})),
	);
	return { ...question, terms: [...question.terms, ...leant.filter(({ weight }) => weight > 0)] };
}

/** What of a question stands with its session, for the messages after it: a JSON list of `[term, weight]`. */
export function topicOf(question: Question): string {
	return JSON.stringify(topicTerms(question));
}

function topicTerms({ terms }: Question): [string, number][] {
	const own = terms.filter(({ weight }) => weight === OWN_WEIGHT).length;
	const share = Math.min(1, TOPIC_TERMS / own);
	const kept = terms.slice(0, MAX_TOPIC_TERMS);
	return kept.map(({ term, weight }) => [term, Math.round(weight * share * 100) / 100]);
}
