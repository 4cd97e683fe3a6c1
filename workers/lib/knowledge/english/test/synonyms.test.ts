import { describe, expect, it } from "vitest";
import { termOf } from "../stemmer.ts";
import { GENERAL } from "../synonyms-general.ts";
import { HEALTH } from "../synonyms-health.ts";
import { MONEY } from "../synonyms-money.ts";
import { PEOPLE } from "../synonyms-people.ts";
import { PLACES } from "../synonyms-places.ts";
import { TECHNOLOGY } from "../synonyms-technology.ts";
import { synonymEntry } from "../synonyms.ts";
import { words } from "../../terms.ts";

const SYNONYMS = [GENERAL, PEOPLE, MONEY, TECHNOLOGY, HEALTH, PLACES].flatMap((table) =>
	table.trim().split(/\s*\n\s*/),
);
const KEYS = SYNONYMS.map((line) => line.split(" ").map((key) => key.split("_")));
/** A key's terms, joined: what it is found by. */
const found = (key: readonly string[]): string => key.map(termOf).join(" ");

describe("the tables of synonyms", () => {
	it("hold words as the search sees them, and no pair of three", () => {
		const parts = KEYS.flat().flat();
		expect(parts.length).toBeGreaterThan(4000);
		expect(parts.filter((part) => words(part).join() !== part)).toEqual([]);
		expect(KEYS.flat().filter((key) => key.length > 2)).toEqual([]);
	});

	it("say nothing twice in a line, and lead from each to a word", () => {
		const idle = SYNONYMS.filter((_, index) => {
			const keys = KEYS[index] ?? [];
			const isTwice = new Set(keys.map(found)).size < keys.length;
			return isTwice || keys.length < 2 || keys.every((key) => key.length > 1);
		});
		expect(idle).toEqual([]);
		expect(new Set(SYNONYMS).size).toBe(SYNONYMS.length);
	});

	it("are found by the term of each word and each pair", () => {
		for (const keys of KEYS) {
			const singles = keys.filter((key) => key.length === 1).map(found);
			for (const key of keys) {
				const [first = "", second] = key.map(termOf);
				const entry = synonymEntry(first);
				const others = second === undefined ? entry?.alone : entry?.pairs.get(second);
				expect(others, key.join("_")).toEqual(
					expect.arrayContaining(singles.filter((single) => single !== found(key))),
				);
			}
		}
	});

	it("say nothing of what is only the beginning or the end of a word", () => {
		for (const term of ["", "a", "refun", "fund", "zzz", "\n", " ", "_", "東"])
			expect(synonymEntry(term)).toBeUndefined();
	});

	it("say the same each time", () => {
		expect(synonymEntry("refund")).toBe(synonymEntry("refund"));
		expect(synonymEntry("refund")?.alone[0]).toBe("reimburs");
	});
});
