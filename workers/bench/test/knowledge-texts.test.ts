import { expect, test } from "vitest";
import { passagesOf } from "../../lib/knowledge/passages.ts";
import { mixedTexts, seenQuestions } from "../knowledge/texts.ts";
import { customerNames, readArticles } from "../trial/eval/data.ts";

const SEED = 1;

test.each([50, 500])("%i mixed passages are as many for the cutter, none like another", (count) => {
	const contents = mixedTexts(count, SEED).flatMap(({ title, body }) =>
		passagesOf(title, body).map(({ content }) => content),
	);
	expect(contents).toHaveLength(count);
	expect(new Set(contents).size).toBe(count);
	for (const content of contents) expect(content.length).toBeGreaterThan(350);
});

test("a common word is in the same share of few passages and of many", () => {
	const shareOf = (count: number): number => {
		const passages = mixedTexts(count, SEED).flatMap(({ title, body }) => passagesOf(title, body));
		return passages.filter(({ weights }) => weights.has("week")).length / count;
	};
	const [few, many] = [shareOf(500), shareOf(2000)];
	expect(few).toBeGreaterThan(0.05);
	expect(Math.abs(few - many)).toBeLessThan(0.05);
});

test("mixed texts are the same each time, and hold no sentence of a customer who is left out", () => {
	expect(mixedTexts(100, SEED)).toEqual(mixedTexts(100, SEED));
	const [customer = ""] = customerNames();
	const bodies = mixedTexts(100, SEED, customer).map(({ body }) => body);
	const sentences = readArticles(customer).flatMap(({ body }) => body.split(/(?<=[.!?])\s+/));
	for (const sentence of sentences.filter(({ length }) => length > 30))
		expect(bodies.some((body) => body.includes(sentence))).toBe(false);
});

test("the questions that are asked are those of the half that is looked at, without chit-chat", () => {
	expect(seenQuestions().length).toBeGreaterThan(60);
	expect(seenQuestions()).toContain("How much does a professional cleaning cost?");
});
