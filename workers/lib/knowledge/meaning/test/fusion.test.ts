import { describe, expect, it } from "vitest";
import { fuse, namesCode, standsOut } from "../fusion.ts";
import type { MeaningHit, WordHit } from "../fusion.ts";

function word(key: number, score: number, more: Partial<WordHit> = {}): WordHit {
	return { key, score, isRare: true, coverage: 0.9, ...more };
}

/** Passages 1 to 30, usual ones near to the question by 0.50 to 0.52, and those that are given. */
function meanings(near: Record<number, number>): MeaningHit[] {
	return Array.from({ length: 30 }, (_, index) => index + 1).map((key) => ({
		key,
		similarity: near[key] ?? 0.5 + (key % 3) / 100,
	}));
}

const keys = (words: WordHit[], near: MeaningHit[], hasCode = false): number[] =>
	fuse(words, near, hasCode).map(({ key }) => key);

describe("words and meaning fused", () => {
	it("leave the words' ranking alone where nothing is known of meaning", () => {
		const words = [word(4, 9), word(2, 8), word(7, 1, { isRare: false, coverage: 0.1 })];
		expect(keys(words, [])).toEqual([4, 2, 7]);
		expect(fuse(words, [], false)[0]?.score).toBe(1);
	});

	it("leave the meaning's ranking alone where the words hit nothing", () => {
		expect(keys([], meanings({ 11: 0.9, 12: 0.8, 13: 0.7 }))).toEqual([11, 12, 13]);
	});

	it("leave it alone where the words hit only what many passages have", () => {
		const words = [word(1, 5, { isRare: false }), word(2, 4, { isRare: false })];
		expect(keys(words, meanings({ 11: 0.9, 12: 0.8, 13: 0.7 }))).toEqual([11, 12, 13]);
	});

	it("do not let one stray word of a question in other words displace what it means", () => {
		const stray = [word(1, 3, { coverage: 0.2 }), word(2, 2.9, { coverage: 0.2 }), word(3, 2.8, { coverage: 0.2 })];
		expect(keys(stray, meanings({ 11: 0.9, 12: 0.85, 13: 0.8 })).slice(0, 3)).toEqual([11, 12, 13]);
	});

	it("put first what both have found", () => {
		const words = [word(21, 9), word(12, 8)];
		expect(keys(words, meanings({ 11: 0.9, 12: 0.88 }))[0]).toBe(12);
	});

	it("keep the words' best among the first where they cover the whole question", () => {
		const words = [word(21, 9, { coverage: 1 }), word(22, 3, { coverage: 0.4 })];
		expect(
			keys(words, meanings({ 11: 0.9, 12: 0.7 }))
				.slice(0, 2)
				.sort(),
		).toEqual([11, 21]);
	});

	it("let the words decide where the question leans on what was said before it", () => {
		const words = [word(21, 9, { coverage: 0.6 })];
		expect(fuse(words, meanings({ 11: 0.9 }), false, 0.8)[0]?.key).toBe(21);
		expect(fuse(words, meanings({ 11: 0.9 }), false, 0)[0]?.key).toBe(11);
	});

	it("let the words decide where the question names a code", () => {
		const words = [word(21, 9, { coverage: 0.6 })];
		expect(keys(words, meanings({ 11: 0.9 }), true)[0]).toBe(21);
		expect(keys(words, meanings({ 11: 0.9 }), false)[0]).toBe(11);
	});

	it("count at most twenty by meaning, and none that is as near as all are", () => {
		const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [index, index < 40 ? 0.9 : 0.5]));
		const near = Object.entries(many).map(([key, similarity]) => ({ key: Number(key), similarity }));
		expect(keys([], near)).toHaveLength(20);
		expect(
			keys(
				[word(5, 1)],
				meanings({}).map(({ key }) => ({ key, similarity: 0.5 })),
			),
		).toEqual([5]);
	});

	it("count each of a few passages, but none that points away", () => {
		const few = [0.2, 0.1, -0.1].map((similarity, key) => ({ key, similarity }));
		expect(keys([], few)).toEqual([0, 1]);
	});

	it("give shares of the best one's score, in falling order", () => {
		const scores = fuse([word(1, 4), word(2, 2)], meanings({ 11: 0.9, 1: 0.8 }), false).map(({ score }) => score);
		expect(scores[0]).toBe(1);
		expect(scores).toEqual([...scores].sort((a, b) => b - a));
	});
});

describe("a question", () => {
	it.each([
		["Do you take plan D2750?", true],
		["What does form 1040 cost?", true],
		["Do you take children?", false],
	])("%s names a code: %s", (question, expected) => expect(namesCode(question)).toBe(expected));
});

describe("a passage stands out by its meaning", () => {
	it("where it is far nearer than is usual", () => {
		expect(standsOut(meanings({ 11: 0.9 }))).toBe(true);
	});

	it("but not where all are about as near, nor where nothing was compared", () => {
		expect(standsOut(meanings({}))).toBe(false);
		expect(standsOut([])).toBe(false);
		// The few that words have found of more than can be compared, or whose vectors a new model has made already.
		expect(standsOut([{ key: 1, similarity: 0.9 }])).toBe(false);
	});
});
