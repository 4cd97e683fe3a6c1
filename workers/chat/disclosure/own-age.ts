import type { Language } from "../../lib/languages/languages.ts";
import { ageElsewhere } from "./other-languages.ts";

/** The model's terms are for adults alone (ai.google.dev/gemini-api/terms: no service likely to be used by people under 18). */
const ADULT_YEARS = 18;
/** Who is younger does not write. */
const MIN_YEARS = 4;

const ENGLISH_NUMBERS =
	"four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen".split(" ");
const SPANISH_NUMBERS =
	"cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete".split(" ");
const NUMBER = (names: readonly string[]) => `(\\d{1,2}|${names.join("|")})`;

const I = "(?:(?:^| )(?:i am|im|i m|ima)|^am)";
const HEDGE = "(?: (?:only|just|actually|like|already|almost|nearly|about|now|really|literally|still))?";
const YEARS = " ?(?:years? old|yrs? old|year olds?|years? of age|yo|yrs?|y|anos|years?)";
/** What goes on behind an age, and behind no number of weeks, minutes or feet. */
const GOES_ON =
	"(?:$| (?:and|but|so|because|cuz|btw|lol|haha|now|today|can|could|may|should|will|do|does|is|are|what|how|where|when|why|who|my|i|im|please|plz|pls|help|yo|too|though|tho)\\b)";
/** Told of another time, or only supposed. */
const NOT_SO = /\b(?:if|when|pretend|imagine|suppose|until|like when|was|were) (?:i|im|am)\b/;

const ENGLISH: readonly RegExp[] = [
	new RegExp(`${I}${HEDGE} ${NUMBER(ENGLISH_NUMBERS)}(?:${YEARS})?${GOES_ON}`),
	new RegExp(`${I}${HEDGE} ${NUMBER(ENGLISH_NUMBERS)} ?(?:years? old|yrs? old|yo|years? of age)(?: |$)`),
	new RegExp(
		`${I}${HEDGE} an? ${NUMBER(ENGLISH_NUMBERS)} ?(?:years? old|yrs? old|yo)(?: (?:girl|boy|kid|child|student|patient|teen|female|male)\\b|$)`,
	),
	new RegExp(`(?:^| )(?:i|ive) (?:just |recently |already )?turned ${NUMBER(ENGLISH_NUMBERS)}${GOES_ON}`),
	new RegExp(`(?:^| )my age is ${NUMBER(ENGLISH_NUMBERS)}${GOES_ON}`),
];

const DE_EDAD = "(?: (?:de edad|y|pero|porque|asi que|ahora|me|mi|quiero|puedo|necesito|por favor)\\b|$)";
const SPANISH: readonly RegExp[] = [
	new RegExp(
		`(?:^| )tengo (?:solo |solamente |apenas |ya |casi )?${NUMBER(SPANISH_NUMBERS)} (?:anos|anitos)${DE_EDAD}`,
	),
	new RegExp(
		`(?:^| )soy (?:un |una )?(?:nino|nina|chico|chica|estudiante|menor) de ${NUMBER(SPANISH_NUMBERS)}(?: anos)?(?: |$)`,
	),
	new RegExp(`(?:^| )(?:cumpli|acabo de cumplir) ${NUMBER(SPANISH_NUMBERS)}(?: anos)?${DE_EDAD}`),
];

/** The language in which a clause says that its writer is a child. @param clause as `clausesOf` gives it */
export function saysChildsAge(clause: string): Language | undefined {
	if (ENGLISH.some((pattern) => isChildsAge(pattern.exec(clause)?.[1], ENGLISH_NUMBERS)) && !NOT_SO.test(clause))
		return "en";
	const isSpanish = SPANISH.some((pattern) => isChildsAge(pattern.exec(clause)?.[1], SPANISH_NUMBERS));
	if (isSpanish && !/\b(?:no|si|cuando) tengo\b/.test(clause)) return "es";
	const elsewhere = ageElsewhere(clause);
	return elsewhere !== undefined && elsewhere.years >= MIN_YEARS && elsewhere.years < ADULT_YEARS
		? elsewhere.language
		: undefined;
}

function isChildsAge(said: string | undefined, names: readonly string[]): boolean {
	if (said === undefined) return false;
	const named = names.indexOf(said);
	const years = named === -1 ? Number(said) : named + MIN_YEARS;
	return years >= MIN_YEARS && years < ADULT_YEARS;
}
