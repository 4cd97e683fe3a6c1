import { describe, expect, it } from "vitest";
import { ownDanger } from "../own-phrases.ts";

const PHRASES = [
	{ phrase: "Aligner stuck in my throat", class: "medical_emergency" as const },
	{ phrase: "código rojo", class: "abuse" as const },
	{ phrase: "…!", class: "poisoning" as const },
];

describe("an org's own phrase", () => {
	it.each([
		["the ALIGNER, stuck in my   throat!!", "medical_emergency"],
		["help: codigo rojo", "abuse"],
		["CÓDIGO ROJO por favor", "abuse"],
	])("is found in %j, and is no more than a hint", (message, name) => {
		expect(ownDanger(PHRASES, message, "es")).toEqual({ class: name, tier: 2, language: "es" });
		expect(ownDanger(PHRASES, message, "es")).toEqual({ class: name, tier: 2, language: "es" });
	});

	it.each([
		["我想死", "我想死了怎么办"],
		["死にたい", "もう死にたいです"],
		["أريد أن أموت", "أريد أن أموت الآن"],
		["🔪", "he has a 🔪 again"],
		["(a+)+$", "what is (a+)+$"],
	])("may be written in any letters, and means what is written: %j in %j", (phrase, message) => {
		expect(ownDanger([{ phrase, class: "abuse" }], message, "en")?.class).toBe("abuse");
	});

	it.each([
		["🔫", "Shoot me an email"],
		["***", "*** new ***"],
		[".*", "anything"],
		["(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"],
	])("is no pattern, and no picture is a word: %j is not in %j", (phrase, message) => {
		expect(ownDanger([{ phrase, class: "abuse" }], message, "en")).toBeUndefined();
	});

	it.each(["my aligner is stuck", "codigo rojos", "in my throat", "…!", ""])("is not found in %j", (message) => {
		expect(ownDanger(PHRASES, message, "en")).toBeUndefined();
	});

	it("takes nothing from a message where an org has none", () => {
		expect(ownDanger([], "código rojo", "en")).toBeUndefined();
	});
});
