import { describe, expect, it } from "vitest";
import { packVectors, similarities, unpackVectors, vectorChars, vectorsPerText } from "../vectors.ts";

/** Numbers that look random and are the same each time. */
function randoms(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 31 - 1;
	};
}

function vectorsOf(count: number, dimensions: number): number[][] {
	const next = randoms(7);
	return Array.from({ length: count }, () => Array.from({ length: dimensions }, () => next() ** 3));
}

function cosine(one: readonly number[], other: readonly number[]): number {
	const dot = (a: readonly number[], b: readonly number[]) =>
		a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
	return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));
}

/** How many vectors each of the texts has. */
function countsOf(texts: readonly string[], dimensions: number): number[] {
	return texts.map((text) => text.length / vectorChars(dimensions));
}

describe("packed vectors", () => {
	it.each([128, 255, 256, 768, 1536, 3072])("of %i dimensions say a cosine to a hundredth", (dimensions) => {
		const vectors = vectorsOf(70, dimensions);
		const texts = packVectors(vectors);
		const [question = []] = vectorsOf(1, dimensions);
		const asked = question.map((value, index) => value + (vectors[40]?.[index] ?? 0));
		const near = similarities(unpackVectors(texts, countsOf(texts, dimensions), dimensions), asked);
		expect(near).toHaveLength(70);
		for (const [index, vector] of vectors.entries()) expect(near[index]).toBeCloseTo(cosine(vector, asked), 2);
		expect(near.indexOf(Math.max(...near))).toBe(
			vectors.findIndex((vector) => cosine(vector, asked) === Math.max(...vectors.map((v) => cosine(v, asked)))),
		);
	});

	it.each([128, 768, 3072])(
		"of %i dimensions are texts of at most 60,000 characters, each vector of as many",
		(dimensions) => {
			const texts = packVectors(vectorsOf(vectorsPerText(dimensions) * 2 + 1, dimensions));
			expect(texts.map(({ length }) => length)).toEqual([
				vectorsPerText(dimensions) * vectorChars(dimensions),
				vectorsPerText(dimensions) * vectorChars(dimensions),
				vectorChars(dimensions),
			]);
			for (const text of texts) {
				expect(text.length).toBeLessThanOrEqual(60_000);
				expect(text).not.toContain("=");
			}
		},
	);

	it("are found one by one in the text of all", () => {
		const vectors = vectorsOf(3, 768);
		const [text = ""] = packVectors(vectors);
		const second = text.slice(vectorChars(768), 2 * vectorChars(768));
		const [near] = similarities(unpackVectors([second], [1], 768), vectors[1] ?? []);
		expect(near).toBeCloseTo(1, 3);
	});

	it("of unit length, of another and of zeros are compared by direction alone", () => {
		const vectors = [
			[3, 4, 0],
			[0.3, 0.4, 0],
			[0, 0, 0],
			[-3, -4, 0],
		];
		const near = similarities(unpackVectors(packVectors(vectors), [4], 3), [6, 8, 0]);
		expect([...near].map((value) => Math.round(value * 1000) / 1000)).toEqual([1, 1, 0, -1]);
	});

	const halfWay = `${"wEAA".repeat(4)}!${"wEAA".repeat(2)}`;
	const tooLong = "wEAA".repeat(9);
	it.each(["no base64!", "AAAA", "", halfWay, tooLong])(
		"that were spoilt (%j) are near to nothing and spoil no others",
		(spoilt) => {
			const [good = ""] = packVectors([[1, 2, 3]]);
			const near = similarities(unpackVectors([spoilt, good], [2, 1], 3), [1, 2, 3]);
			expect([...near]).toEqual([0, 0, expect.closeTo(1, 3)]);
		},
	);

	it("are near to no question of another length", () => {
		expect([...similarities(unpackVectors(packVectors([[1, 2, 3]]), [1], 3), [1, 2])]).toEqual([0]);
	});
});
