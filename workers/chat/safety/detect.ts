import { lazy } from "../../lib/env.ts";
import { meaningOf } from "./context.ts";
import type { Hit } from "./context.ts";
import { BOOK_EN } from "./en/book.ts";
import { BOOK_ES } from "./es/book.ts";
import { createLane } from "./lane.ts";
import type { Lane } from "./lane.ts";
import type { Word } from "./words.ts";
import { piecesOf } from "./pieces.ts";
import type { Piece } from "./pieces.ts";
import type { Language, SafetyClass, Topic } from "./rules.ts";
import { createSieve } from "./sieve.ts";

/** A message that speaks of danger to life, plainly, now, and of the writer or somebody at their side. */
export interface Danger {
	class: SafetyClass;
	/** 1 = plain words; there is no other yet. */
	tier: 1;
	topic: Topic;
	/** The language of the rule that it met. */
	language: Language;
}

/** The text of the first that a message meets is given: each of the others speaks of less, or names fewer numbers. */
const TOPICS: readonly Topic[] = ["overdose", "self_harm", "emergency"];

const BOOKS = [BOOK_EN, BOOK_ES];

/** Making a book ready takes milliseconds, and most messages need none. */
const lanes = BOOKS.map((book) => lazy(() => createLane(book)));
const sieve = lazy(() => createSieve(BOOKS));

/**
 * Whether a message speaks of danger to life. It is read by rules alone, in time that grows as its length.
 * @param message at most 2,000 code points are read
 */
export function detectDanger(message: string): Danger | undefined {
	const pieces = piecesOf(message);
	const books = sieve()(pieces);
	return books === 0 ? undefined : dangerIn(pieces, books);
}

/**
 * What the rules find in a message.
 * @param books those that are asked: the nth bit is the nth book's
 */
export function dangerIn(pieces: readonly Piece[], books: number): Danger | undefined {
	const found = new Map<Topic, Language>();
	for (const [index, laneOf] of lanes.entries()) {
		if ((books & (2 ** index)) === 0) continue;
		const lane = laneOf();
		const { all, words } = lane.reader.read(pieces);
		for (const topic of topicsIn(lane, all, words)) {
			if (!found.has(topic)) found.set(topic, lane.book.language);
		}
	}
	const topic = TOPICS.find((candidate) => found.has(candidate));
	const language = topic === undefined ? undefined : found.get(topic);
	if (topic === undefined || language === undefined) return undefined;
	return { class: topic === "self_harm" ? "self_harm" : "medical_emergency", tier: 1, topic, language };
}

function topicsIn(lane: Lane, all: readonly Word[], words: readonly Word[]): Set<Topic> {
	const topics = new Set<Topic>();
	// Nearly every message ends here, so the figures of speech are looked for only in the others.
	if (!lane.rules.phrases.isIn(words)) return topics;
	const isMeant = meaningOf(lane, all, words);
	for (const hit of hitsIn(lane, withoutFigures(lane, words))) {
		if (!topics.has(hit.rule.topic) && isMeant(hit)) topics.add(hit.rule.topic);
	}
	return topics;
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
