import { describe, expect, it } from "vitest";
import { normalized } from "../normalized.ts";

const FORMS = ["NFC", "NFKC", "NFKD"] as const;

describe.each(FORMS)("a text in %s", (form) => {
	it.each([
		"plain",
		"Zoe\u0308, Zoë",
		"ﬁ ① ﾊﾟ",
		"Tiếng Việt",
		"हिन्दी",
		"שָׁלוֹם",
		"กำ",
		"한국어",
		`a${"\u0301".repeat(30)}b`,
		"\u0315\u0327x",
	])("is what the language makes of it: %j", (text) => {
		expect(normalized(text, form)).toBe(text.normalize(form));
	});

	// A run without a bound: 300,000 of them would take the language many minutes.
	it.each([
		["marks of two classes by turns", "\u0315\u0327"],
		["marks of four classes by turns", "\u0345\u0301\u0334\u0327"],
		["letters that become marks", "\uff9e\u0327"],
		["marks that are taken apart", "\u0344\u0f73"],
	])("has at most 30 marks in a row: %s", (_, unit) => {
		const text = normalized(`a${unit.repeat(300_000 / unit.length)}b${unit.repeat(100_000)}`, form);
		expect(text.length).toBeLessThanOrEqual(2 + 4 * 30);
		expect(text).toContain("b");
	});

	it.each([
		["syllables in parts", "\u1100\u1161\u11a8".repeat(10_000)],
		["letters that are taken apart into many", "\ufdfa".repeat(10_000)],
		["letters with 30 marks each", `a${"\u0315\u0327".repeat(15)}`.repeat(3000)],
	])("is made in no more time than its length takes: %s", (_, text) => {
		expect(normalized(text, form)).toBe(text.normalize(form));
	});
});
