import { describe, expect, it } from "vitest";
import { speakable } from "../speech-text.ts";

describe("a text made speakable", () => {
	it.each([
		["plain text stays", "We open at 8 a.m. on weekdays; call us at 555-0100.", "We open at 8 a.m. on weekdays; call us at 555-0100."],
		["whitespace is folded", "  one\n\n\ttwo\u00a0\u2028three  ", "one two three"],
		["headings, quotes and list marks go", "# Hours\n> Quote\n- one\n* two\n+ three\n1. four", "Hours Quote one two three 1. four"],
		["emphasis goes", "**bold** *it* __strong__ _em_ ***both*** ~~old~~ `code`", "bold it strong em both old code"],
		["nested emphasis goes", "**bold with *italics* in it**", "bold with italics in it"],
		["names, sums and lone marks stay", "snake_case_name, 2 * 3 = 6, 5 > 4, a_b", "snake_case_name, 2 * 3 = 6, 5 > 4, a_b"],
		["fences and rules go", "```js\nlet x\n```\n---\n* * *\n```end``` here", "let x end here"],
		["tables lose their bars", "| Day | Hours |\n|---|:--:|\n| Mon | 8 |", "Day Hours Mon 8"],
		["links keep their words", 'See [our page](https://a.example/x?y=1 "title") and ![a map](https://a.example/m.png).', "See our page and a map."],
		["URLs go, what follows them stays", "Go to https://a.example/x?y=1, (or www.b.example). Then <https://c.example> ok", "Go to , (or ). Then ok"],
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

	// Far more than a body may hold: a pattern that looks back over its text would not come to an end here.
	it.each(["*", "_", "[", "](", "<a", "https://.", "~~", "`", "#", "| ", "-", " ", "\n", "![a", "*a ", "_a ", "👩‍"])("is made of 600,000 characters of %j, too", (unit) => {
		const text = unit.repeat(Math.floor(600_000 / unit.length));
		expect(speakable(`${text}\nend`)).toMatch(/end$/);
	});
});
