import { describe, expect, it } from "vitest";
import { detectDanger, detectDangerInAnswer } from "../detect.ts";
import { HELD_BACK_GRAVE, HELD_BACK_HARMLESS } from "./held-back.ts";
import { HINTS, PLAIN_SINCE } from "./hints.ts";
import { LATER_GRAVE } from "./later.ts";
import { LATER_HARMLESS } from "./later-harmless.ts";
import { GRAVE, HARMLESS } from "./messages.ts";

const AROUND =
	"We moved here in March and my two kids need a new dentist, because the old one retired and took the X-rays along. ";

describe("a message that speaks of danger to life", () => {
	it.each([...GRAVE, ...HELD_BACK_GRAVE, ...LATER_GRAVE, ...PLAIN_SINCE])(
		"of %s (%s): %s",
		(name, language, message) => {
			expect(detectDanger(message)).toEqual({ class: name, tier: 1, language });
		},
	);

	it.each(GRAVE)("of %s (%s) is found in capitals and in the midst of others: %s", (name, _, message) => {
		expect(detectDanger(message.toUpperCase())?.class).toBe(name);
		expect(detectDanger(`${AROUND.repeat(8)}\n${message}\n${AROUND.repeat(8)}`)?.class).toBe(name);
	});

	it("is answered with the text that helps with all of it", () => {
		expect(detectDanger("I can't breathe. I want to die.")?.class).toBe("self_harm");
		expect(detectDanger("I took a whole bottle of pills and now I can't breathe")?.class).toBe("poisoning");
		expect(detectDanger("Quiero morir. I took a whole bottle of pills.")).toMatchObject({
			class: "poisoning",
			language: "en",
		});
	});
});

describe("a message that hints at danger", () => {
	it.each(HINTS)("at %s (%s): %s", (name, language, message) => {
		expect(detectDanger(message)).toEqual({ class: name, tier: 2, language });
		expect(detectDanger(message.toUpperCase())).toEqual({ class: name, tier: 2, language });
	});

	it("counts less than a plain one beside it", () => {
		expect(detectDanger("My friend wants to kill herself. My tooth got knocked out.")).toMatchObject({
			class: "dental_emergency",
			tier: 1,
		});
	});
});

describe("an answer", () => {
	it.each([
		["self_harm", "It sounds as if you want to end your life. Please know that we care."],
		["medical_emergency", "You are having a heart attack, so please do not drive here yourself."],
		["self_harm", "You said that you want to end it all. I am glad that you told me."],
		["self_harm", "You have been cutting yourself again, and that worries me."],
		["self_harm", "It is hard to read that you want to kill yourself tonight."],
		["medical_emergency", "You can't breathe, and your lips are blue. Dial 911 now."],
		["medical_emergency", "You have chest pain and your arm is numb."],
		["poisoning", "You took a whole bottle of pills. Dial 911 now."],
		["abuse", "You are being beaten at home, and that is never your fault."],
	])("that says its reader is in danger is a hint at %s: %s", (name, answer) => {
		expect(detectDangerInAnswer(answer)).toEqual({ class: name, tier: 2, language: "en" });
	});

	it("is read in Spanish as well, where it repeats what was said", () => {
		expect(detectDangerInAnswer("Escribió «me quiero morir». Lo siento mucho.")).toBeUndefined();
		expect(detectDangerInAnswer("Mi hijo no respira. Es lo que entiendo.")).toEqual({
			class: "medical_emergency",
			tier: 2,
			language: "es",
		});
	});

	it.each([
		"If you can't breathe or your face is swelling, call 911 right away.",
		"Some patients feel anxious. We are open on Saturdays.",
		"Call 911 if you have chest pain, and come to us for the tooth.",
		"I want to help you find an appointment.",
		"A tooth that was knocked out has the best chance if it is back within an hour.",
	])("that tells what to do is none: %s", (answer) => {
		expect(detectDangerInAnswer(answer)).toBeUndefined();
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
		expect(detectDanger(`${"🦷".repeat(1985)} I want to die`)?.class).toBe("self_harm");
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
