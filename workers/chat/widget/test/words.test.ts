import { describe, expect, it } from "vitest";
import { LANGUAGES } from "../../../lib/languages/languages.ts";
import { counted } from "../page/languages/counted.ts";
import { words as ar } from "../page/languages/words-ar.ts";
import { words as de } from "../page/languages/words-de.ts";
import { words as en } from "../page/languages/words-en.ts";
import { words as es } from "../page/languages/words-es.ts";
import { words as fr } from "../page/languages/words-fr.ts";
import { words as it_ } from "../page/languages/words-it.ts";
import { words as nl } from "../page/languages/words-nl.ts";
import { words as pl } from "../page/languages/words-pl.ts";
import { words as pt } from "../page/languages/words-pt.ts";
import { words as zh } from "../page/languages/words-zh.ts";
import * as WORDS from "../page/words.ts";

const ALL = { en, es, fr, de, pt, it: it_, nl, pl, zh, ar };

/** What the widget says now, by name: what has a variable of its own by that, and so the rest. */
function said(): Record<string, unknown> {
	const { speak: _, spoken, ...texts } = WORDS;
	return { ...spoken, ...texts };
}

describe("the widget's words", () => {
	it("are those of every language of the server", () => {
		expect(Object.keys(ALL)).toEqual([...LANGUAGES]);
	});

	it.each(LANGUAGES)("are all there in %s, each under its own name, and all are said", (language) => {
		const words = ALL[language];
		expect(Object.keys(words).sort()).toEqual(Object.keys(en).sort());
		for (const text of Object.values(words)) expect(text).toMatch(/^\S(?:.*\S)?$/);
		WORDS.speak(words);
		expect(said()).toEqual(words);
		WORDS.speak(en);
		expect(said()).toEqual(en);
	});

	it.each(LANGUAGES.filter((language) => language !== "en"))(
		"are translated in %s, with every blank to fill",
		(language) => {
			const same = Object.entries(ALL[language]).filter(([name, text]) => Reflect.get(en, name) === text);
			// What the languages share, such as E-mail, Name and Privacy, is little.
			expect(same.length).toBeLessThanOrEqual(5);
			const blanks = (words: Record<string, string>) =>
				Object.entries(words).flatMap(([name, text]) => (text.includes("{n}") ? [name] : []));
			expect(blanks(ALL[language])).toEqual(blanks(en));
		},
	);

	it("are written in the script of their language", () => {
		const letters = (text: string) => text.replace(/[\P{L}]|AI/gu, "");
		for (const text of Object.values(ar)) expect(letters(text.replace("{n}", ""))).toMatch(/^\p{Script=Arabic}+$/u);
		for (const text of Object.values(zh)) expect(letters(text.replace("{n}", ""))).toMatch(/^\p{Script=Han}*$/u);
	});
});

describe("a count in a text", () => {
	it.each([
		["en", "2,000"],
		["de", "2.000"],
		["fr", "2\u202f000"],
		["es", "2000"],
		["pl", "2000"],
	])("is written as %s writes numbers", (language, number) => {
		expect(counted("at most {n}.", 2000, language)).toBe(`at most ${number}.`);
	});

	it.each([
		["en", "one:{n} day|other:{n} days", 1, "1 day"],
		["en", "one:{n} day|other:{n} days", 2, "2 days"],
		["pl", "one:{n} dzień|few:{n} dni (2)|many:{n} dni (5)|other:{n} dnia", 3, "3 dni (2)"],
		["pl", "one:{n} dzień|few:{n} dni (2)|many:{n} dni (5)|other:{n} dnia", 5, "5 dni (5)"],
		["ar", "one:يوم واحد|two:يومان|few:{n} أيام|other:{n} يومًا", 2, "يومان"],
		["fr", "one:{n} jour|other:{n} jours", 1_000_000, "1\u202f000\u202f000 jours"],
		["zh", "{n} 天", 1, "1 天"],
	])("has the form of its number in %s", (language, text, count, shown) => {
		expect(counted(text, count, language)).toBe(shown);
	});
});
