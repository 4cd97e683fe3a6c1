import type { Language } from "../../lib/languages/languages.ts";
import { asksElsewhere } from "./other-languages.ts";
import type { Asked } from "./texts-by-language.ts";

/**
 * How a language asks it. What changes nothing is taken out of a clause first, so that few forms are left: "am I really talking to a
 * live person here" is "am i talking to person".
 */
interface Forms {
	language: Language;
	/** What may follow. */
	tail: RegExp;
	ignored: ReadonlySet<string>;
	/** What a question for a real person has in it, where what it names is one anyway, such as a doctor. */
	real: RegExp;
	realPerson: RegExp;
	either: RegExp;
	person: RegExp;
	machine: RegExp;
}

/** Alternatives: the phrases of a list, one a comma. */
function any(...lists: string[]): string {
	return `(?:${lists.flatMap((list) => list.split(",").map((phrase) => phrase.trim())).join("|")})`;
}

const TALKING = `${any("talking, speaking, chatting, texting, writing, messaging, talk, speak, chat")} (?:to|with)`;
const YOU = any(
	"are you, are u, r you, r u, arent you, you are, youre, u r, ur, is this, this is",
	`(?:am|do|have) i (?:been )?${TALKING}, (?:im|i am) ${TALKING}`,
);
const PERSON = any(
	"human, humans, human being, human beings, person, man, woman, guy, someone, somebody, anyone, anybody",
);
const BOT = any(
	"ai, bot, bots, robot, robots, chatbot, chat bot, machine, computer, program, automated, system, assistant, chatgpt, gpt, gemini",
	"llm, software, algorithm, recording, artificial intelligence, language model, virtual assistant",
);
const MACHINE = `${BOT}(?: ${BOT}){0,2}`;
const TITLE = any(
	"people, doctor, dr, dentist, nurse, hygienist, orthodontist, pediatrician, physician, therapist, receptionist, agent, employee",
);

const ENGLISH: Forms = {
	language: "en",
	tail: new RegExp(
		`(?: ${any(
			"here, there, now, right now, at all, please, pls, or not, or what, or no, by any chance, though, tho, too, lol, right, correct",
			`are you, or are you, arent you, (?:that |who )?(?:im|i am) ${TALKING}, (?:that |who )?i can ${TALKING}, to ${TALKING}, available`,
			"behind (?:this|it|the chat|the screen), in there, (?:on|at) the other (?:end|side), (?:answering|typing|writing|reading)(?: me| this)?",
			"talking to me, like me",
		)}){1,3}$`,
	),
	ignored: new Set(
		`a an the really real actual actually live living just still truly even only some kind sort of like also secretly guys folks not so
		honestly seriously maybe currently`.split(/\s+/),
	),
	real: /\b(?:real|actual|live|human)\b/,
	realPerson: new RegExp(`(?:^| )(?:${YOU} ${TITLE}|(?:is|are) there (?:${PERSON}|people))$`),
	either: new RegExp(
		`(?:^| )(?:${PERSON} or (?:${YOU} )?${MACHINE}|${MACHINE} or (?:${YOU} )?${PERSON}|(?:who|what) (?:am i|im) ${TALKING})$|^what are you$`,
	),
	person: new RegExp(`(?:^| )${YOU} (?:${PERSON}|real)$`),
	machine: new RegExp(`(?:^| )${YOU} ${MACHINE}$|^(?:you|u) ${MACHINE}$`),
};

const HABLO = any("hablo, hablando, estoy hablando, estoy chateando, converso, chateo, chateando, escribiendo");
const ERES = any("eres, sos, es usted, usted es, tu eres, esto es, ^es", `${HABLO} con`);
const PERSONA = any("persona, humano, humana, ser humano, alguien, persona humana");
const ROBOT = any(
	"robot, bot, maquina, ia, inteligencia artificial, chatbot, computadora, ordenador, programa, contestadora, asistente virtual, chatgpt",
);
const TITULO = any(
	"medico, medica, doctor, doctora, dentista, enfermera, enfermero, recepcionista, agente, empleado, empleada",
);

const SPANISH: Forms = {
	language: "es",
	tail: / (?:aqui|ahi|ahora|del otro lado|al otro lado|detras|o no|o que|por favor|respondiendo|de carne y hueso|con quien hablo)$/,
	ignored: new Set(
		"un una el la real realmente verdad verdadera verdadero de solo acaso alguna algun viva vivo no".split(" "),
	),
	real: /\b(?:real|verdad|verdadera|verdadero|human[oa]|hueso)\b/,
	realPerson: new RegExp(`(?:^| )(?:${ERES} ${TITULO}|hay ${PERSONA})$`),
	either: new RegExp(
		`(?:^| )(?:${PERSONA} o (?:${ERES} )?${ROBOT}|${ROBOT} o (?:${ERES} )?${PERSONA}|con (?:quien|que) ${HABLO})$|^(?:que|quien) (?:eres|es usted)$`,
	),
	person: new RegExp(`(?:^| )(?:${ERES} ${PERSONA}|^eres)$`),
	machine: new RegExp(`(?:^| )${ERES} ${ROBOT}$`),
};

/** Whether a clause asks if a person answers, or a machine. @param clause as `clausesOf` gives it */
export function asksWhoAnswers(clause: string): { asked: Asked; language: Language } | undefined {
	const asked = askedIn(clause, ENGLISH);
	if (asked !== undefined) return { asked, language: "en" };
	// Spanish looks at the end of a clause alone, which Italian may share.
	const elsewhere = asksElsewhere(clause);
	if (elsewhere !== undefined) return elsewhere;
	const inSpanish = askedIn(clause, SPANISH);
	return inSpanish === undefined ? undefined : { asked: inSpanish, language: "es" };
}

function askedIn(clause: string, forms: Forms): Asked | undefined {
	const left = clause
		.replace(/\ba i\b/g, "ai")
		.replace(forms.tail, "")
		.split(" ")
		.filter((word) => !forms.ignored.has(word))
		.join(" ");
	if (forms.either.test(left) || forms.either.test(clause)) return "either";
	if (forms.person.test(left) || isReal(clause, left, forms)) return "person";
	return forms.machine.test(left) ? "machine" : undefined;
}

function isReal(clause: string, left: string, { real, realPerson, language }: Forms): boolean {
	if (!real.test(clause)) return false;
	// "Are you real": what is asked for is a word that is taken out elsewhere.
	const isAlone = language === "en" ? new RegExp(`^${YOU}$`) : /^(?:eres|es usted|usted es)$/;
	return realPerson.test(left) || isAlone.test(left);
}
