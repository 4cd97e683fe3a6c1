import { describe, expect, it } from "vitest";
import { detectDanger } from "../detect.ts";
import { HELD_BACK_GRAVE, HELD_BACK_HARMLESS } from "./held-back.ts";
import { LATER_GRAVE } from "./later.ts";
import { LATER_HARMLESS } from "./later-harmless.ts";
import { GRAVE, HARMLESS } from "./messages.ts";

const AROUND =
	"We moved here in March and my two kids need a new dentist, because the old one retired and took the X-rays along. ";

describe("a message that speaks of danger to life", () => {
	it.each([...GRAVE, ...HELD_BACK_GRAVE, ...LATER_GRAVE])("of %s (%s): %s", (topic, language, message) => {
		const name = topic === "self_harm" ? "self_harm" : "medical_emergency";
		expect(detectDanger(message)).toEqual({ class: name, tier: 1, topic, language });
	});

	it.each(GRAVE)("of %s (%s) is found in capitals and in the midst of others: %s", (topic, _, message) => {
		expect(detectDanger(message.toUpperCase())?.topic).toBe(topic);
		expect(detectDanger(`${AROUND.repeat(8)}\n${message}\n${AROUND.repeat(8)}`)?.topic).toBe(topic);
	});

	it("is answered with the text that helps with all of it", () => {
		expect(detectDanger("I can't breathe. I want to die.")?.topic).toBe("self_harm");
		expect(detectDanger("I took a whole bottle of pills and now I can't breathe")?.topic).toBe("overdose");
		expect(detectDanger("Quiero morir. I took a whole bottle of pills.")).toMatchObject({
			topic: "overdose",
			language: "en",
		});
	});
});

describe("a harmless message", () => {
	it.each([...HARMLESS, ...HELD_BACK_HARMLESS, ...LATER_HARMLESS])("is none: %s", (message) => {
		expect(detectDanger(message)).toBeUndefined();
	});

	it.each(HARMLESS)("is none in capitals and in the midst of others: %s", (message) => {
		expect(detectDanger(message.toUpperCase())).toBeUndefined();
		expect(detectDanger(`${AROUND.repeat(8)}\n${message}\n${AROUND.repeat(8)}`)).toBeUndefined();
	});
});

describe("what is read of a message", () => {
	it("is its first 2,000 code points", () => {
		expect(detectDanger(`${"🦷".repeat(1985)} I want to die`)?.topic).toBe("self_harm");
		expect(detectDanger(`${"🦷".repeat(2000)} I want to die`)).toBeUndefined();
	});

	it.each([
		"",
		" ",
		"?",
		"…",
		"''",
		'"',
		"*",
		"$",
		"\u200b",
		"\ufdfa".repeat(2000),
		"i ".repeat(1000),
		`a${"*".repeat(1998)}a`,
	])("may be nothing to speak of: %j", (message) => {
		expect(detectDanger(message)).toBeUndefined();
	});

	it.each([
		"i want to die ",
		"if i want to die ",
		"'i want to die' ",
		"my our a the someone ",
		"i can not breathe when a b c d ",
		"i have been having thoughts of ",
		"k i l l ",
		"no quiero no ",
		"\ufdfa ",
	])("is read in time however it repeats itself: %j", (part) => {
		const startedAt = Date.now();
		for (let times = 0; times < 10; times++) detectDanger(part.repeat(2000 / part.length));
		// A thousand times what one takes: only what never ends is found out here.
		expect(Date.now() - startedAt).toBeLessThan(10_000);
	});
});
