import { describe, expect, it } from "vitest";
import { passagesOf } from "../passages.ts";
import { codePoints } from "../../text/text.ts";

function contents(body: string): string[] {
	return passagesOf("", body).map(({ content }) => content);
}

const sentence = (n: number): string => `This is sentence number ${n} of a text that goes on for quite a while.`;
const paragraph = (from: number, count: number): string =>
	Array.from({ length: count }, (_, n) => sentence(from + n)).join(" ");

describe("a text is cut", () => {
	it("not at all while it is short", () => {
		expect(contents("One.\n\nTwo.\r\n\r\nThree.")).toEqual(["One.\n\nTwo.\n\nThree."]);
	});

	it("between paragraphs, as many together as fit", () => {
		const [one, two, three] = [paragraph(1, 4), paragraph(5, 4), paragraph(9, 4)];
		expect(contents(`${one}\n\n${two}\n \n${three}`)).toEqual([`${one}\n\n${two}`, three]);
	});

	it("never between a heading and what follows it", () => {
		const [one, two] = [paragraph(1, 8), paragraph(9, 3)];
		expect(contents(`${one}\n\nOpening hours\n\n${two}`)).toEqual([one, `Opening hours\n${two}`]);
		expect(contents("## Opening hours\n\n## At weekends\n\nFrom nine.\n\nHow to find us")).toEqual([
			"## Opening hours\n## At weekends\nFrom nine.\n\nHow to find us",
		]);
	});

	it("between lines, then sentences, then words where a paragraph is too long", () => {
		const lines = Array.from({ length: 30 }, (_, n) => `- item ${n} of a list of things`).join("\n");
		expect(contents(lines).join("\n")).toBe(lines);
		const long = paragraph(1, 30);
		expect(contents(long).join(" ")).toBe(long);
		expect(contents(long).every((part) => part.startsWith("This is") && part.endsWith("while."))).toBe(true);
		const words = "word ".repeat(500).trim();
		expect(contents(words).join(" ")).toBe(words);
		const japanese = "私たちは午前九時に開きます。".repeat(100);
		expect(contents(japanese).every((part) => part.endsWith("。"))).toBe(true);
	});

	it.each([["x".repeat(5000)], ["😀".repeat(1500)], ["x".repeat(699) + "😀".repeat(3)]])(
		"anywhere but inside a character where nothing else helps",
		(body) => {
			const parts = contents(body);
			expect(parts.join("")).toBe(body);
			expect(parts.every((part) => part.isWellFormed())).toBe(true);
		},
	);

	it.each([
		paragraph(1, 200),
		"word ".repeat(5000),
		"字".repeat(9000),
		"a\n\n".repeat(9000),
		" ",
		"\n\n\n",
		"-".repeat(9000),
	])("into at least one passage of at most 700 characters: %.12j…", (body) => {
		const parts = contents(body);
		expect(parts.length).toBeGreaterThan(0);
		expect(parts.filter((part) => codePoints(part) > 700)).toEqual([]);
	});
});

describe("a term weighs", () => {
	function weight(term: string, title: string, body: string): number {
		return passagesOf(title, body)[0]?.weights.get(term) ?? 0;
	}

	it("more in the title than in the text, and more in both", () => {
		const text = weight("refund", "Policy", "A refund.");
		const title = weight("refund", "Refund", "A policy.");
		expect(title).toBeGreaterThan(text);
		expect(weight("refund", "Refund", "A refund.")).toBeGreaterThan(title);
		expect(weight("nothing", "Refund", "A refund.")).toBe(0);
	});

	it("more each time it is there, ever less so, and less in a long text", () => {
		const [once, twice, ten] = [1, 2, 10].map((times) =>
			weight("refund", "", `${"refund ".repeat(times)}${"word ".repeat(50 - times)}`),
		);
		expect(once).toBeLessThan(twice ?? 0);
		expect(twice).toBeLessThan(ten ?? 0);
		expect(ten).toBeLessThan(2.2);
		expect(weight("refund", "", `refund ${"word ".repeat(100)}`)).toBeLessThan(once ?? 0);
	});

	it("something in each passage when it is of the title", () => {
		const passages = passagesOf("Refund", paragraph(1, 60));
		expect(passages.length).toBeGreaterThan(3);
		expect(passages.every(({ weights }) => (weights.get("refund") ?? 0) > 0)).toBe(true);
	});
});
