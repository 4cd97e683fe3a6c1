import { customerNames, readArticles, readQuestions } from "../trial/eval/data.ts";
import type { Article } from "../trial/eval/data.ts";
import { createDice } from "../trial/parts/random.ts";
import type { Dice } from "../trial/parts/random.ts";

/** Passages of a text: 5,000 are 500 texts, the most that an org may have. */
const PASSAGES_OF_TEXT = 10;
/** What a passage is filled up to, UTF-16 units: the cutter (lib/knowledge/passages.ts) makes one of each paragraph. */
const PASSAGE_CHARS = 690;
/** How many sentences of a passage are of the article that its title names. */
const OWN_SHARE = 0.6;

/** A text of an org that the benchmark makes. */
export interface BenchText {
	title: string;
	body: string;
}

/**
 * So many passages, a multiple of ten, in texts of ten: sentences of the evaluation's articles, mixed. A text is named
 * after one of the articles in turn; of the sentences of each passage six in ten are of that article and the rest of any. So a word is
 * in the same share of the passages however many there are. Of real texts that is so of the common words only, since more text
 * brings more words: with many passages the search has more to read here than in earnest.
 * @param without a customer none of whose sentences are taken
 */
export function mixedTexts(passages: number, seed: number, without?: string): BenchText[] {
	const dice = createDice(seed);
	const articles = customerNames()
		.filter((name) => name !== without)
		.flatMap(readArticles);
	const sentences = articles.map(sentencesOf);
	const all = sentences.flat();
	return Array.from({ length: passages / PASSAGES_OF_TEXT }, (_, index) => {
		const own = sentences[index % articles.length] ?? [];
		const paragraphs = Array.from({ length: PASSAGES_OF_TEXT }, () => paragraph(dice, own, all));
		return { title: articles[index % articles.length]?.title ?? "", body: paragraphs.join("\n\n") };
	});
}

function sentencesOf({ body }: Article): string[] {
	return body.split(/(?<=[.!?])\s+/);
}

/** Longer than half of a passage, so that the cutter joins no two. */
function paragraph(dice: Dice, own: readonly string[], all: readonly string[]): string {
	let text = "";
	for (;;) {
		const from = dice.happens(OWN_SHARE) ? own : all;
		const next = `${text} ${from[dice.below(from.length)] ?? ""}`.trim();
		if (next.length > PASSAGE_CHARS) return text;
		text = next;
	}
}

/** The questions of the half that is looked at, as first messages; without chit-chat, for which nothing is searched. */
export function seenQuestions(): string[] {
	const all = customerNames().flatMap((customer) => readQuestions(customer, "seen"));
	return all.filter(({ type }) => type !== "chit-chat").map(({ text }) => text);
}
