import type { Language, Topic } from "./rules.ts";

/** Whom somebody in danger reaches in a country. Each is a part of a sentence, by language. */
interface Help {
	/** The number of every emergency service. */
	emergency: string;
	/** How somebody who thinks of suicide reaches a person. */
	crisis: Readonly<Record<Language, string>>;
	/** How somebody is told what to do about a poison. */
	poison: Readonly<Record<Language, string>>;
}

/** By ISO 3166 code. The numbers of the United States: 988lifeline.org and poisonhelp.hrsa.gov, looked up on 2026-11-28. */
const HELP = {
	US: {
		emergency: "911",
		crisis: {
			en: "call 988 or text 988 (Suicide & Crisis Lifeline, free, 24 hours a day)",
			es: "llame al 988 y oprima el 2, o envíe la palabra AYUDA por mensaje de texto al 988 (Línea de Prevención del Suicidio y Crisis, gratis, las 24 horas)",
		},
		poison: {
			en: "call Poison Help at 1-800-222-1222 (free, 24 hours a day)",
			es: "llame a Poison Help al 1-800-222-1222 (gratis, las 24 horas, con intérpretes)",
		},
	},
} as const satisfies Readonly<Record<string, Help>>;

type Country = keyof typeof HELP;

const DEFAULT_COUNTRY: Country = "US";

type Texts = Readonly<Record<Topic, (help: Help) => string>>;

/**
 * What is answered, by language. Short and warm; no word of how somebody could come to harm, nothing that sounds like a crime or a
 * verdict, no promise of secrecy, and the number itself rather than advice to look for one. It says that nobody reads along, so
 * that nobody waits for it.
 */
const TEXTS: Readonly<Record<Language, Texts>> = {
	en: {
		self_harm: ({ emergency, crisis }) =>
			`Thank you for saying this. You don't have to go through it alone. Please talk with a person now: ${crisis.en}. If you are in danger right now or already hurt, call ${emergency}. This is an automated assistant, and nobody is watching this chat live. You can go on writing here if you like.`,
		emergency: ({ emergency }) =>
			`This sounds like an emergency. Call ${emergency} now, or go to the nearest emergency room. Please don't wait for an answer here: this is an automated assistant, and nobody is watching this chat live. The people at ${emergency} will tell you what to do until help arrives.`,
		overdose: ({ emergency, crisis, poison }) =>
			`This may be an emergency, even if everything still feels fine. Call ${emergency} now, or go to the nearest emergency room. To hear what to do until help arrives, ${poison.en}. If thoughts of suicide are part of this, you don't have to go through it alone: ${crisis.en}. This is an automated assistant, and nobody is watching this chat live. You can go on writing here, but please call first.`,
	},
	es: {
		self_harm: ({ emergency, crisis }) =>
			`Gracias por decirlo. No tiene que pasar por esto a solas. Por favor, hable ahora con una persona: ${crisis.es}. Si está en peligro ahora mismo o ya se hizo daño, llame al ${emergency}. Este es un asistente automático y nadie está leyendo este chat en vivo. Puede seguir escribiendo aquí si lo desea.`,
		emergency: ({ emergency }) =>
			`Esto parece una emergencia. Llame al ${emergency} ahora mismo o vaya a la sala de emergencias más cercana. No espere una respuesta aquí: este es un asistente automático y nadie está leyendo este chat en vivo. En el ${emergency} le dirán qué hacer hasta que llegue la ayuda.`,
		overdose: ({ emergency, crisis, poison }) =>
			`Esto puede ser una emergencia aunque todavía no se note nada. Llame al ${emergency} ahora mismo o vaya a la sala de emergencias más cercana. Para saber qué hacer hasta que llegue la ayuda, ${poison.es}. Si hay pensamientos de suicidio, no tiene que pasar por esto a solas: ${crisis.es}. Este es un asistente automático y nadie está leyendo este chat en vivo. Puede seguir escribiendo aquí, pero por favor llame primero.`,
	},
};

/** The text that a message in danger is answered with. */
export function safetyText(topic: Topic, language: Language, country: Country = DEFAULT_COUNTRY): string {
	return TEXTS[language][topic](HELP[country]);
}
