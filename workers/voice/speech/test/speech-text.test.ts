import { describe, expect, it } from "vitest";
import { LINK_CASES } from "../../../lib/test/link-cases.ts";
import { speakable } from "../speech-text.ts";

type Case = [kind: string, text: string, spoken: string];

function areSpoken(cases: Case[]): void {
	it.each(cases)("%s", (_, text, spoken) => {
		expect(speakable(text)).toBe(spoken);
	});
}

describe("words and numbers are spoken as they are written", () => {
	areSpoken([
		["plain text", "We open at 8 a.m.; call us at 555-0100.", "We open at 8 a.m.; call us at 555-0100."],
		["a dose with times signs", "Give 3*250mg*2 or 10*2", "Give 3*250mg*2 or 10*2"],
		["factors one after another", "7*8*9 and 7**8**9 and 7 * 8 * 9", "7*8*9 and 7**8**9 and 7 * 8 * 9"],
		["powers in brackets", "(a+1)*(b)*(c) and (2)**3", "(a+1)*(b)*(c) and (2)**3"],
		["names with underscores", "the_last_name, __main__ and _x", "the_last_name, main and _x"],
		["comparisons", "p<0.05 and q>2, n<m and m>n, <= 4, a<i>e", "p<0.05 and q>2, n < m and m>n, <= 4, a < i>e"],
		["a value that begins a line with >", "> 39 °C: call\n- > 40 mg: stop", "> 39 °C: call. > 40 mg: stop"],
		["types with their parameters", "Array<Item> and Pair<Key, Value>", "Array < Item> and Pair < Key, Value>"],
		["places to fill in", "Dear <first name>, on <date> at <time>", "Dear first name , on date at time"],
		[
			"currency, units and percent",
			"US$1,299.00 −5 % ½ tsp 37.5 °C €9.99/mo",
			"US$1,299.00 −5 % ½ tsp 37.5 °C €9.99/mo",
		],
		["times, dates, versions", "9:30–17:00, 2026-11-28, v1.2.3", "9:30–17:00, 2026-11-28, v1.2.3"],
		["stars of a footnote", "From 5* and 6* on, *see below", "From 5* and 6* on, *see below"],
		["a path of Windows", "In C:\\Users\\Ann", "In C:\\Users\\Ann"],
		["a hashtag and a number sign", "#1 in #health", "#1 in #health"],
		["signs with a name", "Koby™ © 2026", "Koby™ © 2026"],
		["escaped marks", "\\*not so\\* 4\\*5 \\[x\\] \\# \\_a\\_ \\\\", "*not so* 4*5 [x] # _a_ \\"],
	]);
});

describe("marks are not spoken", () => {
	areSpoken([
		["emphasis", "**a b** *it* __st__ _em_ ***both*** ~~old~~ `code`", "a b it st em both old code"],
		["nested emphasis", "**bold with *italics* in it** and *so **too***", "bold with italics in it and so too"],
		["emphasis over a line's end", "**take\nwith** food, *or\nafter*", "take with food, or after"],
		["bold letters within a word", "**A**irway and **B**reathing", "Airway and Breathing"],
		["bold that touches a word or a number", "now**take** and **Dose**250mg", "now take and Dose 250mg"],
		["bold in a script without spaces", "请**按时**服药，这是*重要*的", "请按时服药，这是重要的"],
		["bold that was cut off", "Bring **your card", "Bring your card"],
		["code", "Run ``a ` b`` or `x*y*z` or `__init__`", "Run a ` b or x*y*z or __init__"],
		["tags of HTML and SSML", 'A<br/>b <break time="1s"/> <b>you</b>, <i class="x>y">4</i>', "A b you , 4"],
		["a tag of any name that is closed", "<note>Hello</note> all", "Hello all"],
		["comments", "One<!-- a note -->two", "One two"],
		["the words of a picture", '<img src="m.png" alt="A map"> ![our door](d.png)', "A map our door"],
		["entities", "Q&amp;A&nbsp;&lt;5 &#8364;7 &#x2265;3 caf&eacute; &frac12;", "Q&A <5 €7 ≥3 café ½"],
		["entities that were escaped twice", "R&amp;amp;D &amp;lt; &amp;eacute;", "R&D < é"],
		["entities of no name", "AT&T; &unknown; & so", "AT&T; &unknown; & so"],
		[
			"what would be markup to the vendor",
			'&lt;break time="9s"/&gt; `<break time="8s"/>`',
			'break time="9s" break time="8s"',
		],
		["footnotes", "Daily[^1] at noon[^x].\n\n[^1]: With food", "Daily at noon[^x]. With food"],
		["references", "See [our page][P], [p] and [q].\n\n[p]: https://a.example 'T'", "See our page, p and [q]."],
		[
			"autolinks to people",
			"<desk@a.example> <mailto:b@a.example> <tel:+1-555-0100>",
			"desk@a.example b@a.example +1-555-0100",
		],
	]);
});

