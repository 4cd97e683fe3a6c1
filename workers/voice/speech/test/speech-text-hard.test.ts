import { describe, expect, it } from "vitest";
import { speakable } from "../speech-text.ts";

/** What each step would read again and again, if it looked back over its text. */
const HARD: [step: string, units: string[]][] = [
	[
		"signs",
		["👩‍", "\u{1f1e9}", "©\ufe0f", "👋\u{e0020}", "\u200b", "\ue000", "1\ufe0f\u20e3", "a\u0301\u0323", "\u0301"],
	],
	["spaces", [" ", "\n", "\r", "\r\n", "\t\u0000", "\u2028", " \n"]],
	["blocks", ["-", "- ", "> ", "1. ", "#", "# ", "\n#", "- [ ] ", "[a]: /b\n", "[^a]: ", "* ", "= "]],
	["fences", ["```\n", "~~~a\n", "````\n```\n", "``` "]],
	["tables", ["|", "| ", "a|", "|a\n", "a|b\n-|-\n", ":-"]],
	["code", ["`", "a``b```", "` ``"]],
	["emphasis", ["*", "**a", "*a ", "a*", "_", "__a", "_a ", "~~", "~~a", "***a*", "*_a"]],
	["links", ["[", "![", "![a", "[a]", "](", "[a](", "[a](b", '[a](b "', "[a]( ", "[](<", "[^a]", "[a][b]"]],
	[
		"addresses",
		[
			"https://",
			"https://.",
			"https://a.,",
			"<https://a",
			"www.",
			"www.a)",
			"https://a.b/(",
			"https://a&",
			"a-:",
			"mailto:",
		],
	],
	["tags", ["<", "<a", "</a", "<a ", "<a>", '<a x="', "<b '\"", "<!--", "<!-- -", "<x y"]],
	["entities", ["&", "&amp;", "&#", "&amp;lt", "&nbsp;"]],
	["escapes", ["\\", "\\*", "\\\n"]],
];

describe("text that is made to be hard to read", () => {
	it.each(HARD)("is made speakable to its end: %s", (_, units) => {
		for (const unit of units) {
			const text = unit.repeat(Math.ceil(32_768 / unit.length));
			expect(speakable(`${text}\n\nend`)).toMatch(/end$/);
		}
	});

	it.each([
		["```", "a"],
		["| ", ":"],
		["#", " "],
		["[", "a "],
		["![a](", "b"],
		['[a](b "', "c "],
		["https://", ".,"],
		["<https://", "a."],
		["<a ", "b "],
		["<!--", "-"],
		["*", "a "],
		["~~", "a "],
		["__", "a"],
		["👋", "\u{e0020}"],
		["a", "\u0301"],
	])("is made speakable: %j, and 32 KB of %j that never end it", (begun, unit) => {
		expect(speakable(`${begun}${unit.repeat(32_768 / unit.length)}\n\nend`)).toMatch(/end$/);
	});

	// Far more than a body may hold: a step that looks back over its text would not come to an end here.
	it.each([
		"*",
		"_",
		"[",
		"](",
		"<a",
		"https://.",
		"~~",
		"`",
		"#",
		"| ",
		"-",
		" ",
		"\n",
		"![a",
		"*a ",
		"_a ",
		"👩‍",
		"\u0301",
	])("is made speakable: 600,000 characters of %j", (unit) => {
		const text = unit.repeat(Math.floor(600_000 / unit.length));
		expect(speakable(`${text}\n\nend`)).toMatch(/end$/);
	});
});
