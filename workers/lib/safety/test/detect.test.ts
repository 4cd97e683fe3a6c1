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
		["self_harm", "Usted quiere matarse, y me preocupa."],
		["self_harm", "Me dice que quieres quitarte la vida."],
		["medical_emergency", "Su hijo no respira. Llame al 911."],
	])("in Spanish says the same in its own words: %s, %s", (name, answer) => {
		expect(detectDangerInAnswer(answer)).toEqual({ class: name, tier: 2, language: "es" });
	});

	it("is read to its end, however long it is", () => {
		const filling = "Our practice is open from Monday to Friday, and we take most plans. ".repeat(120);
		expect(detectDangerInAnswer(`${filling}You said you want to kill yourself.`)?.class).toBe("self_harm");
	});

	it.each([
		"Puede matar el nervio antes de poner la corona.",
		"Si usted no puede respirar, llame al 911.",
		"Su hijo tiene cita mañana, y usted puede venir con él.",
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

const OTHERS =
	"hi so we have come to you for a long while and my mother came here years ago and the dentist was great and then she left town and my two kids need a cleaning with xrays and also";

describe("a message of 2,000 characters without a full stop", () => {
	it.each([
		["abuse", "my husband beats me"],
		["abuse", "i am being beaten at home"],
		["medical_emergency", "my son stopped breathing"],
		["poisoning", "my baby swallowed a battery"],
		["self_harm", "i tried to kill myself"],
	])("is read for %s in its middle, whatever it tells of far from it: %s", (name, message) => {
		const whole = `${`${OTHERS} `.repeat(5)}${message} and ${`${OTHERS} `.repeat(5)}`.slice(0, 2000);
		expect(detectDanger(whole)).toMatchObject({ class: name, tier: 1 });
	});
});

describe("what is read of a message", () => {
	it.each([
		["letters that nobody sees", "i want to k\u3164i\u115fl\u0000l my\uffa0self"],
		["letters of other alphabets", "ι ωant tօ κιll mysеlf"],
		["small capitals", "ɪ ᴡᴀɴᴛ ᴛᴏ ᴋɪʟʟ ᴍʏsᴇʟғ"],
		["squared letters", "🅸 🆆🅰🅽🆃 🆃🅾 🅺🅸🅻🅻 🅼🆈🆂🅴🅻🅵"],
		["strokes through letters", "i want tø kiłł myself"],
		["digits for letters", "1 w4nt t0 k1ll mys3lf"],
		["the key beside the apostrophe", "i don;t want to live, i can;t go on living"],
	])("takes no account of %s: %s", (_, message) => {
		expect(detectDanger(message)).toMatchObject({ class: "self_harm", tier: 1 });
	});

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
