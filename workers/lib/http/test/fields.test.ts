import { describe, expect, it } from "vitest";
import { storedLines } from "../../text/text.ts";
import { checkedText, invalidFields, unknownFields } from "../fields.ts";

describe("an error about fields", () => {
	const faults = (count: number) => Array.from({ length: count }, (_, n) => ({ field: `f${n}`, message: "m" }));

	it("names up to twenty whole", () => {
		const error = invalidFields(faults(20));
		expect(error.fields).toEqual(faults(20));
		expect(error.message).toBe(
			`Please correct: ${faults(20)
				.map(({ field }) => field)
				.join(", ")}.`,
		);
	});

	it("names twenty of more and says how many are left", () => {
		for (const [count, left] of [
			[21, 1],
			[4000, 3980],
		] as const) {
			const error = invalidFields(faults(count));
			expect(error.fields).toEqual(faults(20));
			expect(error.message).toMatch(new RegExp(`^Please correct: f0, .*, f19 and ${left} more\\.$`));
		}
	});

	it("stays small, however long the names are that it gives back", () => {
		const body = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`${n}${"x".repeat(1000)}`, 1]));
		const { message, fields } = invalidFields(unknownFields(body, [], "it"));
		expect(message.length + JSON.stringify(fields).length).toBeLessThan(8000);
	});
});

describe("a fault of a text", () => {
	const rules = { min: 1, max: 5 };

	it.each<[unknown, string]>([
		[undefined, "is required"],
		[null, "must be text, not null"],
		[7, "must be text, not a number"],
		[true, "must be text, not true or false"],
		[[], "must be text, not a list"],
		[{}, "must be text, not an object"],
		["", "must be 1 to 5 characters, not 0"],
		["secret", "must be 1 to 5 characters, not 6"],
		["a secret of many words", "must be 1 to 5 characters, not more"],
	])("says of %j what it is, and nothing of what it says", (value, fault) => {
		expect(checkedText(value, rules)).toEqual({ fault });
	});
});

describe("a text that is stored", () => {
	const line = { min: 1, max: 50, stored: "line" } as const;
	const lines = { min: 1, max: 50, stored: "lines" } as const;

	it.each([
		"\u0000",
		"\u0007",
		"\u001b[31m",
		"\u007f",
		"\u0080",
		"\u0085",
		"\u009f",
		"\u2028",
		"\u2029",
		"\n",
		"\t",
		"\r",
	])("of one line holds no %j", (text) => {
		expect(checkedText(`a${text}b`, line)).toMatchObject({ fault: expect.stringMatching(/control characters|NUL/) });
	});

	it.each(["a\u00a0b", "a\u200db", "\u202eab", "a\u00adb", "\ufeffa\u2060b", "e\u0301", "🧑‍🚀"])(
		"of one line keeps %j",
		(text) => expect(checkedText(text, line)).toEqual({ text: text.trim() }),
	);

	it("ends every line alike, and keeps tabs, other controls and blank lines", () => {
		expect(checkedText(" a\r\nb\rc\n\n\td\u0001\u2028 ", lines)).toEqual({ text: "a\nb\nc\n\n\td\u0001" });
	});

	it("is taken as it is where it is not stored", () => {
		expect(checkedText("a\r\nb", { min: 1, max: 9 })).toEqual({ text: "a\r\nb" });
	});

	it("keeps a backslash and an n from what an export makes of them beside a line break", () => {
		// As wrangler writes a text and SQLite reads it back.
		const comeBack = (text: string) => text.replaceAll("\n", "\\n").replaceAll("\\n", "\n");
		for (const text of ["C:\\new\\\nnext", "\\n\n", "\\\\n\n\\", "a\\nb\r\nc\\\rn"]) {
			const stored = storedLines(text);
			expect(comeBack(stored)).toBe(stored);
			expect(storedLines(stored)).toBe(stored);
			expect(stored.replaceAll("\u2060", "")).toBe(text.replace(/\r\n?/g, "\n"));
		}
		expect(storedLines("C:\\new on one line")).toBe("C:\\new on one line");
	});
});
