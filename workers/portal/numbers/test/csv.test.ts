import { describe, expect, it } from "vitest";
import { csvLine } from "../csv.ts";
import { parseCsv } from "./csv.ts";

/** The text as a reader of the comma file sees it. */
function stored(text: string): string {
	return parseCsv(csvLine(["a", text, "z"]))[0]?.[1] ?? "";
}

/**
 * The cells of our bytes as a spreadsheet reads them whose list separator is another: a quote opens a cell only as its first
 * character, closes it where it is not doubled, and stands for itself anywhere else.
 */
function cellsOf(bytes: string, separator: string, isQuoting: boolean): string[] {
	const ends = [separator, "\r", "\n"];
	const cells: string[] = [];
	let cell = "";
	for (let at = 0, isOpen = false, isFirst = true; at < bytes.length; at++) {
		const char = bytes.charAt(at);
		const isQuote = char === '"' && isQuoting && (isOpen || isFirst);
		isFirst = !isOpen && ends.includes(char);
		if (isFirst) {
			cells.push(cell);
			cell = "";
		} else if (!isQuote) cell += char;
		else if (isOpen && bytes.charAt(at + 1) === '"') cell += bytes.charAt(++at);
		else isOpen = !isOpen;
	}
	return [...cells, cell];
}

/** Whether a spreadsheet takes a cell for a formula, and the formula runs: `=` always, a sign where it reaches out of the sheet. */
function runs(cell: string): boolean {
	const text = cell.replace(/^[\s\p{C}]+/u, "");
	return /^[=＝]/.test(text) || (/^[+\-@＋－＠]/.test(text) && /[(（|｜]|[!！][^\s",]|['＇][#＃]/.test(text));
}

/** What each kind of spreadsheet makes of a line; one that takes every quote for itself, and one that drops them, among them. */
function readings(bytes: string): string[] {
	const others = [";", "\t"].flatMap((separator) => [
		...cellsOf(bytes, separator, true),
		...cellsOf(bytes, separator, false).flatMap((cell) => [cell, cell.replace(/^[\s"]+/, "")]),
	]);
	return [...parseCsv(bytes).flat(), ...others];
}

const HARMLESS = [
	"Here is:\n- one\n- two",
	"- one\n- two",
	"- one; - two; +3",
	"Call\r\n+49 30 123456\r\n@koby",
	"-1",
	"@john",
	"a\t-1\t+2",
	"- Great!\n- Thanks!",
	"\ttext",
	"\n\n\r\n",
	"a=1",
	"1+1 (two)",
	"mail@example.com",
	"well-known (very)",
	"(=1)",
	'"=1"',
	"'=1",
	"x, =1+1",
	'He said "=1+1"',
	"a | b; c",
	"",
];

const RUN: [text: string, made: string][] = [
	["=1+1", "'=1+1"],
	["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
	["-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"],
	["+HYPERLINK(A1)", "'+HYPERLINK(A1)"],
	["@SUM(A1)", "'@SUM(A1)"],
	["-1\n+cmd|' /C calc'!A0", "'-1\n'+cmd|' /C calc'!A0"],
	["-'\\\\host\\[a.xls]S'!A1", "'-'\\\\host\\[a.xls]S'!A1"],
	["-'file:///a'#$S.A1", "'-'file:///a'#$S.A1"],
	["\t=1", "\t'=1"],
	["  =1", "  '=1"],
	["\u00A0=1", "\u00A0'=1"],
	["\u200B\uFEFF=1", "\u200B\uFEFF'=1"],
	["\u0001=1", "\u0001'=1"],
	["＝1", "'＝1"],
	["＠SUM（A1）", "'＠SUM（A1）"],
	['Hi;"=1+1', "Hi;\"'=1+1"],
	['Hi\t"=1+1', "Hi\t\"'=1+1"],
	['"x"\n"=1+1', '"x"\n"\'=1+1'],
	["Hi;=1;=2", "Hi;'=1;'=2"],
	["a\r=1\nb\r\n +cmd|x!A0\n- one", "a\r'=1\nb\r\n '+cmd|x!A0\n- one"],
	['"\n=1', "\"\n'=1"],
];

describe("a text in the CSV", () => {
	it.each(HARMLESS)("that no spreadsheet runs stays as it was written: %j", (text) => {
		expect(stored(text)).toBe(text);
	});

	it.each(RUN)("that a spreadsheet would run has an apostrophe where it would begin: %j", (text, made) => {
		expect(readings(`a,"${text.replaceAll('"', '""')}",z\r\n`).some(runs)).toBe(true);
		expect(stored(text)).toBe(made);
		expect(readings(csvLine(["a", text, "z"])).filter(runs)).toEqual([]);
	});

	it("runs in no spreadsheet, whatever it is made of, and loses nothing but gets apostrophes", () => {
		const parts = [
			...[";", "\t", "\n", "\r", "\r\n", '"', '""', " ", ",", "'", "x", "A1", "cmd", "\u00A0", "\u200B", "\u{1F9B7}"],
			...["=", "+", "-", "@", "＝", "－", "(", ")", "|", "!", "#", "（"],
		];
		let state = 20_260_820;
		const next = (below: number): number => {
			state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
			return (state >>> 8) % below;
		};
		const text = () => Array.from({ length: next(14) }, () => parts[next(parts.length)]).join("");
		let touched = 0;
		for (let n = 0; n < 20_000; n++) {
			const said = text();
			const bytes = csvLine(["id", said, "z"]) + csvLine(["id", text(), null]);
			expect(readings(bytes).filter(runs), JSON.stringify(bytes)).toEqual([]);
			const made = stored(said);
			expect(made.replaceAll("'", "")).toBe(said.replaceAll("'", ""));
			// No text is touched that no reading of it runs.
			if (made === said) continue;
			touched++;
			const lines = [`id,${said},z\r\n`, `id,"${said.replaceAll('"', '""')}",z\r\n`].flatMap((line) => [
				...cellsOf(line, ";", true),
				...cellsOf(line, "\t", true),
				...line.split(/[\r\n;\t]/).map((cell) => cell.replace(/^[\s\p{C}"]+/u, "")),
			]);
			expect(runs(said) || lines.some((cell) => runs(cell) || /^[+\-@－]/.test(cell)), said).toBe(true);
		}
		expect(touched).toBeGreaterThan(1000);
	});

	it.each([
		["line breaks", "\n", ""],
		["line breaks before a formula", "\n", "=1"],
		["separators and quotes", ';"\t', "x"],
		["items", "\n- one", "!"],
		["signs on one line", ";-", "("],
		["open parentheses", "(", ""],
	])("takes no longer than its length asks for, of %s", (_, part, end) => {
		const text = part.repeat(2_000_000 / part.length) + end;
		expect(stored(text).replaceAll("'", "")).toBe(text);
	});
});
