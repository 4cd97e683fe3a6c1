import { queryTerms } from "../../../../lib/knowledge/query-terms.ts";
import { isSearched, terms, words } from "../../../../lib/knowledge/terms.ts";
import { termOf } from "../../../../lib/knowledge/english/stemmer.ts";
import { kindOf } from "./kinds.ts";
import type { ShownPassage } from "./passages.ts";
import { bestSentences } from "./sentences.ts";
import { isTypo } from "./typos.ts";

/** Sentences of a passage that answer a question. */
export interface Fit {
	passage: ShownPassage;
	sentences: string[];
}

/** One thing that is asked about: a word of the visitor's and other words for it. */
interface Concept {
	/** undefined: a pair such as "sign up", of which only the other words are known. */
	own: string | undefined;
	others: ReadonlySet<string>;
	/** Those that are not asked for themselves: "book an appointment" does not find "appointment" twice. */
	further: ReadonlySet<string>;
	/** What of it there is in a text counts. */
	weight: number;
	/** How many messages ago it was spoken of. */
	age: number;
}

/** The words of a passage, or of a sentence of it, which has no title. */
interface Text {
	content: ReadonlySet<string>;
	title: ReadonlySet<string>;
}

/** Of what is asked about, at least this share has to be in a passage that answers it. */
const LEAST_COVERAGE = 0.4;
/** What a synonym, or a longer word that begins with it ("toothache"), is worth beside the visitor's own word. */
const SYNONYM_WORTH = 0.8;
const LEAST_BEGINNING = 4;
/** What a word that is in any question counts beside one that tells what it is about. */
const LIGHT_WEIGHT = 0.3;
/** What a pair of words counts beside the words themselves. */
const PAIR_WEIGHT = 0.5;
/** What is left of the weight of a message with each one that came after it. */
const FADING = 0.4;
const MAX_EARLIER = 3;
/** What telling the kind of thing that is asked for counts. */
const KIND_WEIGHT = 0.8;
/** With so few words of its own, or one that points back, a message goes on with what was spoken of. */
const FEW_CONCEPTS = 2;
const POINTS_BACK = /\b(?:it|that|this|they|them|those|there|one)\b|^(?:and|but|or|also|what about|how about|then)\b/i;
const LIGHT = new Set(
	`take work offer make do need want like find look come tell know way time day thing long quick much many people fill run leave see show information
	last good right one two three keep hold put try`
		.split(/\s+/)
		.map(termOf),
);

/**
 * The sentences that fit a question best, among what the model was shown; undefined when nothing does.
 * @param question the visitor's message, in English words
 * @param earlier the visitor's messages before it, the oldest first, likewise
 */
export function bestFit(
	question: string,
	earlier: readonly string[],
	passages: readonly ShownPassage[],
): Fit | undefined {
	const kind = kindOf(question);
	const texts = passages.map(({ title, content }) => ({
		title: new Set(terms(title)),
		content: new Set(terms(content)),
	}));
	const spoken = weighed(conceptsOf(kind?.rest ?? question, earlier), texts);
	const subject = subjectOf(spoken, texts);
	const asked = spoken.filter(({ age }) => age <= (subject[0]?.age ?? age));
	const isTold = (text: string): number => (kind?.tells.test(text) === true ? KIND_WEIGHT : 0);
	const all = asked.reduce((sum, { weight }) => sum + weight, kind === undefined ? 0 : KIND_WEIGHT);
	const scored = passages.flatMap((passage, index) => {
		const told = isTold(`${passage.title} ${passage.content}`);
		const text = texts[index];
		if (text === undefined || (kind !== undefined && told === 0)) return [];
		if (subject.length > 0 && !subject.some((concept) => isIn(concept, text))) return [];
		const { score, covered } = scoreOf(asked, text);
		return [{ passage, score: score + told, coverage: (covered + told) / all }];
	});
	const [best] = scored.sort((one, other) => other.score - one.score);
	if (best === undefined || !(best.coverage >= LEAST_COVERAGE)) return undefined;
	const rate = (sentence: string): number =>
		scoreOf(asked, { content: new Set(terms(sentence)), title: new Set() }).score + isTold(sentence);
	return { passage: best.passage, sentences: bestSentences(best.passage.content, rate) };
}

function isIn(concept: Concept, { content, title }: Text): boolean {
	return worth(concept, content) + worth(concept, title) > 0;
}

