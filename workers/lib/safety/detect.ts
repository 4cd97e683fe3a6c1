import { lazy } from "../env.ts";
import { meaningOf } from "./context.ts";
import type { Hit } from "./context.ts";
import { BOOK_EN } from "./en/book.ts";
import { BOOK_ES } from "./es/book.ts";
import { createLane } from "./lane.ts";
import type { Lane } from "./lane.ts";
import type { Word } from "./words.ts";
import { piecesOf } from "./pieces.ts";
import type { Piece } from "./pieces.ts";
import type { SafetyClass } from "../site/safeguards.ts";
import type { Language, Rule, Tier } from "./rules.ts";
import { createSieve } from "./sieve.ts";
import { turned } from "./turned.ts";

/** A message that speaks of danger. */
export interface Danger {
	class: SafetyClass;
	tier: Tier;
	/** The language of the rule that it met. */
	language: Language;
}

/** Of what a message speaks of, the first here is answered: its help names the numbers of most others as well. */
const ORDER: readonly SafetyClass[] = ["poisoning", "self_harm", "medical_emergency", "abuse", "dental_emergency"];

const BOOKS = [BOOK_EN, BOOK_ES];

/** Making a book ready takes milliseconds, and most messages need none. */
const lanes = BOOKS.map((book) => lazy(() => createLane(book)));
const sieve = lazy(() => createSieve(BOOKS));
/** What of an answer no rule beyond these can make a hit. */
const answerSieve = lazy(() => createSieve(BOOKS.map((book) => ({ ...book, rules: book.rules.filter(isOfAnswers) }))));

/** No answer that we ask for, or speak, is longer. Code points. */
const MAX_ANSWER_CHARS = 10_000;

/** Parts of words without which an answer says nothing of the kind: to look for them costs a tenth of taking it apart. */
const STEMS =
	/suic|unaliv|kill|\bdie|dying|dead|death|life|alive|living|\blive|exist|wake|harm|hurt|\bcut|hang|jump|shoot|overdos|pill|poison|swallow|drank|bleach|batter|breath|chok|throat|airway|tongue|chest|heart|stroke|bleed|blood|seiz|convuls|unconsc|respon[ds]|pulse|collaps|faint|turn(?:ed|ing) blue|ambulanc|anaphyl|allerg|abus|rape|molest|assault|beat|mata|suicid|mor[ií]r|muert|vida|vivir|respir|pecho|infarto|sangr|inconsc|veneno|trag|desmay|garganta|end(?:ing)? it all|without you|droop|slurr|your head|foaming|overdose|derrame|hemorrag|ahog|cortando|pastilla|sobredosis|desaparec|acabar con/i;

function isOfAnswers({ class: name, tier }: Rule): boolean {
	return tier !== 2 && name !== "dental_emergency";
}

/**
 * Whether a message speaks of danger. It is read by rules alone, in time that grows as its length.
 * @param message at most 2,000 code points are read
 */
export function detectDanger(message: string): Danger | undefined {
	const pieces = piecesOf(message);
	const books = sieve()(pieces);
	return books === 0 ? undefined : dangerIn(pieces, books);
}

/**
 * Whether an answer says that its reader is in danger: it is read as if the reader had written it. What an answer supposes
 * ("if you cannot breathe, call 911") and what it says of teeth is what answers are for, so only plain words of the other classes count,
 * and they are no more than a hint.
 * @param answer at most 10,000 code points are read
 */
export function detectDangerInAnswer(answer: string): Danger | undefined {
	if (!STEMS.test(answer)) return undefined;
	// Answers are long and full of a practice's words: each sentence is sieved by itself, and few are left to be read.
	let books = 0;
	const left = turned(piecesOf(answer, MAX_ANSWER_CHARS)).filter((sentence) => {
		const ofSentence = answerSieve()(sentence);
		books |= ofSentence;
		return ofSentence !== 0;
	});
	const danger = books === 0 ? undefined : dangerIn(left.flat(), books);
	return danger?.tier === 1 && danger.class !== "dental_emergency" ? { ...danger, tier: 2 } : undefined;
}

/**
 * What the rules find in a message: of what is plain the first class, else of what is hinted at.
 * @param books those that are asked: the nth bit is the nth book's
 */
export function dangerIn(pieces: readonly Piece[], books: number): Danger | undefined {
	const found: Danger[] = [];
	for (const [index, laneOf] of lanes.entries()) {
		if ((books & (2 ** index)) === 0) continue;
		const lane = laneOf();
		const { all, words } = lane.reader.read(pieces);
		for (const [name, tier] of classesIn(lane, all, words)) {
			found.push({ class: name, tier, language: lane.book.language });
		}
	}
	return found.sort((one, other) => one.tier - other.tier || rank(one) - rank(other))[0];
}

function rank({ class: name }: Danger): number {
	return ORDER.indexOf(name);
}

function classesIn(lane: Lane, all: readonly Word[], words: readonly Word[]): Map<SafetyClass, Tier> {
	const classes = new Map<SafetyClass, Tier>();
	// Nearly every message ends here, so the figures of speech are looked for only in the others.
	if (!lane.rules.phrases.isIn(words)) return classes;
	const tierOf = meaningOf(lane, all, words);
	const literal = lane.hasLiteral ? hitsIn(lane, words).filter(({ rule }) => rule.isLiteral === true) : [];
	for (const hit of [...hitsIn(lane, withoutFigures(lane, words)), ...literal]) {
		const { class: name } = hit.rule;
		if (classes.get(name) === 1) continue;
		const tier = tierOf(hit);
		if (tier !== undefined) classes.set(name, tier);
	}
	return classes;
}

function hitsIn({ rules }: Lane, words: readonly Word[]): Hit[] {
	return rules.phrases.in(words).flatMap(({ phrase, start, end }) => {
		const rule = rules.labels[phrase];
		return rule === undefined ? [] : [{ rule, start, end }];
	});
}

function withoutFigures({ figures }: Lane, words: readonly Word[]): Word[] {
	const left = words.map((word) => ({ ...word }));
	for (const { start, end } of figures.in(words)) {
		for (const word of left.slice(start, end)) word.text = "";
	}
	return left;
}
