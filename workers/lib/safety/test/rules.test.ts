import { describe, expect, it } from "vitest";
import { BOOK_EN } from "../en/book.ts";
import { BOOK_ES } from "../es/book.ts";
import { readPhrases } from "../phrases.ts";
import type { RuleBook } from "../rules.ts";
import { createReader, wordSet } from "../words.ts";
import { piecesOf } from "../pieces.ts";

const phrasesOf = ({ rules, figures, groups, grammar }: RuleBook): string[] => [
	...rules.flatMap(({ phrases }) => phrases),
	...figures,
	...Object.values(groups).flat(),
	...grammar.asking,
	...grammar.undoing,
];
const wordsOf = (phrases: readonly string[]): string[] =>
	phrases.flatMap((phrase) => phrase.split(/[ |]/)).map((word) => word.replace(/\?$/, ""));

describe.each([BOOK_EN, BOOK_ES])("the rules of $language", (book) => {
	const words = wordsOf(phrasesOf(book));

	it("are written as messages are read, so that no word of them is one that no message holds", () => {
		const fillers = wordSet(book.grammar.fillers);
		const spellings = wordSet(Object.values(book.grammar.spellings));
		expect(words.filter((word) => fillers.has(word) || spellings.has(word))).toEqual([]);
		const plain = /^(?:[a-z0-9]+|<[a-z-]+>|[*#]\d+|\^|\$)$/;
		expect(words.filter((word) => !plain.test(word))).toEqual([]);
	});

	it("say nothing twice, and hold no group that nothing names", () => {
		for (const { phrases } of book.rules) expect(phrases.length).toBe(new Set(phrases).size);
		const groups = Object.keys(book.groups).map((name) => `<${name}>`);
		expect(groups.filter((name) => !words.includes(name))).toEqual([]);
	});

	it("bear the day of their last change", () => {
		expect(book.version).toMatch(/^20\d\d-\d\d-\d\d$/);
	});
});

describe("phrases", () => {
	const grammar = { ...BOOK_EN.grammar, fillers: ["so"], joining: ["and"], calling: ["help"] };
	const found = (phrase: string, message: string): string[] => {
		const phrases = readPhrases([phrase], { pet: ["my cat|dog", "<bird>"], bird: ["parrot"] }, new Set(["no"]));
		const { words } = createReader(grammar, phrases.vocabulary).read(piecesOf(message));
		return phrases.in(words).map(({ start, end }) =>
			words
				.slice(start, end)
				.map(({ text }) => text)
				.join(" "),
		);
	};

	it.each([
		["a b", "A, b! a b", ["a b", "a b"]],
		["a|b c", "a c b c a b", ["a c", "b c"]],
		["a b? c", "a c a b c", ["a c", "a b c"]],
		["a *2 b", "a x b a x y z b", ["a x b"]],
		["a *2 b", "a no b", []],
		["a *2 b", "x a. b", []],
		["<pet> ate", "my dog ate, parrot ate, my parrot", ["my dog ate", "parrot ate"]],
		["<pet>|cow ate", "cow ate", ["cow ate"]],
		["#10 b", "9 b 10 b", ["10 b"]],
		["^ a", "a x, a x and a", ["a", "a", "a"]],
		["a $", "a x a, x a", ["a", "a"]],
		["a so b", "a so b", []],
		["a b", "a so so b", ["a b"]],
	])("%s in %j", (phrase, message, expected) => {
		expect(found(phrase, message)).toEqual(expected);
	});

	it("name no group that is not there", () => {
		expect(() => readPhrases(["a <nothing>"], {}, new Set())).toThrow("<nothing>");
	});
});
