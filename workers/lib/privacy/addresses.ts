import type { Around, Rule } from "./rule.ts";

const STOP =
	"(?:with|and|for|the|an?|of|to|in|on|at|my|from|per|each|or|is|are|was|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|times?|appointments?|visits?|kids?|crowns?|fillings?|cleanings?|people|blocks?|miles?|patients?|questions?|more|other|others|am|pm|we|i|you|en|las?|con|y|para|por)";
const WORD = `(?!${STOP}[ ,.])[a-z0-9][a-z0-9'.-]{0,24}`;
const SUFFIX =
	"(?:street|st|avenue|ave?|road|rd|boulevard|blvd|drive|dr|lane|ln|court|ct|way|place|pl|terrace|ter|circle|cir|parkway|pkwy|highway|hwy|trail|trl|loop|square|sq|cove|row|alley|run|crossing|plaza)";
const UNIT = "(?:,? ?(?:apt|apartment|suite|ste|unit|floor|#)\\.? ?#?[a-z0-9-]{1,6})?";
const STATES =
	"A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]";
const CITY = "[A-Z][A-Za-z.'-]{1,20}(?: [A-Z][A-Za-z.'-]{1,20}){0,2}";

const CALLE =
	"(?:c/|(?:calle|avenida|avda\\.?|av\\.|paseo|carrera|plaza|camino|callejon|calzada|ronda|travesia)(?![a-z]))";
const PALABRA = `(?!(?:a|las|con|en|y|para|por|hay|esta|es) )[a-z][a-z'.-]{0,24}`;

/** Where somebody lives: a number and a street, a state with its ZIP code, a box at the post. A ZIP code alone stays. */
export const ADDRESS_RULES: readonly Rule[] = [
	{
		mark: "address",
		at: new RegExp(
			`(?<![a-z0-9$#.,/-])\\d{1,5}(?:-\\d{1,4})?[a-z]? {1,2}(?:${WORD} {1,2}){1,5}?${SUFFIX}(?![a-z0-9'])\\.?${UNIT}(?![a-z0-9])`,
			"gi",
		),
		accepts: isStreet,
	},
	{
		mark: "address",
		at: new RegExp(`(?<![A-Za-z])(?:${CITY},? )?(?:${STATES}),? \\d{5}(?:-\\d{4})?(?![\\d-])`, "g"),
		accepts: isPlace,
	},
	{
		mark: "address",
		at: /(?<![a-z])(?:p\.? ?o\.? ?box|post office box|apartado(?: postal| de correos)?) ?#?\d{1,6}(?!\d)/gi,
	},
	{
		mark: "address",
		at: new RegExp(
			`(?<![a-z])${CALLE} ?(?:${PALABRA},? ){0,5}${PALABRA},? (?:no\\.? ?|num\\.? ?|n ?|# ?)?\\d{1,5}(?![\\d:/])`,
			"gi",
		),
	},
];

/** Words that are rather something else than a street behind a number of one digit: "5 star place". */
const AMBIGUOUS = /^\d .*(?:way|place|court|square|circle|loop|trail|run|row|crossing|plaza|cove|drive)\.?$/i;
const AT_AN_ADDRESS = /(?:at|on|address|is|in|to|live|home)[: ]{1,2}$/i;

/** Not "3 more with Dr. Lee": "Dr" before a name is a doctor. */
function isStreet(candidate: string, { before, after }: Around): boolean {
	if (AMBIGUOUS.test(candidate) && !AT_AN_ADDRESS.test(before)) return false;
	return !/ dr\.?$/i.test(candidate) || !/^\.? \p{Lu}\p{Ll}/u.test(after);
}

/** Not "OK 78701": a word that is also a state is one behind its city alone. */
function isPlace(candidate: string): boolean {
	return /^[A-Z][a-z]/.test(candidate) || !/^(?:OK|IN|ME|OR|HI)/.test(candidate);
}
