import { describe, expect, it } from "vitest";
import { queryTerms } from "../query-terms.ts";
import { questionKey, terms } from "../terms.ts";

describe("the terms of a text", () => {
	it.each([
		["When do the Children's TEETH come?", ["child", "tooth", "come"]],
		["Ｆｕｌｌ ｗｉｄｔｈ", ["full", "width"]],
		["café, CAFÉ, cafe\u0301, cafe", ["cafe", "cafe", "cafe", "cafe"]],
		["Straße Łódź Ærø İstanbul", ["strass", "lodz", "aero", "istanbul"]],
		["e-mail check‑up x-ray", ["mail", "email", "check", "checkup", "ray", "xray"]],
		["24 hours, 7 days, 3.5", ["24", "hour", "7", "day", "3", "5"]],
		["何時に開きますか？", ["何時", "時に", "に開", "開き", "きま", "ます", "すか"]],
		["東", ["東"]],
		["영업시간", ["영업", "업시", "시간"]],
		["Wi-Fiパスワード", ["wi", "fi", "パス", "スワ", "ワー", "ード", "wifi", "パス", "スワ", "ワー", "ード"]],
		["Ёлка и йод", ["елка", "иод"]],
		["it's what you'd want, isn't it?", []],
		["a b c ?!… 😀", []],
		["x".repeat(100), ["x".repeat(40)]],
	])("%j are %j", (text, expected) => {
		expect(terms(text)).toEqual(expected);
	});

	it("are the same whether a word is asked for or written", () => {
		for (const [asked, written] of [
			["Wrote", "writing"],
			["lost", "losing"],
			["naive", "NAÏVE"],
			["E-MAIL", "e-mails"],
		] as const) {
			expect(terms(asked)).toEqual(terms(written));
		}
	});
});

describe("the terms of a question", () => {
	it("are its own, then others that mean the same and count less", () => {
		expect(queryTerms("Money back for my kid's e-mail, money?")).toEqual(
			expect.arrayContaining([
				{ term: "money", weight: 1 },
				{ term: "kid", weight: 1 },
				{ term: "mail", weight: 1 },
				{ term: "email", weight: 1 },
				{ term: "refund", weight: 0.5 },
				{ term: "child", weight: 0.5 },
			]),
		);
	});

	it("find a pair of words that stand apart, and not in the other order", () => {
		const has = (text: string, term: string): boolean => queryTerms(text).some((found) => found.term === term);
		expect(has("send the thing back", "return")).toBe(true);
		expect(has("back to send", "return")).toBe(false);
	});

	it("are at most 32, each once, the long ones of many words", () => {
		const words = Array.from({ length: 200 }, (_, n) => `word${n}${"x".repeat(n % 20)}`);
		const found = queryTerms(`kid ${words.join(" ")} ${words.join(" ")}`).map(({ term }) => term);
		expect(found).toHaveLength(32);
		expect(new Set(found).size).toBe(32);
		expect(found.every((term) => term.length >= 20)).toBe(true);
		expect(queryTerms("kid form pay open mail help").length).toBe(32);
	});

	it("are none where nothing is asked", () => {
		expect(queryTerms("?! 😀")).toEqual([]);
	});
});

describe("the key of a question", () => {
	it.each([
		["When do you OPEN?!", "when do you open"],
		["  when   do\tyou\nopen ", "when do you open"],
		["Ｗｈｅｎ do you open", "when do you open"],
		["¿Cuándo abren?", "cuándo abren"],
		["何時に開きますか？", "何時に開きますか"],
		["?!…", ""],
		["😀", ""],
		["a".repeat(500), "a".repeat(200)],
	])("of %j is %j", (message, question) => {
		expect(questionKey(message)).toBe(question);
	});
});
