import { describe, expect, it } from "vitest";
import { SAFETY_CLASSES } from "../../../lib/site/safeguards.ts";
import { NUMBERS_VERSION, numbersOf } from "../texts/countries.ts";
import { WORDING_EN } from "../texts/en.ts";
import { WORDING_ES } from "../texts/es.ts";
import { helpLine, safetyText } from "../texts/help.ts";

const LANGUAGES = ["en", "es"] as const;
const ALL = LANGUAGES.flatMap((language) => SAFETY_CLASSES.map((name) => ({ class: name, language })));
const OWN = { country: null, emergencyNumber: "(303) 555-0100", emergencyText: "Dr. Lee is on call day and night." };
const seen = (text: string): string => text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");

describe("the texts", () => {
	it.each(ALL)("of $class in $language is short, names 911 and says what it is", (found) => {
		const text = safetyText(found, "US");
		expect(seen(text).length).toBeLessThan(760);
		expect(text).toContain("[911](tel:911)");
		expect(text).toMatch(/automated assistant|asistente automático/);
		expect(text).toMatch(/nobody is watching this chat live|nadie está leyendo este chat en vivo/);
	});

	it.each(ALL)("of $class in $language has no word of how or in secret", (found) => {
		for (const text of [safetyText(found, "US"), helpLine(found, "US")])
			expect(seen(text)).not.toMatch(
				/commit|confidential|secret|kill|overdos|pill|\bcut|hang\b|confidencial|matar|sobredosis|pastilla/i,
			);
	});

	it.each(ALL)("of $class in $language gives numbers as links to tap", (found) => {
		for (const text of [safetyText(found, "US", OWN), helpLine(found, "US", OWN)]) {
			const unlinked = text.replace(/\[[^\]]*\]\((?:tel|sms):\+?\d+\)/g, "");
			expect(unlinked).not.toMatch(/\d{3}/);
		}
	});

	it.each([
		["self_harm", /\[988\]\(tel:988\).*\[988\]\(sms:988\)/],
		["poisoning", /\[1-800-222-1222\]\(tel:\+18002221222\).*988/],
		["abuse", /1-800-422-4453.*1-800-799-7233/],
	] as const)("of %s names whom that is for", (name, numbers) => {
		for (const language of LANGUAGES) expect(safetyText({ class: name, language }, "US")).toMatch(numbers);
	});

	it("holds the practice's own words and number last, and in the line of a tooth its number", () => {
		const found = { class: "dental_emergency", language: "en" } as const;
		const text = safetyText(found, "US", OWN);
		expect(text.split("\n\n").at(-1)).toBe(
			"From the practice: Dr. Lee is on call day and night. [(303) 555-0100](tel:3035550100)",
		);
		expect(text).toContain("call the practice now at [(303) 555-0100](tel:3035550100)");
		expect(helpLine(found, "US", OWN)).toContain("call the practice at [(303) 555-0100](tel:3035550100)");
		expect(safetyText(found, "US", { ...OWN, emergencyText: null, emergencyNumber: "ask" })).toContain(
			"From the practice: ask",
		);
	});

	it("are of the day of their last change", () => {
		for (const version of [WORDING_EN.version, WORDING_ES.version, NUMBERS_VERSION])
			expect(version).toMatch(/^20\d\d-\d\d-\d\d$/);
	});
});

describe("the numbers of a country", () => {
	const crisis = (country: string, own?: string) =>
		safetyText({ class: "self_harm", language: "en" }, country, { ...OWN, country: own ?? null });

	it.each([
		["US", ["(tel:911)", "(tel:988)"]],
		["CA", ["(tel:911)", "[9-8-8](tel:988)"]],
		["GB", ["(tel:999)", "[116 123](tel:116123)"]],
		["DE", ["(tel:112)", "https://findahelpline.com"]],
		["JP", ["call your local emergency number", "https://findahelpline.com"]],
		["", ["call your local emergency number", "https://findahelpline.com"]],
	])("of %j are given, and none of another", (country, expected) => {
		for (const part of expected) expect(crisis(country)).toContain(part);
		if (country !== "US" && country !== "CA") expect(crisis(country)).not.toMatch(/911|988/);
	});

	it("are the practice's before the deployment's", () => {
		expect(crisis("US", "GB")).toContain("116 123");
		expect(crisis("US", "GB")).not.toContain("988");
	});

	it("are those of the Union in each of its 27 members", () => {
		const members = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" ");
		expect(members.map((country) => numbersOf(country).emergency)).toEqual(members.map(() => "112"));
	});

	it("never say that nothing can be called about a poison", () => {
		const found = { class: "poisoning", language: "en" } as const;
		expect(safetyText(found, "GB")).toContain("call NHS [111](tel:111)");
		expect(safetyText(found, "FR")).toContain("call [112](tel:112)");
		expect(safetyText(found, "JP")).toContain("To hear what to do right now, call your local emergency number");
	});
});
