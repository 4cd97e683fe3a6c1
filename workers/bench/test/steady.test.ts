import { expect, test } from "vitest";
import { isSteady, ownCpu, ratioOfRounds, requestsFor } from "../load/steady.ts";

const stretch = (us: number, seconds = 1.2) => ({ us, seconds });

test("a warm-up ends once two stretches in a row differ by less than 5 %", () => {
	expect(isSteady([stretch(2000), stretch(1200), stretch(1100)])).toBe(false);
	expect(isSteady([stretch(2000), stretch(1200), stretch(1100), stretch(1060)])).toBe(true);
});

test("a cost that rises is no steadier than one that falls", () => {
	expect(isSteady([stretch(1000), stretch(1000), stretch(1100)])).toBe(false);
	expect(isSteady([stretch(1000), stretch(1100), stretch(1000)])).toBe(false);
});

test("a warm-up is never shorter than 3 s, however even", () => {
	expect(isSteady([stretch(1000), stretch(1000)])).toBe(false);
	expect(isSteady([stretch(1000), stretch(1000), stretch(1000)])).toBe(true);
});

test("one long stretch alone is not steady", () => {
	expect(isSteady([])).toBe(false);
	expect(isSteady([stretch(1000, 10)])).toBe(false);
});

test("a stretch is sized by the pace of the one before, with a request for every connection at least", () => {
	expect(requestsFor(0.5, { seconds: 2, requests: 3000 }, 16)).toBe(750);
	expect(requestsFor(0.5, { seconds: 2, requests: 10 }, 16)).toBe(16);
});

const ROUNDS = [
	{ trees: [1100, 600], hello: 100 },
	{ trees: [900, 500], hello: 100 },
	{ trees: [4100, 1100], hello: 100 },
];

test("own CPU is what is over the hello of the same round, as a median", () => {
	expect(ownCpu(ROUNDS, 0)).toBe(1000);
	expect(ownCpu(ROUNDS, 1)).toBe(500);
});

test("the ratio is the median of the rounds' ratios, not the ratio of the medians", () => {
	expect(ratioOfRounds(ROUNDS)).toEqual({ ratio: 2, least: 2, most: 4 });
	const uneven = [
		{ trees: [200, 1100], hello: 100 },
		{ trees: [1100, 600], hello: 100 },
		{ trees: [2100, 2100], hello: 100 },
	];
	expect(ratioOfRounds(uneven)).toEqual({ ratio: 1, least: 0.1, most: 2 });
});
