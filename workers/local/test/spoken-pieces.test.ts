import { expect, it } from "vitest";
import { MAX_CHARACTERS, piecesOf } from "../../chat/widget/page/spoken/pieces.ts";

const words = (text: string): string => text.replace(/\s+/g, "");
const sentence = "The questionnaire takes about fifteen minutes. ";

it.each([
	["short", "One line.", 1],
	["empty", " \n ", 0],
	["of lines", `${"a line of an answer\n".repeat(70)}the end`, 2],
	["of sentences", sentence.repeat(50), 3],
	["of words alone", "word ".repeat(500), 3],
	["without a blank", "x".repeat(2500), 3],
	["of Chinese", "问卷大约需要十五分钟。".repeat(200), 3],
	["of emoji", "🦷".repeat(1500), 2],
	["of blanks at the limit", `${"x".repeat(MAX_CHARACTERS)}   y`, 2],
])("a text that is %s is said whole, in pieces that the voice takes", (_, text, count) => {
	const pieces = piecesOf(text);
	expect(pieces).toHaveLength(count);
	expect(words(pieces.join(""))).toBe(words(text));
	for (const piece of pieces) {
		expect([...piece].length).toBeLessThanOrEqual(MAX_CHARACTERS);
		expect(piece.trim()).toBe(piece);
		expect(piece.isWellFormed()).toBe(true);
	}
});

it("is cut where a line ends, else a sentence", () => {
	expect(piecesOf(`${sentence.repeat(10)}\n${sentence.repeat(20)}`)[0]).toBe(sentence.repeat(10).trim());
	for (const piece of piecesOf(sentence.repeat(60))) expect(piece).toMatch(/minutes\.$/);
});
