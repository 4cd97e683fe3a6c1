import fc from "fast-check";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NEEDS_CHROMIUM, hasChromium, launchBrowser } from "../browser/browser.ts";
import { ANSWERS, expectedWords, wordsIn } from "./answers.ts";
import { openRenderer } from "./renderer.ts";
import type { Renderer } from "./renderer.ts";

/** Where no spaces are set between words, a mark parts nothing. */
const BETWEEN_UNSPACED = /(?<=[\u3040-\u9fff\uac00-\ud7af]) | (?=[\u3040-\u9fff\uac00-\ud7af])/g;

describe.skipIf(!hasChromium)(`an answer in a browser (${NEEDS_CHROMIUM})`, () => {
	let browser: Browser;
	let renderer: Renderer;
	beforeAll(async () => {
		browser = await launchBrowser();
		renderer = await openRenderer(browser);
	});
	afterAll(() => browser?.close());

	it("has 120 answers to try", () => {
		expect(ANSWERS).toHaveLength(120);
		expect(new Set(ANSWERS).size).toBe(120);
	});

	describe.each(
		ANSWERS.map((answer, index) => ({
			answer,
			title: `answer ${index + 1}: ${answer.slice(0, 40).replace(/\n/g, " ")}`,
		})),
	)("$title", ({ answer }) => {
		it("keeps its words, without a raw mark, and no letter that was shown moves", async () => {
			const all = await renderer.beginnings(answer);
			const end = all.at(-1) ?? "";
			expect(wordsIn(end).join(" ").replace(BETWEEN_UNSPACED, "")).toBe(
				expectedWords(answer).join(" ").replace(BETWEEN_UNSPACED, ""),
			);
			expect(await renderer.prose(answer)).not.toMatch(/\*\*|~~|`|\]\(|\|-|(?:^|\s)#{1,6}\s|<br|(?<!A)__(?!4|B)/);
			for (const shown of all) expect(end.slice(0, shown.length)).toBe(shown);
		});

		it("is the same in pieces of 1, 7 and 64 bytes", async () => {
			const whole = await renderer.html(answer);
			for (const bytes of [1, 7, 64]) expect(await renderer.streamed(answer, bytes)).toBe(whole);
			expect(whole).not.toMatch(/<(?:script|img|iframe|style)|\son\w+=/);
		});
	});

	describe("of any kind", () => {
		/** Words that nobody mistakes for a mark, and all that may stand between them. */
		const MARKS = [
			"*",
			"**",
			"***",
			"_",
			"__",
			"~~",
			"`",
			"``",
			"[",
			"](",
			")",
			"![",
			"<",
			">",
			"|",
			"\\",
			"&",
			"#",
			"!",
			"\n",
			"\n\n",
			" ",
			"  \n",
			"\n- ",
			"\n  - ",
			"\n1. ",
			"\n> ",
			"\n# ",
			"\n```\n",
			"\n~~~ ",
			"\n| ",
			" |\n",
			"\n|---|---|\n",
			"\n---\n",
			"- [ ] ",
			"https://",
			"www.",
			"@",
			".example",
			"tel:",
			"javascript:",
			"(",
			'"',
			"'",
			"/",
			"?",
			"：",
			"。",
			"中",
			"، ",
			"\t",
			"+1 555 010 0199",
		];
		const text = fc
			.array(
				fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...MARKS) }, { weight: 1, arbitrary: fc.constant("word") }),
				{ maxLength: 40 },
			)
			.map((parts) => parts.map((part, index) => (part === "word" ? `w${index}x` : part)).join(""));
		const namesIn = (told: string): string[] => told.match(/w\d+x/g) ?? [];

		it("tells every word, once in its place or as an address or title, and nothing else", async () => {
			await fc.assert(
				fc.asyncProperty(text, async (source) => {
					expect(new Set(namesIn(await renderer.told(source)))).toEqual(new Set(namesIn(source)));
					const shown = namesIn(await renderer.text(source)).map((name) => Number.parseInt(name.slice(1), 10));
					expect(shown).toEqual([...new Set(shown)].sort((one, other) => one - other));
				}),
				{ numRuns: 1000 },
			);
		});

		it("is the same however it is cut, and shows no word early or twice", async () => {
			await fc.assert(
				fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (source, bytes) => {
					expect(await renderer.streamed(source, bytes)).toBe(await renderer.html(source));
					for (const shown of await renderer.beginnings(source))
						expect(new Set(namesIn(shown)).size).toBe(namesIn(shown).length);
				}),
				{ numRuns: 200 },
			);
		});

		it("shows every word of a line that has ended, while the next one comes", async () => {
			await fc.assert(
				fc.asyncProperty(text, async (source) => {
					const told = namesIn(await renderer.told(`${source}\n\nend `, true));
					expect(new Set(told)).toEqual(new Set(namesIn(source)));
				}),
				{ numRuns: 500 },
			);
		});
	});

	// What fails only at the end may be looked for anew at each place before it.
	describe.each(["", "<[\n"])("that is made to be hard to read, before %j", (end) => {
		it.each([
			"*",
			"**a",
			"*a ",
			"a*",
			"_a ",
			"~~a",
			"***a*",
			"`",
			"`a``",
			"[",
			"![",
			"[a](",
			"[a](b",
			'[a](b "',
			"[a]",
			"[[a](b)",
			"<",
			"<a@",
			"https://",
			"https://a.",
			"https://a(",
			"www.a",
			"a@",
			"a@b.",
			"1",
			"1 ",
			"+",
			"555-",
			"+2 3",
			"\\",
			"\n",
			"\n\n",
			" \n",
			"- ",
			"- \n",
			"\n- a\n  ",
			"> ",
			"\n> a",
			"# ",
			"\n# a",
			"```\n",
			"\n~~~a",
			"|",
			"|a",
			"|\n",
			"a|b\n-|-\n",
			"&amp;",
			"中**",
			"\t",
			"*_[(`",
			"中|> **",
			"1~~**",
			"**)(\n| ",
			"**> **]\n",
			"**a@ ",
			"a#\\",
			"_a@a@+1 **",
			"[a](b ",
		])(
			"%j",
			async (unit) => {
				const source = unit.repeat(Math.ceil(20_000 / unit.length));
				const words = (source.match(/[a-z0-9]/g) ?? []).length;
				for (const isOpen of [false, true])
					expect((await renderer.html(source + end, isOpen)).length).toBeGreaterThanOrEqual(isOpen ? 0 : words && 1);
			},
			5000,
		);
	});
});
