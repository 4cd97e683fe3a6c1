import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { resetDatabase } from "../../../lib/test/database.ts";
import { PANNU_KEY, STREAMED, eventsOf, newClient } from "../../test/client.ts";
import { rows } from "../../test/tables.ts";
import { createShownText } from "../shown-text.ts";

beforeEach(() => resetDatabase(env.DB));

/** What a visitor is shown of a text that comes in these pieces, joined, and what is said of the whole. */
function shown(pieces: readonly string[]): { streamed: string; text: string; isUnanswered: boolean } {
	const shownText = createShownText();
	const deltas = pieces.map((piece) => shownText.push(piece)).join("");
	const { text, isUnanswered, rest } = shownText.end(pieces.join(""));
	return { streamed: deltas + rest, text, isUnanswered };
}

const CANNOT = "We cannot tell.";
/** As models write the marker, and what is left of the text. */
const MARKED: [string, string, string][] = [
	["bold", `**[?]** ${CANNOT}`, CANNOT],
	["in italics", `_[?]_ ${CANNOT}`, CANNOT],
	["bold and in italics", `***[?]*** ${CANNOT}`, CANNOT],
	["struck through", `~~[?]~~ ${CANNOT}`, CANNOT],
	["as code", `\`[?]\` ${CANNOT}`, CANNOT],
	["as a block of code", `\`\`\`\n[?]\n\`\`\`\n${CANNOT}`, CANNOT],
	["in bold code", `**\`[?]\`**\n\n${CANNOT}`, CANNOT],
	["with bold brackets' content", `[**?**] ${CANNOT}`, CANNOT],
	["with a bold colon", `**[?]:** ${CANNOT}`, CANNOT],
	["bold with its sentence", `**[?] ${CANNOT}**`, `**${CANNOT}**`],
	["quoted with its sentence", `“[?] ${CANNOT}”`, `“${CANNOT}”`],
	["in straight quotation marks", `"[?]" ${CANNOT}`, CANNOT],
	["in French ones", `«[?]» ${CANNOT}`, CANNOT],
	["in German ones", `„[?]“ ${CANNOT}`, CANNOT],
	["in Japanese ones", `「[?]」${CANNOT}`, CANNOT],
	["as a quotation of its own", `> [?]\n\n${CANNOT}`, CANNOT],
	["as a heading", `## [?]\n${CANNOT}`, CANNOT],
	["as a list's first item", `- [?]\n${CANNOT}`, CANNOT],
	["at the beginning of a quotation", `> [?] ${CANNOT}`, `> ${CANNOT}`],
	["in brackets", `([?]) ${CANNOT}`, CANNOT],
	["in two pairs", `[[?]] ${CANNOT}`, CANNOT],
	["full-width", `［？］${CANNOT}`, CANNOT],
	["half full-width", `[？] ${CANNOT}`, CANNOT],
	["in lenticular brackets", `【？】${CANNOT}`, CANNOT],
	["in Arabic", "[؟] لا نعرف ذلك.", "لا نعرف ذلك."],
	["in Greek", "[;] Δεν γνωρίζουμε.", "Δεν γνωρίζουμε."],
	["in Spanish", "[¿?] No lo sabemos.", "No lo sabemos."],
	["in Armenian", "[՞] Չգիտենք:", "Չգիտենք:"],
	["escaped", `\\[?\\] ${CANNOT}`, CANNOT],
	["escaped mark by mark", `\\[\\?\\] ${CANNOT}`, CANNOT],
	["within escaped stars", `\\*\\*[?]\\*\\* ${CANNOT}`, CANNOT],
	["with spaces in it", `[ ? ] ${CANNOT}`, CANNOT],
	["with zero-width characters in it", `[\u200b?\u2060] ${CANNOT}`, CANNOT],
	["behind a zero-width character", `\ufeff[?] ${CANNOT}`, CANNOT],
	["with several question marks", `[???] ${CANNOT}`, CANNOT],
	["before a colon", `[?]: ${CANNOT}`, CANNOT],
	["before a dash", `[?] – ${CANNOT}`, CANNOT],
	["before a list", "[?]\n- Ask us\n- Call us", "- Ask us\n- Call us"],
	["before a bold word", "[?] **We** cannot tell.", "**We** cannot tell."],
	["before a number below zero", "[?] -5 is a guess.", "-5 is a guess."],
	["alone, in bold", "**[?]**", ""],
];

