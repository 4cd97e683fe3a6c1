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

	it.each(["my aligner is stuck", "codigo rojos", "in my throat", "…!", ""])("is not found in %j", (message) => {
		expect(ownDanger(PHRASES, message, "en")).toBeUndefined();
	});

	it("takes nothing from a message where an org has none", () => {
		expect(ownDanger([], "código rojo", "en")).toBeUndefined();
	});
});
