import { describe, expect, it } from "vitest";
import { dangerIn, detectDanger } from "../detect.ts";
import { BOOK_EN } from "../en/book.ts";
import { BOOK_ES } from "../es/book.ts";
import { createLane } from "../lane.ts";
import { piecesOf } from "../pieces.ts";
import type { RuleBook } from "../rules.ts";
import { createSieve } from "../sieve.ts";
import { HELD_BACK_GRAVE, HELD_BACK_HARMLESS } from "./held-back.ts";
import { HINTS, PLAIN_SINCE } from "./hints.ts";
import { LATER_GRAVE } from "./later.ts";
import { LATER_HARMLESS } from "./later-harmless.ts";
import { GRAVE, HARMLESS } from "./messages.ts";
import { createRandom, messagesOf, variantsOf } from "./variants.ts";

const BOOKS = [BOOK_EN, BOOK_ES];
const ALL_BOOKS = 2 ** BOOKS.length - 1;
const sieve = createSieve(BOOKS);

/** Chance says one in five of them twice, and each takes its time. */
function unique(typed: readonly string[]): string[] {
	return [...new Set(typed)];
}

function graveAsTyped(): string[] {
	const random = createRandom(7);
	const typed = [...GRAVE, ...HELD_BACK_GRAVE, ...LATER_GRAVE, ...PLAIN_SINCE, ...HINTS].flatMap(
		([, language, message]) => {
			const { grammar } = language === "en" ? BOOK_EN : BOOK_ES;
			return [...variantsOf(message, grammar, random)];
		},
	);
	return unique(typed);
}

function phrasesAsTyped({ rules, groups, grammar }: RuleBook): string[] {
	const random = createRandom(11);
	const messages = rules.flatMap(({ phrases }) => phrases.flatMap((phrase) => messagesOf(phrase, groups, random)));
	return unique(messages.flatMap((message) => [...variantsOf(message, grammar, random)]));
}

describe("the sieve before the rules", () => {
	it("lets each grave message through, however it is typed, and changes no verdict", () => {
		const typed = graveAsTyped();
		const whole = typed.map((message) => dangerIn(piecesOf(message), ALL_BOOKS));
		expect(whole.filter((danger) => danger !== undefined).length).toBeGreaterThan(10_000);
		const sieved = typed.map((message) => detectDanger(message));
		expect(typed.filter((_, at) => JSON.stringify(sieved[at]) !== JSON.stringify(whole[at]))).toEqual([]);
	});

	it("changes no verdict on a harmless message", () => {
		for (const message of [...HARMLESS, ...HELD_BACK_HARMLESS, ...LATER_HARMLESS])
			expect(dangerIn(piecesOf(message), ALL_BOOKS), message).toBeUndefined();
	});

	it.each(BOOKS)("lets through whatever meets a phrase of the rules in $language", (book) => {
		const { rules, reader } = createLane(book);
		const bit = 2 ** BOOKS.indexOf(book);
		const meeting = phrasesAsTyped(book).filter((typed) => rules.phrases.isIn(reader.read(piecesOf(typed)).words));
		expect(meeting.length).toBeGreaterThan(10_000);
		expect(meeting.filter((typed) => (sieve(piecesOf(typed)) & bit) === 0)).toEqual([]);
	});

	it("lets no everyday question through, so that most cost no more than it", () => {
		for (const question of [
			"What are your opening hours on Saturday?",
			"I would like to book a cleaning for my two kids next Tuesday, do you have anything free then?",
			"Do you take Delta insurance, and how long do we have to wait for a first appointment?",
			"I want to change my appointment, I can not come today because my car has broken down",
			"Hola, quisiera saber si tienen citas el martes por la tarde para mi hijo de siete años",
			"¿Cuánto cuesta una limpieza sin seguro?",
		])
			expect(sieve(piecesOf(question)), question).toBe(0);
	});

	it("keeps nothing back of a book with a phrase that any words would meet", () => {
		const open = { ...BOOK_EN, rules: [{ class: "medical_emergency" as const, phrases: ["help?", "^ *2 $"] }] };
		expect(createSieve([open, BOOK_ES])(piecesOf("Good morning"))).toBe(1);
	});
});
