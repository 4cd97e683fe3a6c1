import { describe, expect, it } from "vitest";
import { hidden } from "../hidden.ts";
import { rankedText } from "../visitor-text.ts";
import { HARMLESS } from "./harmless.ts";
import { HARMLESS_FRESH } from "./harmless-fresh.ts";
import { HARMLESS_LATER } from "./harmless-later.ts";
import { PLANTED } from "./planted.ts";
import type { Planted } from "./planted.ts";
import { PLANTED_FRESH } from "./planted-fresh.ts";
import { PLANTED_LATER } from "./planted-later.ts";

const NOW = Date.parse("2026-11-29T12:00:00Z");
const hide = (text: string): string => hidden(text, { now: NOW });

/** What is left of a planted message that names somebody, or by another mark than it should have. */
function missed({ kind, text, secrets }: Planted): string[] {
	const left = hide(text);
	const isGone = secrets.every((secret) => !left.includes(secret)) && left.includes(`[${kind}]`);
	return isGone ? [] : [`${kind}: ${text} -> ${left}`];
}

const touched = (text: string): string[] => (hide(text) === text ? [] : [`${text} -> ${hide(text)}`]);

describe("what tells who somebody is", () => {
	it("is planted in ten kinds, at least seven formats each, over two hundred times", () => {
		const all = [...PLANTED, ...PLANTED_LATER];
		const kinds = Map.groupBy(all, ({ kind }) => kind);
		expect(kinds.size).toBe(10);
		for (const [kind, texts] of kinds) expect([kind, texts.length >= 10]).toEqual([kind, true]);
		expect(all.flatMap(({ secrets }) => secrets).length).toBeGreaterThan(260);
	});

	it("is hidden wherever the rules were made with it", () => expect(PLANTED.flatMap(missed)).toEqual([]));

	it("is hidden in at least 95 of 100 messages that the rules were judged by", () => {
		const left = PLANTED_LATER.flatMap(missed);
		expect(left.length / PLANTED_LATER.length, left.join("\n")).toBeLessThanOrEqual(0.05);
	});

	it("is hidden in messages of somebody who had not seen the rules", () =>
		expect(PLANTED_FRESH.flatMap(missed)).toEqual([]));

	it("is hidden again in what it has made, to no effect", () => {
		for (const { text } of [...PLANTED, ...PLANTED_LATER, ...PLANTED_FRESH]) expect(hide(hide(text))).toBe(hide(text));
	});

	it("leaves the words around it", () => {
		expect(
			hide("Hi, my name is Jane Roe (born 04/12/1987), call me at 512-555-0147 or jane@roe.example.com. Thanks!"),
		).toBe("Hi, my name is [name] (born [birth_date]), call me at [phone] or [email]. Thanks!");
		expect(hide("ｃａｌｌ me at ５１２-５５５-０１４７, señora\u200b…")).toBe("ｃａｌｌ me at [phone], señora\u200b…");
	});
});

describe("a harmless message", () => {
	it("is one of more than five hundred", () => {
		expect(new Set([...HARMLESS, ...HARMLESS_LATER]).size).toBeGreaterThan(500);
	});

	it("stays as it is, of those that the rules were made with", () => expect(HARMLESS.flatMap(touched)).toEqual([]));

	it("stays as it is in at least 98 of 100 that the rules were judged by", () => {
		const wrong = HARMLESS_LATER.flatMap(touched);
		expect(wrong.length / HARMLESS_LATER.length, wrong.join("\n")).toBeLessThanOrEqual(0.02);
	});
});

describe("a harmless message of somebody who had not seen the rules", () => {
	it("stays as it is", () => expect(HARMLESS_FRESH.flatMap(touched)).toEqual([]));
});

describe("each rule and the trap beside it", () => {
	it.each([
		["my ssn is 000-12-3456", "my ssn is [ssn]"],
		["078703-4411 and 78703-4411", "078703-4411 and 78703-4411"],
		[
			"000-12-3456, 666-12-3456, 912-12-3456, 219-00-3456, 219-12-0000",
			"000-12-3456, 666-12-3456, 912-12-3456, 219-00-3456, 219-12-0000",
		],
		["4111 1111 1111 1111 12/27 and 4111 1111 1111 1112", "[card] 12/27 and 4111 1111 1111 1112"],
		["9999 9999 9999 9995 passes the check alone", "9999 9999 9999 9995 passes the check alone"],
		["(112) 555-0147 or (512) 155-0147", "(112) 555-0147 or (512) 155-0147"],
		["Is your fax 512-555-0147? Mine is 512-555-0148", "Is your fax 512-555-0147? Mine is [phone]"],
		[
			"Can we come on 04/12/2026? My son was born 04/12/2019",
			"Can we come on 04/12/2026? My son was born [birth_date]",
		],
		["born soon, due 04/12/2031", "born soon, due 04/12/2031"],
		["Delta Dental PPO, member since 2019, group of 12", "Delta Dental PPO, member since 2019, group of 12"],
		["My name is on the form. I am scared. I am Scared", "My name is on the form. I am scared. I am Scared"],
		["78701 or Austin, TX 78701", "78701 or [address]"],
		["see koby.ai at example.com, look at example dot com", "see koby.ai at example.com, look at example dot com"],
		["Delta Dental ID 993847261. My group 45678", "Delta Dental ID [insurance_id]. My group [insurance_id]"],
		["ssn ending 4432, card ending in 4242", "ssn ending [ssn], card ending in [card]"],
		["BCBS member: XYZ 882 991 002", "BCBS member: [insurance_id]"],
		["j.smith at gmail, look at yahoo", "[email], look at yahoo"],
		["Patient: Lucy Hale", "Patient: [name]"],
		["a 5 star place, a 3 way bite plane, at 5 Elm Place", "a 5 star place, a 3 way bite plane, at [address]"],
		["[phone] [email] [card] my name is [name]", "[phone] [email] [card] my name is [name]"],
	])("%s", (text, expected) => expect(hide(text)).toBe(expected));
});

describe("what is ranked", () => {
	const ranked = (text: string): string => hidden(text, { now: NOW, isRanked: true });

	it("has no number that could be anybody's", () => {
		expect(ranked("where is order 482913")).toBe("where is order [number]");
		expect(ranked("school ١٢٣٤٥٦٧, 12 34 56 78 9")).toBe("school [number], [number]");
	});

	it("is the same of a text that was hidden before, so that its question is found again in every mode", () => {
		for (const { text } of [...PLANTED, ...PLANTED_LATER, ...PLANTED_FRESH]) {
			const twice = `${text} 482-913-5520 ${text}`;
			expect(rankedText(hide(twice), NOW)).toBe(rankedText(twice, NOW));
		}
	});

	it("keeps prices, codes, hours and days", () => {
		const text = "Is D2740 $1,250.00 on 12/24/2026 from 8:00 to 17:00 near 78701?";
		expect(ranked(text)).toBe(text);
	});
});