/** What is spoken of now, as far as any passage has it: no other passage answers, whatever else was spoken of before. */
function subjectOf(concepts: readonly Concept[], texts: readonly Text[]): Concept[] {
	const telling = concepts.filter(
		({ own, ...concept }) =>
			own !== undefined && !LIGHT.has(own) && texts.some((text) => isIn({ own, ...concept }, text)),
	);
	const newest = Math.min(...telling.map(({ age }) => age));
	return telling.filter(({ age }) => age === newest);
}

/**
 * Concepts by what they tell apart: the rarer in what is shown, the more. What a pair of words stands for, or was spoken of before, counts
 * only where it is in some passage, unless there is nothing else.
 */
function weighed(asked: readonly Concept[], texts: readonly Text[]): Concept[] {
	const isPresent = (concept: Concept): boolean => texts.some((text) => isIn(concept, text));
	const rarity = (concept: Concept): number => {
		const found = texts.filter((text) => isIn(concept, text)).length;
		return Math.log((texts.length + 1) / (found + 0.5));
	};
	const concepts = asked.map((concept) => (isPresent(concept) ? concept : spelledLike(concept, texts)));
	return concepts
		.filter(
			(concept) => (concept.own !== undefined && concept.age === 0) || concepts.length === 1 || isPresent(concept),
		)
		.map((concept) => {
			const light = concept.own !== undefined && LIGHT.has(concept.own) ? LIGHT_WEIGHT : 1;
			return { ...concept, weight: concept.weight * light * Math.max(0.1, rarity(concept)) };
		});
}

function scoreOf(concepts: readonly Concept[], { content, title }: Text): { score: number; covered: number } {
	let score = 0;
	let covered = 0;
	for (const concept of concepts) {
		const { own, further } = concept;
		covered += concept.weight * Math.max(worth(concept, content), worth(concept, title));
		score += concept.weight * (worth({ own, others: further }, content) + worth({ own, others: further }, title));
	}
	return { score, covered };
}

function worth({ own, others }: Pick<Concept, "own" | "others">, text: ReadonlySet<string>): number {
	if (own !== undefined && text.has(own)) return 1;
	const isNear = (term: string): boolean =>
		others.has(term) || (own !== undefined && own.length >= LEAST_BEGINNING && term.startsWith(own));
	return [...text].some(isNear) ? SYNONYM_WORTH : 0;
}

/** A word that no passage has, with the words that it may be a mistyping of: a letter less, more or other. */
function spelledLike(concept: Concept, texts: readonly Text[]): Concept {
	const { own } = concept;
	if (own === undefined) return concept;
	const near = texts.flatMap(({ content, title }) => [...content, ...title].filter((term) => isTypo(own, term)));
	return { ...concept, others: new Set([...concept.others, ...near]) };
}

/** What a message is about; where it goes on with what was spoken of, what that was about as well. */
function conceptsOf(question: string, earlier: readonly string[]): Concept[] {
	const own = conceptsIn(question, 1, 0);
	const tellsLittle =
		own.filter((concept) => concept.own === undefined || !LIGHT.has(concept.own)).length < FEW_CONCEPTS;
	if (!tellsLittle && !POINTS_BACK.test(question)) return own;
	const known = new Set(own.map((concept) => concept.own));
	for (const [index, message] of earlier.slice(-MAX_EARLIER).reverse().entries()) {
		const age = index + 1;
		const fresh = conceptsIn(message, FADING ** age, age).filter(
			(concept) => concept.own !== undefined && !known.has(concept.own),
		);
		for (const concept of fresh) known.add(concept.own);
		own.push(...fresh);
	}
	return own;
}

function conceptsIn(message: string, weight: number, age: number): Concept[] {
	const searched = [
		...new Map(
			words(message)
				.filter(isSearched)
				.map((word) => [termOf(word), word]),
		),
	];
	const asked = new Set(searched.map(([own]) => own));
	const concepts: Concept[] = searched.map(([own, word]) => {
		const others = new Set(queryTerms(word).map(({ term }) => term));
		return { own, others, further: new Set([...others].filter((term) => !asked.has(term))), weight, age };
	});
	const told = new Set(concepts.flatMap(({ own, others }) => [own, ...others]));
	// Pairs such as "sign up" or "where are" mean what neither word does alone.
	const ofPairs = new Set(queryTerms(message).flatMap(({ term }) => (told.has(term) ? [] : [term])));
	if (ofPairs.size === 0) return concepts;
	return [...concepts, { own: undefined, others: ofPairs, further: ofPairs, weight: weight * PAIR_WEIGHT, age }];
}
