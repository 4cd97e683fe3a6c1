import { DATE, digitsOf, saidAfter, wordsBefore } from "./rule.ts";
import type { Rule } from "./rule.ts";

const NUMBER = "(?:ids?|number|numbers|no|nr|num|numero|#)(?:'s)?";
const NUMERO = "(?:numero|num|no|n|id|codigo) de(?:l)? ";

const RECORD = `mrn(?:#| number)?|medical record(?: ?${NUMBER})?|chart(?: ?${NUMBER})?|record ?${NUMBER}|patient ?(?:${NUMBER}|account)|account ?${NUMBER}|expediente|historia(?: clinica| medica)?|${NUMERO}(?:paciente|historia)`;
const INSURED =
	"member|subscriber|policy|group|grp|insured|enrollee|certificate|claim|insurance(?: card)?|medicaid|medicare|mbi|beneficiary";
const ASEGURADO = "poliza|afiliad[oa]|asegurad[oa]|miembro|grupo|socio|beneficiari[oa]";
const INSURER =
	"delta dental|blue cross|blue shield|bcbs|aetna|cigna|metlife|humana|guardian|united ?healthcare|ppo|hmo|dental|ins";
const INSURANCE_STRONG = `(?:${INSURER}) (?:id|#|member number|id number)|(?:${INSURED})(?: card)? ?${NUMBER}|${NUMERO}(?:${ASEGURADO})|(?:${ASEGURADO})(?: ?${NUMBER})|insurance card|tarjeta (?:sanitaria|medicare)`;
const INSURANCE_WEAK = `${INSURED}|${ASEGURADO}`;

/** A piece of letters and digits, hyphens within. */
const TOKEN = "[a-z0-9](?:[a-z0-9]|[-./](?=[a-z0-9])){4,19}";
/** Of a longer one, parts that blanks keep from each other: each has a digit, or is the letters it begins with. */
const PARTS =
	"(?:[a-z]{1,3}(?= )|(?=[a-z]{0,4}\\d)[a-z0-9](?:[a-z0-9]|[-./](?=[a-z0-9])){0,19})(?: (?=[a-z]{0,3}\\d)[a-z0-9-]{1,12}){1,4}";
/** A procedure's code as dentists write it (CDT). */
const PROCEDURE = /^D\d{4}$/i;
const LEAST_CHARS = 5;
const MONEY = /^\d{1,6}\.\d{2}$/;

/** Digits grouped as a date's are no date where the year, month or day cannot be: `10-29-3847` is a chart's number. */
function isDate(candidate: string): boolean {
	if (!DATE.test(candidate)) return false;
	const numbers = candidate.split(/[/.-]/).map(Number);
	const year = numbers.find((number) => number > 99);
	const [first = 0, second = 0] = numbers.filter((number) => number !== year);
	return (
		(year === undefined || (year >= 1900 && year < 2100)) &&
		Math.min(first, second) <= 12 &&
		Math.max(first, second) <= 31
	);
}

function isIdentifier(candidate: string): boolean {
	const characters = candidate.replace(/[^a-z0-9]/gi, "");
	if (PROCEDURE.test(candidate) || isDate(candidate) || MONEY.test(candidate)) return false;
	const digits = digitsOf(candidate).length;
	return characters.length >= LEAST_CHARS && characters.length <= 20 && digits >= 4 && digits * 2 >= characters.length;
}

const token = () => new RegExp(`(?<![a-z0-9$@.-])${TOKEN}(?![a-z0-9@])`, "gi");
const parts = () => new RegExp(`(?<![a-z0-9$@.-])${PARTS}(?![a-z0-9@])`, "gi");
/** Right before it, without a word that says "number". */
const SAID_AS = new RegExp(`(?<![a-z0-9])(?:${INSURANCE_WEAK})(?: (?:is|es))?[^a-z0-9]{0,3}$`, "i");
const accepts = (candidate: string) => isIdentifier(candidate);

/** What an insurer or a practice knows a person by. Without a word that says so, any number could be anything, and stays. */
export const IDENTIFIER_RULES: readonly Rule[] = [
	{
		// Medicare's own form tells it without a word (cms.gov, "Understanding the MBI format"): letters without S, L, O, I, B and Z.
		mark: "medicare_id",
		at: /(?<![a-z0-9])[1-9][ac-hjkmnp-rt-y][ac-hjkmnp-rt-y0-9]\d[ -]?[ac-hjkmnp-rt-y][ac-hjkmnp-rt-y0-9]\d[ -]?[ac-hjkmnp-rt-y]{2}\d{2}(?![a-z0-9])/gi,
	},
	{ mark: "mrn", at: token(), before: wordsBefore(RECORD, 3), after: saidAfter(RECORD), accepts },
	{
		mark: "insurance_id",
		at: token(),
		before: wordsBefore(INSURANCE_STRONG, 3),
		after: saidAfter(INSURANCE_STRONG),
		accepts,
	},
	{ mark: "insurance_id", at: parts(), before: wordsBefore(INSURANCE_STRONG, 2), accepts },
	{
		mark: "insurance_id",
		at: token(),
		before: SAID_AS,
		accepts,
	},
	{ mark: "insurance_id", at: parts(), before: SAID_AS, accepts },
];
