import { describe, expect, it } from "vitest";
import { asSeen, isBlank } from "../unseen.ts";

describe("a text in which nothing can be seen", () => {
	it.each([
		["zero-width spaces and joiners", "\u200b\u200c\u200d\u2060\ufeff"],
		["braille's blank", "\u2800\u2800"],
		["Hangul fillers", "\u3164\u115f\u1160\uffa0"],
		["soft hyphens", "\u00ad"],
		["tags", "\u{e0001}\u{e0068}\u{e0069}\u{e007f}"],
		["variation selectors", "\ufe0f\u{e0100}\u180b"],
		["marks on no letter", "\u0301\u0489\u20e3\u0483"],
		["marks that take room on no letter", "\u0903\u093e"],
		["directions", "\u202e\u2066\u2069\u061c"],
		["Khmer's inherent vowels", "\u17b4\u17b5"],
		["invisible operators", "\u2061\u2062\u2063\u2064"],
		["blanks among symbols and letters", "\u{1d159}\u{13441}\ufffc"],
		["controls", "\u0007\u001b\u0085"],
		["noncharacters", "\uffff\ufdd0"],
		["spaces of all kinds between them", " \u3000\u200b\u00a0\u2003\u2800\n"],
		["nothing", ""],
	])("is one of %s", (_, text) => {
		expect(isBlank(text)).toBe(true);
	});

	it.each([
		"a",
		"?",
		"é",
		"👍🏽",
		"1️⃣",
		"한",
		"ㅋㅋ",
		"ᄒ",
		"ะ",
		"\u200bok\u200b",
		"⠓",
		"🇩🇪",
		"\u{1fae9}",
		"\uf8ff",
		"-",
		"e\u0301",
	])("is not %j", (text) => {
		expect(isBlank(text)).toBe(false);
	});
});

describe("a text as it is seen", () => {
	it.each([
		["zero-width characters in it", "w\u200be\u2060b\ufeffsite"],
		["soft hyphens in it", "web\u00adsite"],
		["fillers and blanks in it", "we\u3164b\u2800si\uffa0te"],
		["tags and selectors in it", "w\u{e0061}eb\ufe0fsite"],
		["marks on it", "w\u0335e\u0301bs\u034fi\u0308te"],
		["full-width letters", "ｗｅｂｓｉｔｅ"],
		["styled letters", "𝓌𝑒𝒷𝓈𝒾𝓉𝑒"],
		["controls in it", "web\u0007site"],
	])("is the same with %s", (_, text) => {
		expect(asSeen(text)).toBe("website");
	});

	it("keeps its white space", () => {
		expect(asSeen("é\n\t é")).toBe("e\n\t e");
	});
});
