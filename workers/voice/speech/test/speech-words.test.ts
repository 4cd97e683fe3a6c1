import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { speakable } from "../speech-text.ts";

/** A piece of a text, and the words and numbers of it that are to be spoken. */
interface Piece {
	source: string;
	words: readonly string[];
}

const RUNS = { numRuns: 1500 };

function wordsOf(text: string): string[] {
	return text.normalize("NFC").match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

/** All of it is spoken. */
function spoken(source: string): Piece {
	return { source, words: wordsOf(source) };
}

const word = fc.constantFrom("take", "Zoë", "naïve", "4", "500mg", "B12", "نعم", "药", "готово", "हिन्दी", "I");
const number = fc.integer({ min: 0, max: 99_999 }).map(String);
const group = fc.oneof(word, number);
const phrase = fc.array(group, { minLength: 1, maxLength: 4 }).map((groups) => groups.join(" "));
const host = fc.constantFrom("https://a.example", "www.b.example", "http://c.example:8080", "https://d.example/e_(f)");
const path = fc.constantFrom("", "/", "/faq", "/faq.html", "/s?q=1,2&l=en#top");
const address = fc.tuple(host, path).map(([one, other]) => one + other);

/** What stands within a line. */
const inlinePiece: fc.Arbitrary<Piece> = fc.oneof(
	phrase.map(spoken),
	fc
		.tuple(number, fc.constantFrom("*", " * ", "**", "<", ">", " < ", "/", "×", "_", "~", ":"), number)
		.map((sum) => spoken(sum.join(""))),
	fc.array(number, { minLength: 3, maxLength: 5 }).map((factors) => spoken(factors.join("*"))),
	fc.tuple(fc.constantFrom("*", "**", "_", "__", "***", "~~", "`", "``"), phrase).map(([mark, text]) => ({
		source: mark + text + mark,
		words: wordsOf(text),
	})),
	fc.tuple(phrase, phrase).map(([one, other]) => ({
		source: `**${one}\n${other}**`,
		words: wordsOf(`${one} ${other}`),
	})),
	fc
		.tuple(fc.constantFrom("", "!"), phrase, address, fc.constantFrom("", ' "Titel"'))
		.map(([bang, text, to, title]) => ({
			source: `${bang}[${text}](${to}${title})`,
			words: wordsOf(text),
		})),
	address.map((source) => ({ source, words: [] })),
	fc.tuple(address, fc.constantFrom("，", "。", "—", "）", "、", "”", "…", " "), phrase).map(([to, mark, text]) => ({
		source: to + mark + text,
		words: wordsOf(text),
	})),
	address.map((to) => ({ source: `<${to}>`, words: [] })),
	fc.tuple(fc.constantFrom("b", "strong", "a", "p", "speak"), phrase).map(([tag, text]) => ({
		source: `<${tag} class="x">${text}</${tag}>`,
		words: wordsOf(text),
	})),
	phrase.map((text) => spoken(`<your ${text}>`)),
	fc
		.tuple(group, fc.constantFrom("&nbsp;", "&amp;", "&#60;", "&amp;lt;", "🎉", "👩‍👩‍👧", "<br>", "\u2028"), group)
		.map(([one, mark, other]) => ({
			source: one + mark + other,
			words: [one, other].flatMap(wordsOf),
		})),
	fc.tuple(word, word).map(([one, other]) => spoken(`\\*${one}\\_${other}\\*`)),
	fc.constantFrom("desk@a.example", "+1 (555) 010-0199", "snake_case_2", "$1,299.00", "5 %", "C#").map(spoken),
	fc.constant({ source: "1️⃣", words: ["1"] }),
);

const line: fc.Arbitrary<Piece> = fc.array(inlinePiece, { minLength: 1, maxLength: 5 }).map((pieces) => ({
	source: pieces.map(({ source }) => source).join(" "),
	words: pieces.flatMap(({ words }) => words),
}));

const cell = fc.oneof(
	phrase,
	phrase.map((text) => `**${text}**`),
);
const table = fc.array(fc.tuple(cell, cell), { minLength: 2, maxLength: 4 }).chain((rows) =>
	fc.boolean().map((hasBars) => {
		const [head = "", ...rest] = rows.map(([one, other]) => (hasBars ? `| ${one} | ${other} |` : `${one} | ${other}`));
		return {
			source: [head, hasBars ? "|:--|--:|" : "--- | ---", ...rest].join("\n"),
			words: rows.flat().flatMap(wordsOf),
		};
	}),
);

/** What takes lines of its own. */
const block: fc.Arbitrary<Piece> = fc.oneof(
	line,
	fc
		.tuple(fc.constantFrom("# ", "### ", "- ", "  * ", "> - ", "- [x] ".replace("x", " "), "• "), line)
		.map(([mark, { source, words }]) => ({
			source: mark + source.replace(/^>/, ""),
			words,
		})),
	fc
		.tuple(fc.nat(99), line)
		.map(([n, { source, words }]) => ({ source: `${n}. ${source}`, words: [String(n), ...words] })),
	table,
	fc.array(phrase, { minLength: 1, maxLength: 3 }).map((lines) => ({
		source: `\`\`\`js\n${lines.join("\n")}\n\`\`\``,
		words: lines.flatMap(wordsOf),
	})),
	fc.constantFrom("---", "* * *", "===", "", "🎉").map((source) => ({ source, words: [] })),
);

describe("every group of letters or digits outside addresses, tags and link targets is spoken, in order", () => {
	it("within a line of markup", () => {
		fc.assert(
			fc.property(line, ({ source, words }) => {
				expect(wordsOf(speakable(source))).toEqual(words);
			}),
			RUNS,
		);
	});

	it("in blocks of all kinds, one after another", () => {
		fc.assert(
			fc.property(fc.array(block, { minLength: 1, maxLength: 6 }), (blocks) => {
				const source = blocks.map((each) => each.source).join("\n\n");
				expect(wordsOf(speakable(source))).toEqual(blocks.flatMap(({ words }) => words));
			}),
			RUNS,
		);
	});
});

/** Whether the words spoken are those written: none lost, and joined only letter to letter, as `**A**irway` is one word. */
function areKept(written: string[], heard: string[]): boolean {
	let at = 0;
	for (const each of heard) {
		let joined = written[at++] ?? "";
		while (joined !== each) {
			const next = written[at++];
			if (next === undefined || /\p{N}$/u.test(joined) || /^\p{N}/u.test(next)) return false;
			joined += next;
		}
	}
	return at >= written.length;
}

/** What chance may make of these that is no word: the one tag of HTML in their letters, and references to a character. */
const NO_WORD = /<\/?dd\b[^<>]*>|&#?[a-z0-9]+;/i;
const ANYTHING = [
	"c",
	"d",
	"E",
	"5",
	"72",
	" ",
	"\n",
	"然",
	"é",
	".",
	",",
	"!",
	"-",
	"+",
	"=",
	"|",
	"#",
	"%",
	"$",
	"—",
	"\u200d",
	"🎉",
];

describe("no marks at random cost or join a word or number", () => {
	it.each([
		["emphasis, headings, tables and quotations", ["*", "_", "~", "**", "__", ">", "\\", "\n# ", "\n- ", "\n> "]],
		["brackets, pictures and references", ["[", "]", "![", "^", "\\", "*", "\n- "]],
		["comparisons and what looks like a tag", ["<", ">", "< ", " >", "*", "&", ";"]],
		["brackets of all kinds", ["(", ")", "[ ", "{", "}", "<", ">", "*", ":"]],
	])("%s", (_, marks) => {
		const text = fc
			.array(fc.constantFrom(...ANYTHING, ...marks, ...marks), { maxLength: 40 })
			.map((units) => units.join(""))
			.filter((source) => !NO_WORD.test(source.replaceAll("\u200d", "")));
		fc.assert(
			fc.property(text, (source) =>
				areKept(wordsOf(source.replaceAll("\u200d", "")), wordsOf(speakable(source).replaceAll("\u200d", ""))),
			),
			{ numRuns: 5000 },
		);
	});

	it("code, within a line", () => {
		const text = fc.array(fc.constantFrom(...ANYTHING.filter((unit) => unit !== "\n"), "`", "``", "*", "_"), {
			maxLength: 40,
		});
		fc.assert(
			fc.property(text, (units) => {
				const source = `c ${units.join("")}`;
				return areKept(wordsOf(source.replaceAll("\u200d", "")), wordsOf(speakable(source).replaceAll("\u200d", "")));
			}),
			{ numRuns: 5000 },
		);
	});

	it("letters, numbers and signs of all scripts stay as they are", () => {
		fc.assert(
			fc.property(
				fc.array(fc.constantFrom(..."aZ9ßçЖחمकあ漢한ก٣Ⅳ½²€%°'’-.,:;?()/"), { minLength: 1, maxLength: 40 }),
				(units) => {
					expect(wordsOf(speakable(`x ${units.join("")}`))).toEqual(wordsOf(`x ${units.join("")}`));
				},
			),
			RUNS,
		);
	});
});
