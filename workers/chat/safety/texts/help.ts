import type { Danger } from "../../../lib/safety/detect.ts";
import type { Language } from "../../../lib/safety/rules.ts";
import type { SafetySettings } from "../../../lib/site/safeguards.ts";
import { numbersOf } from "./countries.ts";
import { WORDING_EN } from "./en.ts";
import { WORDING_ES } from "./es.ts";
import type { Filling, Wording } from "./wording.ts";

const WORDINGS: Readonly<Record<Language, Wording>> = { en: WORDING_EN, es: WORDING_ES };

/** What of a practice's settings help is made of. */
export type HelpSettings = Pick<SafetySettings, "country" | "emergencyNumber" | "emergencyText">;

/** Help where no practice is known. */
const NOBODYS: HelpSettings = { country: null, emergencyNumber: null, emergencyText: null };

type Found = Pick<Danger, "class" | "language">;

/**
 * The fixed text that a message in danger is answered with, numbers as links of markdown, the practice's own words below.
 * @param country the deployment's, ISO 3166-1 alpha-2: counts where the practice names none
 */
export function safetyText({ class: name, language }: Found, country: string, settings = NOBODYS): string {
	const wording = WORDINGS[language];
	const text = wording.texts[name](filling(language, country, settings));
	const { emergencyText, emergencyNumber } = settings;
	if (emergencyText === null && emergencyNumber === null) return text;
	return `${text}\n\n${wording.ownWords(emergencyText, emergencyNumber === null ? null : called(emergencyNumber))}`;
}

/** The line of help that stands below an answer. @param country as in `safetyText` */
export function helpLine({ class: name, language }: Found, country: string, settings = NOBODYS): string {
	return WORDINGS[language].lines[name](filling(language, country, settings));
}

function filling(language: Language, country: string, settings: HelpSettings): Filling {
	const wording = WORDINGS[language];
	const numbers = numbersOf(settings.country ?? country);
	const emergency = numbers.emergency === null ? wording.localNumber : called(numbers.emergency);
	return {
		emergency,
		crisis: numbers.crisis[language],
		poison: numbers.poison?.[language] ?? wording.poisonByEmergency(emergency),
		abuse: numbers.abuse[language],
		practice: settings.emergencyNumber === null ? "" : wording.practiceAt(called(settings.emergencyNumber)),
	};
}

/** A number to tap, as it is written. Without digits there is nothing to call. */
function called(number: string): string {
	const digits = number.replace(/[^\d+]/g, "");
	return digits === "" ? number : `[${number}](tel:${digits})`;
}

/** Help as a practice gives it. */
export interface Help {
	/** In place of an answer. */
	text(found: Found): string;
	/** Below an answer. */
	line(found: Found): string;
}

/** @param country the deployment's @param settings the practice's; undefined = none is known */
export function helpOf(country: string, settings?: HelpSettings): Help {
	return {
		text: (found) => safetyText(found, country, settings),
		line: (found) => helpLine(found, country, settings),
	};
}
