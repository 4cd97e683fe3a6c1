import { saidAfter, wordsBefore } from "./rule.ts";
import type { Around, Rule } from "./rule.ts";

const MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]{0,7}\\.?";
const DAY = "\\d{1,2}(?:st|nd|rd|th)?";
/** Words that say that a date is somebody's birth. */
export const BIRTH =
	"dob|d\\.o\\.b\\.?|born|birth|birth ?dates?|birthday|bday|naci|nacio|nacid[oa]s?|nacimiento|f\\. ?nac\\.?|cumple(?:anos)?|cumplo|cumplio";

const YEARS_BACK = 120;

/** Dates that are said to be somebody's birth; all others are left, as appointments are dates. */
export const BIRTH_RULES: readonly Rule[] = [
	/(?<![\d$.,/-])\d{1,4}([/. -])\d{1,2}\1\d{2,4}(?![\d]|[/-]\d)/g,
	/(?<!\d)\d{8}(?!\d)/g,
	new RegExp(`(?<![a-z0-9])${MONTH} ${DAY},? (?:of |de )?'?\\d{2,4}(?!\\d)`, "gi"),
	new RegExp(`(?<!\\d)${DAY}(?: of| de)?[ -]${MONTH},?(?: del?)?[ -]'?\\d{2,4}(?!\\d)`, "gi"),
].map((at) => ({
	mark: "birth_date",
	at,
	before: wordsBefore(BIRTH, 5),
	after: saidAfter(BIRTH),
	accepts: isPast,
}));

/** Whether a date is within the last 120 years: one that is still to come is no birth. */
function isPast(candidate: string, { now }: Around): boolean {
	const today = new Date(now);
	const thisYear = today.getUTCFullYear();
	const year = yearOf(candidate, thisYear);
	if (year === undefined || year > thisYear || year < thisYear - YEARS_BACK) return false;
	const month = year === thisYear ? monthOf(candidate) : undefined;
	return month === undefined || month <= today.getUTCMonth() + 1;
}

function yearOf(date: string, thisYear: number): number | undefined {
	const numbers = date.match(/\d+/g) ?? [];
	const [first = "", ...others] = numbers;
	const last = others.at(-1) ?? first;
	if (numbers.length === 1)
		return [last.slice(-4), last.slice(0, 4)].map(Number).find((year) => isYear(year, thisYear));
	if (first.length === 4) return Number(first);
	if (last.length === 4) return Number(last);
	if (last.length !== 2) return undefined;
	const century = Number(last) > thisYear % 100 ? 1900 : 2000;
	return century + Number(last);
}

function isYear(year: number, thisYear: number): boolean {
	return year <= thisYear && year >= thisYear - YEARS_BACK;
}

/** The month of a date in numbers as it is written in the US, the other way round where that is none; undefined = a word says it. */
function monthOf(date: string): number | undefined {
	if (/[a-z]{3}/i.test(date)) return undefined;
	const [first = "", second = "", third = ""] = date.match(/\d+/g) ?? [];
	const [month, day] = (first.length === 4 ? [second, third] : [first, second]).map(Number);
	return month !== undefined && month > 12 ? day : month;
}
