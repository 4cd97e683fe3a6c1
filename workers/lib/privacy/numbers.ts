import { DATE, digitsOf, saidAfter, wordsBefore } from "./rule.ts";
import type { Around, Rule } from "./rule.ts";

const SOCIAL = "ssns?|ss ?#|s\\.s\\.n\\.?|soc(?:ial)?(?: sec(?:urity)?)?(?:'s)?|itin|nss|seguro social";

/** Social security numbers: an area 000, 666 or 9xx, a group 00 and a serial 0000 were never given (ssa.gov, "randomization"). */
export const SSN_RULES: readonly Rule[] = [
	{ mark: "ssn", at: /(?<![\d-])(?!000|666|9)\d{3}([- .])(?!00)\d{2}\1(?!0000)\d{4}(?![\d]|[-.]\d)/g },
	{
		mark: "ssn",
		at: /(?<![\d-])\d(?:[ .-]{0,3}\d){8}(?![\d]|[-.]\d)/g,
		before: wordsBefore(SOCIAL, 5),
		after: new RegExp(`^[^a-z0-9]{0,3}(?:(?:is|es)? ?(?:my|mi|the|el|his|her)? ?)?(?:${SOCIAL})(?![a-z])`, "i"),
	},
	{
		mark: "ssn",
		at: /(?<!\d)\d{4}(?!\d)/g,
		before: new RegExp(
			`(?:(?:last|ultim[oa]s) (?:4|four|cuatro)[a-z ]{0,24}(?:${SOCIAL})|(?<![a-z])(?:${SOCIAL})(?: [a-z]{1,6})? (?:ending|ends|termina)(?: (?:in|with|en))?)[^a-z0-9]{0,3}(?:are|is|son)?[^a-z0-9]{0,3}$`,
			"i",
		),
	},
];

// A card's number begins as its network's do, and its last digit checks the others (ISO/IEC 7812-1).
const NETWORKS: readonly { prefix: RegExp; lengths: readonly number[] }[] = [
	{ prefix: /^4/, lengths: [16, 19] },
	{ prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
	{ prefix: /^3[47]/, lengths: [15] },
	{ prefix: /^(?:6011|65|64[4-9]|62|35)/, lengths: [16, 19] },
	{ prefix: /^(?:30[0-5]|36|38|39)/, lengths: [14] },
];

/** The longest beginning of a run of digits that is a card's number, ending with a group of them; undefined = none is. */
export function cardIn(run: string): string | undefined {
	for (let end = run.length; end >= 14; end--) {
		if (/\d/.test(run.charAt(end))) continue;
		const part = run.slice(0, end);
		if (/\d$/.test(part) && isCard(digitsOf(part))) return part;
	}
	return undefined;
}

function isCard(digits: string): boolean {
	const isKnown = NETWORKS.some(({ prefix, lengths }) => lengths.includes(digits.length) && prefix.test(digits));
	return isKnown && luhn(digits);
}

function luhn(digits: string): boolean {
	let sum = 0;
	for (let place = 0; place < digits.length; place++) {
		const digit = Number(digits.charAt(digits.length - 1 - place)) * (place % 2 === 0 ? 1 : 2);
		sum += digit > 9 ? digit - 9 : digit;
	}
	return sum % 10 === 0;
}

const CARD = "(?:card|visa|amex|mastercard|tarjeta)(?: (?:number|no|nr|num|numero))?";

/** What of a card is told by the words before it: a number with a slip in it, and the code on its back. */
export const CARD_RULES: readonly Rule[] = [
	{
		mark: "card",
		at: /(?<![\d-])\d(?:[ .-]?\d){12,18}(?!\d)/g,
		before: wordsBefore(CARD, 3),
		accepts: (_, { before }) => !/gift|voucher/i.test(before),
	},
	{
		mark: "card",
		at: /(?<!\d)\d{3,4}(?!\d)/g,
		before:
			/(?:cvv2?|cvc2?|security code|codigo de seguridad|(?:card|visa|amex|mastercard|tarjeta) (?:ending|ends|que termina)(?: (?:in|with|en))?)[^a-z0-9]{0,3}(?:is|es)?[^a-z0-9]{0,3}$/i,
	},
];

/** Numbers of companies, never of a person: who calls them pays nothing. */
const TOLL_FREE = /^1?8(?:00|33|44|55|66|77|88)/;
/** "Is your office number …": the practice's own. */
const OF_THE_PRACTICE =
	/(?<![a-z])(?:your|su|tu)(?: [a-z]+){0,2} (?:fax|phone|tel|telefono|office|number|numero|line|hotline)(?: [a-z]+){0,3}[^a-z0-9]{0,3}$/i;
/** What a number is that is no telephone's, where nothing parts its digits. */
const OF_A_THING = wordsBefore(
	"order|item|article|part|model|serial|ref(?:erence)?|ticket|case|invoice|confirmation|tracking|npi|isbn|sku|lot|batch|quote|voucher|pedido|factura",
	2,
);
const MY_PHONE =
	"(?:call|text|reach|ring|phone|contact|sms|message) (?:me|us|him|her)|call|ring|phone|cell(?:phone)?|mobile|landline|home|whatsapp|sms|(?:my|his|her|husband's|wife's|mom's|dad's) number|tel(?:efono)?|celular|cel|movil|llam\\w{0,5}|mi numero|message on";
const AS_PHONE = saidAfter("cell|phone|mobile|number|landline|celular|movil|telefono|numero");

function isPersons(candidate: string, { before }: Around): boolean {
	const digits = digitsOf(candidate);
	if (TOLL_FREE.test(digits) || DATE.test(candidate) || OF_THE_PRACTICE.test(before)) return false;
	return /\D/.test(candidate) || !OF_A_THING.test(before);
}

/** Telephone numbers: an area and an exchange of North America begin with 2 to 9 (NANP); elsewhere a plus or a word says what it is. */
export const PHONE_RULES: readonly Rule[] = [
	{
		mark: "phone",
		at: /(?<!\d|\d[.,-]|[$#/])(?:\+?1[ .\-/]{0,2})?\(?[2-9]\d{2}\)?[ .\-/]{0,3}[2-9]\d{2}[ .\-/]{0,3}\d{4}(?![\d]|[-/]\d)/g,
		accepts: isPersons,
	},
	{ mark: "phone", at: /\+\d{1,3}(?:[ .\-()]{0,2}\d){6,13}(?!\d)/g, accepts: isPersons },
	{
		mark: "phone",
		at: /(?<!\d|\d[ .\-/)]|[$#/+])\(?\d(?:[ .\-/()]{0,2}\d){6,14}(?![\d]|[-/]\d)/g,
		before: wordsBefore(MY_PHONE, 3),
		after: AS_PHONE,
		accepts: isPersons,
	},
];
