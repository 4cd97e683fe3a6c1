import { clausesOf } from "./clauses.ts";
import { saysChildsAge } from "./own-age.ts";
import { childText, whoAnswersText } from "./texts.ts";
import type { SpokenFor } from "./texts.ts";
import { asksWhoAnswers } from "./who-answers.ts";

/** What is answered by rule, never by the model. */
export interface Rule {
	/** For the log: what the message was, without a word of it. */
	name: "child" | "who_answers";
	text(spokenFor: SpokenFor): string;
}

/**
 * What any message has that a rule could meet: a number, or a word of those that the questions end with; or a letter beyond ASCII, which
 * may be read as one of these. Most messages have none, and are read no further.
 */
const SIEVE =
	/[^ -~\s]|\d|human|person|people|real|actual|live|bot|machine|maquina|ordenador|computa|comput|program|automat|system|gpt|gemini|llm|software|algorithm|recording|intelligence|inteligencia|assistant|asistente|contestadora|humain|personne|robo\b|mensch|maschine|\bki\b|pessoa|uman[oa]|macchina|\bmens\b|persoon|osob|maszyn|inteligencj|intelligen|alguien|persona|\b(?:ai|a i|ia|man|woman|guy)\b|a\.i|(?:some|any)(?:one|body)|what are you|(?:am i|im|i'm) (?:talk|speak|chat|text|writ|messag)|\b(?:que|quien) |teen|four|five|six|seven|eight|nine|ten|eleven|twelve|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieci/i;

/**
 * The fixed answer to a message whose writer says that they are a child, or asks whether a person answers; undefined = it is none of
 * these. The child comes first. English and Spanish, and
 * the plainest forms of the other languages; the time it takes grows as the message.
 */
export function ruleFor(message: string): Rule | undefined {
	if (!SIEVE.test(message)) return undefined;
	const clauses = clausesOf(message);
	for (const clause of clauses) {
		const language = saysChildsAge(clause);
		if (language !== undefined) return { name: "child", text: (spokenFor) => childText(language, spokenFor) };
	}
	for (const clause of clauses) {
		const asked = asksWhoAnswers(clause);
		if (asked !== undefined)
			return { name: "who_answers", text: (spokenFor) => whoAnswersText(asked.asked, asked.language, spokenFor) };
	}
	return undefined;
}