describe("a block, a cell and a line end in a pause", () => {
	areSpoken([
		["headings", "# Hours\nWe open at 8.\n\nPrices ##\n===\n## C# ##\nend", "Hours. We open at 8. Prices ##. C#. end"],
		["lists in lists", "- one\n  * two\n    + three\n1. four\n   2) five", "one. two. three. 1. four. 2) five"],
		["tasks", "- [ ] call\n- [x] pay\n1. [X] sign", "call. pay. 1. sign"],
		["quotations", "> Be kind\n> > and calm\n\nhe said", "Be kind. and calm. he said"],
		["a table", "| Day | Hours |\n|:---|---:|\n| Mon | 8–5 |\n| | shut |", "Day, Hours. Mon, 8–5. shut"],
		["a table without outer bars", "Drug | mg\n--- | ---\nA \\| B | 5\n\nDone", "Drug, mg. A | B, 5. Done"],
		["rules", "one\n\n---\n* * *\n___\ntwo", "one. two"],
		["code", "```js\nlet x\nfoo(*y*)\n```\nend", "let x foo(*y*). end"],
		["markdown that is fenced", "```markdown\n# A\n- **b**\n```\nc", "A. b. c"],
		["a fence that never ends", "```\nlet x\n\n**y**", "let x. y"],
		["words in a fence's line", "```Take two now```\n~~~ a b\nc\n~~~", "Take two now. a b. c"],
		["paragraphs and lines", "Ann\n12 Main St\nOhio\n\nwe open\nat eight", "Ann, 12 Main St, Ohio. we open at eight"],
		["a pause that is there already", "Hours:\n\n(Closed.)\n\n“So?”\n\nend…\n\nx", "Hours: (Closed.) “So?” end… x"],
		["Chinese lines", "# 时间\n周一\n八点", "时间。周一，八点"],
		["blocks of HTML", "<h2>Hours</h2><ul><li>Mon</li><li>Tue</li></ul>A<br>B", "Hours. Mon. Tue. A, B"],
		["other line ends", "one\r\n\r\ntwo\u2028Three", "one. two, Three"],
	]);
});

describe("what cannot be said is left out", () => {
	areSpoken([
		["emoji with all that belongs to them", "Hi 👋🏽 there 👩‍👩‍👧‍👦 🇩🇪 ❤️ ☎️ ℹ️ ok", "Hi there ok"],
		["emoji between words", "yes👍no", "yes no"],
		["a keycap, but not its digit", "1️⃣2️⃣ #️⃣ *️⃣ go", "1 2 go"],
		["control and format characters", "a\u0007b\u200bc\u202ed\u00ade\ufefff", "a bcde f"],
		["right-to-left marks", "\u200fשלום\u200e \u2067abc\u2069", "שלום abc"],
		["a font's own signs", "a\ue000b\uf8ffc", "a b c"],
		["marks that are hidden by invisible ones", "*\u200b*bold*\u2060*", "bold"],
		["all but 30 marks of a letter", `a${"\u0301".repeat(5000)}b`, `\u00e1${"\u0301".repeat(29)}b`],
		["nothing where nothing is left", "… !!! --- *** \u3164 \u200d https://a.example", ""],
	]);

	it.each([
		["joiners that words need", "می\u200cخواهم"],
		["vowels of Indic words", "हिन्दी க்ஷ"],
		["an information sign that is a letter", "ℹ"],
	])("unlike %s", (_, text) => {
		expect(speakable(text)).toBe(text);
	});

	it("and letters are composed", () => {
		expect(speakable("Zoe\u0308")).toBe("Zo\u00eb");
	});
});

describe("addresses are left out, what follows them is not", () => {
	it.each(LINK_CASES)("$kind", ({ text, words }) => {
		expect(speakable(text)).toBe(words);
	});

	areSpoken([
		["other schemes and hosts", "Or ftp://f.example/x WWW.A.EXAMPLE/X https://münchen.example/ü end", "Or end"],
		["a host in another script", "在https://例子.example/a。好", "在。好"],
		["a scheme alone", "Type https:// first, www. too", "Type https:// first, www. too"],
		["a mailbox at a www host", "desk@www.a.example", "desk@www.a.example"],
		["an address in code", "`curl https://a.example/x -d 5`", "curl -d 5"],
	]);
});

it("the same text is spoken the same each time", () => {
	const text = "`a` **b** ``c`` [d](e) <i>f</i> https://g.example &amp; | `h`";
	const first = speakable(text);
	expect([speakable(text), speakable(text)]).toEqual([first, first]);
	expect(speakable(first)).toBe(first);
});
