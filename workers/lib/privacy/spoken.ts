import { saidAfter, wordsBefore } from "./rule.ts";
import type { Rule } from "./rule.ts";
import { BIRTH } from "./dates.ts";

// Numbers that are written out in words, as whoever dictates a message has them written.

const DIGIT =
	"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)";
const MONTH =
	"(?:january|february|march|april|may|june|july|august|september|october|november|december|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre)";
const ORDER =
	"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)";
const ORDINAL = `(?:(?:twenty|thirty)[ -])?${ORDER}`;
const NUMBER =
	"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|oh|and)";
const NUMERO =
	"(?:uno|un|primero|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieci[a-z]{3,6}|veinte|veinti[a-z]{2,7}|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|cien|ciento|novecientos|mil|y)";
const YEAR = `${NUMBER}(?:[ -]${NUMBER}){0,5}`;
const SPOKEN_DAYS = [
	`${MONTH},? (?:the )?(?:${ORDINAL}|\\d{1,2}(?:st|nd|rd|th)?),? (?:of )?${YEAR}`,
	`(?:${ORDINAL}|\\d{1,2}(?:st|nd|rd|th)?)(?: day)? of ${MONTH},? (?:of )?${YEAR}`,
	`(?:${NUMERO}(?: ${NUMERO}){0,2}|\\d{1,2}) de ${MONTH} del? ${NUMERO}(?: ${NUMERO}){0,6}`,
];

/** Any word that such a number may go on with; none is twice among them, or a repeat of them could be read in a great many ways. */
export const SPOKEN_WORD = `(?:${NUMBER}|${NUMERO}|${MONTH}|${ORDER}|zero|cero|day|of|the|del?|\\d{1,2}(?:st|nd|rd|th)?)`;

/** Who counts up says each number after the one before it. */
const COUNTED = /^(?:zero )?one,? two,? three,? four,? five|^(?:cero )?uno,? dos,? tres,? cuatro,? cinco/i;

/** A telephone, an SSN or an account that is dictated digit by digit: seven digits and more on end are no count of anything. */
export const SPOKEN_RULES: readonly Rule[] = [
	{
		mark: "phone",
		at: new RegExp(`(?<![a-z])${DIGIT}(?:[ ,.-]{1,2}${DIGIT}){6,18}(?![a-z])`, "gi"),
		accepts: (candidate) => !COUNTED.test(candidate),
	},
	...SPOKEN_DAYS.map(
		(days): Rule => ({
			mark: "birth_date",
			at: new RegExp(`(?<![a-z0-9])${days}(?![a-z])`, "gi"),
			before: wordsBefore(BIRTH, 5),
			after: saidAfter(BIRTH),
		}),
	),
];