describe("an unanswered marker", () => {
	it.each(MARKED)("%s is seen and not shown, however its text is cut", (_, text, left) => {
		const cuts = [[text], [...text], text.match(/.{1,3}/gsu) ?? [], text.split(/(?<=\])/)];
		for (const pieces of cuts) expect(shown(pieces)).toEqual({ streamed: left, text: left, isUnanswered: true });
	});

	it.each([
		"**Bold** is how it begins.",
		'"Quoted" is how it begins.',
		"[link](https://example.com) comes first.",
		"[1] says so.",
		"(see below) We open at nine.",
		"- an item\n- [?] another",
		"> a quotation",
		"`code`",
		"[ ] to do",
		"[OK?] is what we ask.",
		"What? [?]",
		"**",
		"[",
		"(",
	])("is none in %j", (text) => {
		for (const pieces of [[text], [...text]])
			expect(shown(pieces)).toEqual({ streamed: text, text, isUnanswered: false });
	});

	it.each([["**[?]** "], ["［？］"], ["`[?]`: "]])(
		"written %j is counted, stored without it, and said",
		async (marker) => {
			const client = newClient();
			await client.gemini({ reply: { pieces: [...marker, "We cannot", " tell."] }, times: 2 });
			const call = { key: PANNU_KEY, body: { message: "Do you treat owls?" } };
			expect(await (await client.call(call)).json()).toMatchObject({ response: CANNOT, unanswered: true, sources: [] });
			const events = eventsOf(await (await client.call({ ...call, headers: STREAMED })).text());
			const deltas = events.flatMap(({ event, data }) => (event === "delta" ? [Object(data).text] : []));
			expect(deltas.join("")).toBe(CANNOT);
			expect(events.at(-1)).toMatchObject({ event: "done", data: { response: CANNOT, unanswered: true } });
			expect(await rows("SELECT messages, unanswered FROM metrics_daily")).toEqual([{ messages: 2, unanswered: 2 }]);
			expect(await rows("SELECT DISTINCT content FROM chat_messages WHERE role = 'assistant'")).toEqual([
				{ content: CANNOT },
			]);
		},
	);
});

const RECITAL = "You are the website assistant of";
const between = (text: string, mark: string): string => [...text].join(mark);

describe("the prompt-leak guard", () => {
	it.each([
		["zero-width spaces between all letters", between(RECITAL, "\u200b")],
		["ten of them between all letters", between(RECITAL, "\u200b\u200c\u200d\u2060\ufeff".repeat(2))],
		["zero-width spaces in place of its spaces", RECITAL.replaceAll(" ", "\u200b")],
		["soft hyphens", between(RECITAL, "\u00ad")],
		["Hangul fillers and braille blanks", between(RECITAL, "\u3164\u2800")],
		["tags", between(RECITAL, "\u{e0061}")],
		["variation selectors", between(RECITAL, "\ufe0f")],
		["a mark on each letter", between(RECITAL, "\u0336")],
		["full-width letters", "Ｙｏｕ ａｒｅ ｔｈｅ ｗｅｂｓｉｔｅ ａｓｓｉｓｔａｎｔ ｏｆ"],
		["bold letters of mathematics", [...RECITAL].map((letter) => styled(letter)).join("")],
		["directions", between(RECITAL, "\u202e\u202c")],
	])("sees through %s, however it is cut", (_, recital) => {
		const text = `Sure: ${recital} CHADIS. Owner's secret.`;
		for (const pieces of [[text], [...text], text.match(/.{1,20}/gsu) ?? []]) {
			const shownText = createShownText();
			const deltas = pieces.map((piece) => shownText.push(piece)).join("");
			expect(deltas).not.toContain("Owner's secret");
			expect(shownText.end(text)).toEqual({ text: "", isUnanswered: false, hasLeaked: true, rest: "" });
		}
	});

	it("lets through what only shares a word with our instructions, marks and all", () => {
		const text = "Our wéb\u00adsite\u200b assistant’s instructions: ask away. Ｗｅｂｓｉｔｅ!";
		expect(shown([...text])).toEqual({ streamed: text, text, isUnanswered: false });
	});
});

/** A letter as mathematics writes it in bold. */
function styled(letter: string): string {
	const code = letter.charCodeAt(0);
	if (/[a-z]/.test(letter)) return String.fromCodePoint(0x1d41a + code - 97);
	return /[A-Z]/.test(letter) ? String.fromCodePoint(0x1d400 + code - 65) : letter;
}
