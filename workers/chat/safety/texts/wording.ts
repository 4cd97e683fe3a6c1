import type { SafetyClass } from "../../../lib/site/safeguards.ts";

/** What a text is filled with: parts of sentences, links included. */
export interface Filling {
	/** "911", or words for the number of wherever the reader is. */
	emergency: string;
	crisis: string;
	poison: string;
	abuse: string;
	/** Where the practice is reached: " at …", or "". */
	practice: string;
}

/** What is said in a language. */
export interface Wording {
	/** Day of the last change; whoever signs texts off signs a version. */
	version: string;
	/** In place of an answer, where a message is plain. */
	texts: Readonly<Record<SafetyClass, (filling: Filling) => string>>;
	/** Below an answer, where a message or the answer hints at it: one line. */
	lines: Readonly<Record<SafetyClass, (filling: Filling) => string>>;
	/** Where no country's number is known. */
	localNumber: string;
	/** The poison advice of a country without a line of its own. */
	poisonByEmergency(emergency: string): string;
	/** Before a practice's number. */
	practiceAt(number: string): string;
	/** The practice's own words, or its number, below a text. */
	ownWords(text: string | null, number: string | null): string;
}
