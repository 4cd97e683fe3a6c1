import { describe, expect, it } from "vitest";
import { speakable } from "../speech-text.ts";

describe("a text made speakable", () => {
	it.each([
		[
			"plain text stays",
			"We open at 8 a.m. on weekdays; call us at 555-0100.",
			"We open at 8 a.m. on weekdays; call us at 555-0100.",
		],
		["whitespace is folded", "  one\n\n\ttwo\u00a0\u2028three  ", "one two three"],
		[
			"headings, quotes and list marks go",
			"# Hours\n> Quote\n- one\n* two\n+ three\n1. four",
			"Hours Quote one two three 1. four",
		],
		["emphasis goes", "**bold** *it* __strong__ _em_ ***both*** ~~old~~ `code`", "bold it strong em both old code"],
		["nested emphasis goes", "**bold with *italics* in it**", "bold with italics in it"],
		[
			"names, sums and lone marks stay",
			"snake_case_name, 2 * 3 = 6, 5 > 4, a_b",
			"snake_case_name, 2 * 3 = 6, 5 > 4, a_b",
		],
		["fences and rules go", "```js\nlet x\n```\n---\n* * *\n```end``` here", "let x end here"],
		["tables lose their bars", "| Day | Hours |\n|---|:--:|\n| Mon | 8 |", "Day Hours Mon 8"],
		[
			"links keep their words",
			'See [our page](https://a.example/x?y=1 "title") and ![a map](https://a.example/m.png).',
			"See our page and a map.",
		],
		[
			"URLs go, what follows them stays",
			"Go to https://a.example/x?y=1, (or www.b.example). Then <https://c.example> ok",
			"Go to , (or ). Then ok",
		],
		["tags of HTML and SSML go", 'Hi<br/>there <break time="1s"/> <b>you</b>, 3 < 4', "Hi there you , 3 < 4"],
		["emoji go with all that belongs to them", "Hi 👋🏽 there 👩‍👩‍👧‍👦 🇩🇪 1️⃣ ❤️ ☎️", "Hi there 1"],
		["signs with a name stay", "Koby™ © 2026 costs 5 € or 5 % more", "Koby™ © 2026 costs 5 € or 5 % more"],
		["control and format characters go", "a\u0007b\u200bc\u202ed\u00ade\ufefff", "a bcde f"],
		["joiners that words need stay", "می\u200cخواهم", "می\u200cخواهم"],
		["letters are composed", "Zoe\u0308", "Zo\u00eb"],
		["nothing to say is nothing", "… !!! --- ***", ""],
		["a zero-width joiner alone is nothing", "\u200d", ""],
	])("%s", (_, text, spoken) => {
		expect(speakable(text)).toBe(spoken);
	});

	it("is the same when made so twice", () => {
		const once = speakable("## **Open** _now_: [map](https://a.example) 🎉 <i>x</i>");
		expect(speakable(once)).toBe(once);
	});
});

/** What each of the patterns would read again and again, if it looked back over its text. */
const HARD: [pattern: string, units: string[]][] = [
	["MARKUP_LINES", ["`", "~", "``` ", "|", "| ", ":-", "* ", "_ ", "-", "- "]],
	["LINE_STARTS", ["#", "# ", ">", "> ", "\n#"]],
	["IMAGES_AND_LINKS", ["[", "![", "![a", "[a]", "](", "[a](", "[a](b", '[a](b "', "[a]( "]],
	["URLS", ["https://", "https://.", "https://a.,", "<https://a", "www.", "www.a)"]],
	["TAGS", ["<", "<a", "</a", "<a ", "<a>"]],
	["EMPHASIS and STRONG", ["*", "**a", "*a ", "a*", "_", "__a", "_a ", "~~", "~~a", "***a*", "*_a"]],
	["EMOJI", ["👩‍", "\u{1f1e9}", "©\ufe0f", "👋🏽", "👋\u{e0020}", "\u{e007f}"]],
	["INVISIBLE", ["\u200b", "\u200d", "\u202e", "\ue000", "1\ufe0f\u20e3"]],
	["SPACES", [" ", "\n", "\r", "\r\n", "\t\u0000", "\u2028", " \n"]],
	["SPEAKABLE", ["!", "¿ ", "\u0301"]],
];

describe("text that is made to be hard to match", () => {
	it.each(HARD)("is made speakable: %s", (_, units) => {
		for (const unit of units) {
			const text = unit.repeat(Math.ceil(50_000 / unit.length));
			expect(speakable(`${text}!`).length).toBeLessThanOrEqual(text.length + 1);
			expect(speakable(`${text}\nend`)).toMatch(/end$/);
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
		["<a", "b "],
		["</a", "b"],
		["*", "a "],
		["***", "a"],
		["~~", "a "],
		["__", "a"],
		["👋", "\u{e0020}"],
		["\u{1f1e9}", "\u200d"],
	])("is made speakable: %j, and 50 KB of %j that never end it", (begun, unit) => {
		expect(speakable(`${begun}${unit.repeat(50_000 / unit.length)}\nend`)).toMatch(/end$/);
	});

	// Far more than a body may hold: a pattern that looks back over its text would not come to an end here.
	it.each(["*", "_", "[", "](", "<a", "https://.", "~~", "`", "#", "| ", "-", " ", "\n", "![a", "*a ", "_a ", "👩‍"])(
		"is made speakable: 600,000 characters of %j",
		(unit) => {
			const text = unit.repeat(Math.floor(600_000 / unit.length));
			expect(speakable(`${text}\nend`)).toMatch(/end$/);
		},
	);
});
