import { terms } from "../../../lib/knowledge/terms.ts";

/** Terms that a session is found by, at most: the first that come. Long talks go on about the same. */
const MAX_TERMS = 400;
/** The same where an answer brings in another one: room is left for what visitors say. */
const MAX_ANSWER_TERMS = 250;
/** Numbers that a millisecond has for the sessions that begin in it. */
const NUMBERS_PER_MS = 1024;
/** Numbers that a session may take, of which others may have taken some. */
const ALTERNATIVES = 4;

/** A message that is to be found. */
export interface Spoken {
	/** Its rowid. */
	place: number;
	sessionId: string;
	isVisitors: boolean;
	text: string;
}

/** A session that messages are of, as it stands. */
export interface SpokenIn {
	id: string;
	startedAt: string;
	/** What it is found by already. */
	terms: readonly string[];
}

/** What is to be written of a session. */
export interface SessionWords {
	id: string;
	/** Of which it takes the first that is free, where it has none. */
	numbers: number[];
	/** The terms that it is not found by yet, each with the place of its first message. */
	added: Map<string, number>;
}

/** What messages add to the words of their sessions; one to which they add nothing is left out. @param messages in their order */
export function wordsOf(messages: readonly Spoken[], sessions: readonly SpokenIn[]): SessionWords[] {
	const bySession = Map.groupBy(messages, ({ sessionId }) => sessionId);
	const taken = new Set<number>();
	return sessions
		.map((session) => ({
			id: session.id,
			numbers: numbersOf(session.startedAt, taken),
			added: addedTerms(bySession.get(session.id) ?? [], session.terms),
		}))
		.filter(({ added }) => added.size > 0);
}

function addedTerms(messages: readonly Spoken[], known: readonly string[]): Map<string, number> {
	const all = new Set(known);
	const added = new Map<string, number>();
	for (const { text, place, isVisitors } of messages)
		for (const term of terms(text)) {
			if (all.size >= (isVisitors ? MAX_TERMS : MAX_ANSWER_TERMS)) break;
			if (all.has(term)) continue;
			all.add(term);
			added.set(term, place);
		}
	return added;
}

/**
 * The least number of a session that began then: numbers sort as the instants do, and stay exact until the year 2248.
 * @param startedAt ISO instant or day; what is none counts as the first of all
 */
export function firstNumber(startedAt: string): number {
	const at = Date.parse(startedAt);
	return Number.isNaN(at) ? 0 : at * NUMBERS_PER_MS;
}

/** By chance within the millisecond: no two sessions are given the same, and `taken` has those given. */
function numbersOf(startedAt: string, taken: Set<number>): number[] {
	const first = firstNumber(startedAt);
	const numbers: number[] = [];
	for (const chance of crypto.getRandomValues(new Uint16Array(ALTERNATIVES * 2))) {
		const number = first + (chance % NUMBERS_PER_MS);
		if (numbers.length === ALTERNATIVES || taken.has(number)) continue;
		taken.add(number);
		numbers.push(number);
	}
	return numbers;
}
