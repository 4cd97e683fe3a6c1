import { describe, expect, it } from "vitest";
import { hidden } from "../hidden.ts";
import type { HidingRules } from "../hidden.ts";
import { knownFrom } from "../known.ts";
import { createHidingFilter } from "../streamed.ts";
import { HARMLESS } from "./harmless.ts";
import { PLANTED } from "./planted.ts";
import { PLANTED_FRESH } from "./planted-fresh.ts";
import { PLANTED_LATER } from "./planted-later.ts";

const RULES = { now: Date.parse("2026-11-29T12:00:00Z"), isAnswer: true };

/** A text that comes in pieces of so many characters. */
function streamed(text: string, size: number, rules: HidingRules | undefined): string[] {
	const filter = createHidingFilter(rules);
	const shown: string[] = [];
	for (let at = 0; at < text.length; at += size) shown.push(filter.push(text.slice(at, at + size)));
	return [...shown, filter.end()];
}

describe("a text in pieces", () => {
	it.each([1, 2, 5, 11, 40])("hides in pieces of %i what it hides whole", (size) => {
		const texts = [...PLANTED, ...PLANTED_LATER, ...PLANTED_FRESH].map(({ text }) => text);
		for (const text of [...texts, ...HARMLESS]) {
			const framed = `We are glad to help you. ${text} Is there anything else that we can do for you?`;
			expect(streamed(framed, size, RULES).join("")).toBe(hidden(framed, RULES));
			expect(streamed(text, size, RULES).join("")).toBe(hidden(text, RULES));
		}
	});

	it("never shows the beginning of what is hidden", () => {
		for (const shown of streamed(
			"Please call me back at 512-555-0147, or write to jane.roe@example.com instead.",
			1,
			RULES,
		))
			expect(shown).not.toMatch(/5|jane/);
	});

	it("holds back no more than it must", () => {
		const shown = streamed("We open at nine on all days of the week, and we close late.", 1, RULES).map(
			({ length }) => length,
		);
		const waiting = shown.map(
			(_, index) => index + 1 - shown.slice(0, index + 1).reduce((sum, length) => sum + length, 0),
		);
		expect(Math.max(...waiting)).toBeLessThan(60);
	});

	it("goes on in a script without blanks", () => {
		const text = "私たちは毎日午前九時から午後六時まで開いています。".repeat(10);
		const shown = streamed(text, 10, RULES);
		expect(shown.join("")).toBe(text);
		expect(shown.slice(0, -1).join("").length).toBeGreaterThan(100);
	});

	it("passes at once where nothing is hidden", () => {
		expect(streamed("512-555-0147", 5, undefined)).toEqual(["512-5", "55-01", "47", ""]);
	});
});

describe("the practice's own", () => {
	const own = "Call (512) 555-0100 or write to Info@Pannu.example. 4512 Oak Hill Drive, Austin, TX 78703.";
	const rules = { ...RULES, isKnown: knownFrom(() => own) };

	it("telephone, mailbox and address stay, however they are spaced", () => {
		const text = "Call +1 512.555.0100, write to info@pannu.example, or come to 4512 Oak Hill Dr in Austin, TX 78703.";
		expect(hidden(text, rules)).toBe(text);
		expect(streamed(text, 3, rules).join("")).toBe(text);
	});

	it("is not what a visitor's looks like", () => {
		expect(hidden("Call 512-555-0101 or info2@pannu.example, 4513 Oak Hill Dr", rules)).toBe(
			"Call [phone] or [email], [address]",
		);
		expect(hidden("ssn 512-55-5010", { ...RULES, isKnown: knownFrom(() => "512555010") })).toBe("ssn [ssn]");
	});

	it("is looked at only where something was found", () => {
		const never = knownFrom(() => {
			throw new Error("read");
		});
		expect(hidden("We open at 9.", { ...RULES, isKnown: never })).toBe("We open at 9.");
	});
});
