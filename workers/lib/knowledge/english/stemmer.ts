// The English stemmer of the Snowball project ("Porter2", as of its release 3), written from its description:
// https://snowballstem.org/algorithms/english/stemmer.html

import { truncate } from "../../text/text.ts";
import { IRREGULAR_FORMS } from "./words.ts";

/** Code points. */
const TERM_MAX_CHARS = 40;

/** What a rule finds only in R1 or R2: the parts of a word after its first and its second group of vowel and consonant. */
interface Regions {
	r1: number;
	r2: number;
}
/** A suffix, what takes its place, and what must stand before it. */
type Rule = readonly [suffix: string, replacement: string, before?: RegExp];

const UNCHANGED = new Set(["sky", "news", "howe", "atlas", "cosmos", "bias", "andes"]);
const UNCHANGED_AFTER_PLURAL = new Set([
	"inning",
	"outing",
	"canning",
	"herring",
	"earring",
	"proceed",
	"exceed",
	"succeed",
]);
const IRREGULAR: ReadonlyMap<string, string> = new Map([
	["skis", "ski"],
	["skies", "sky"],
	["dying", "die"],
	["lying", "lie"],
	["tying", "tie"],
	["idly", "idl"],
	["gently", "gentl"],
	["ugly", "ugli"],
	["early", "earli"],
	["only", "onli"],
	["singly", "singl"],
]);

// Where several suffixes fit, the longest counts: each list has it first.
const STEP_2: readonly Rule[] = [
	["ational", "ate"],
	["fulness", "ful"],
	["iveness", "ive"],
	["ization", "ize"],
	["ousness", "ous"],
	["biliti", "ble"],
	["lessli", "less"],
	["ogist", "og"],
	["tional", "tion"],
	["alism", "al"],
	["aliti", "al"],
	["ation", "ate"],
	["entli", "ent"],
	["fulli", "ful"],
	["iviti", "ive"],
	["ousli", "ous"],
	["abli", "able"],
	["alli", "al"],
	["anci", "ance"],
	["ator", "ate"],
	["enci", "ence"],
	["izer", "ize"],
	["bli", "ble"],
	["ogi", "og", /l$/],
	["li", "", /[cdeghkmnrt]$/],
];
const STEP_3: readonly Rule[] = [
	["ational", "ate"],
	["tional", "tion"],
	["alize", "al"],
	["icate", "ic"],
	["iciti", "ic"],
	["ical", "ic"],
	["ness", ""],
	["ful", ""],
];
const STEP_4: readonly Rule[] = [
	["ement", ""],
	["able", ""],
	["ance", ""],
	["ence", ""],
	["ible", ""],
	["ment", ""],
	["ant", ""],
	["ate", ""],
	["ent", ""],
	["ion", "", /[st]$/],
	["ism", ""],
	["iti", ""],
	["ive", ""],
	["ize", ""],
	["ous", ""],
	["al", ""],
	["er", ""],
	["ic", ""],
];

/** The term by which a folded word is found: its stem, at most 40 code points. */
export function termOf(word: string): string {
	const term = stem(IRREGULAR_FORMS.get(word) ?? word);
	return term.length <= TERM_MAX_CHARS ? term : truncate(term, TERM_MAX_CHARS);
}

/**
 * The stem of an English word: what "booking", "booked" and "books" have in common. Other words, and what holds anything
 * but a to z, come back as they are or a little shorter, always the same.
 * @param word in lower case
 */
export function stem(word: string): string {
	const irregular = IRREGULAR.get(word);
	if (irregular !== undefined) return irregular;
	if (word.length < 3 || UNCHANGED.has(word) || !/^[a-z]+$/.test(word)) return word;
	// A Y is a consonant.
	const marked = word.includes("y") ? word.replace(/^y|(?<=[aeiouy])y/g, "Y") : word;
	const regions = regionsOf(marked);
	const singular = step1a(marked);
	if (UNCHANGED_AFTER_PLURAL.has(singular)) return singular;
	const base = step1c(step1b(singular, regions));
	const derived = step3(replaceIn(regions.r1, base, STEP_2), regions);
	return step5(replaceIn(regions.r2, derived, STEP_4), regions).toLowerCase();
}

function regionsOf(word: string): Regions {
	const prefix = /^(?:arsen|commun|emerg|gener|inter|later|organ|past|univers)/.exec(word)?.[0];
	const r1 = prefix?.length ?? afterVowelAndConsonant(word, 0);
	return { r1, r2: afterVowelAndConsonant(word, r1) };
}

function afterVowelAndConsonant(word: string, from: number): number {
	const match = /[aeiouy][^aeiouy]/.exec(word.slice(from));
	return match === null ? word.length : from + match.index + 2;
}

function hasVowel(text: string): boolean {
	return /[aeiouy]/.test(text);
}

function endsInShortSyllable(word: string): boolean {
	return /(?:[^aeiouy][aeiouy][^aeiouywxY]|^[aeiouy][^aeiouy]|past)$/.test(word);
}

/** Plurals. */
function step1a(word: string): string {
	if (word.endsWith("sses")) return word.slice(0, -2);
	if (/ie[ds]$/.test(word)) return word.slice(0, word.length > 4 ? -2 : -1);
	return /[^us]s$/.test(word) && hasVowel(word.slice(0, -2)) ? word.slice(0, -1) : word;
}

/** -ed and -ing. */
function step1b(word: string, { r1 }: Regions): string {
	const eed = /eed(?:ly)?$/.exec(word);
	if (eed !== null) return eed.index >= r1 ? word.slice(0, eed.index + 2) : word;
	const base = word.replace(/(?:ed|ing)(?:ly)?$/, "");
	if (base === word || !hasVowel(base)) return word;
	if (/(?:at|bl|iz)$/.test(base)) return `${base}e`;
	if (/(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(base)) return /^[aeo]..$/.test(base) ? base : base.slice(0, -1);
	return r1 >= base.length && endsInShortSyllable(base) ? `${base}e` : base;
}

function step1c(word: string): string {
	return /.[^aeiouy][yY]$/.test(word) ? `${word.slice(0, -1)}i` : word;
}

/** Applies the first rule whose suffix the word has, if that begins at `from` or later. */
function replaceIn(from: number, word: string, rules: readonly Rule[]): string {
	const rule = rules.find(([suffix]) => word.endsWith(suffix));
	if (rule === undefined) return word;
	const [suffix, replacement, before] = rule;
	const start = word.length - suffix.length;
	const base = word.slice(0, start);
	return start >= from && (before === undefined || before.test(base)) ? base + replacement : word;
}

function step3(word: string, { r1, r2 }: Regions): string {
	return word.endsWith("ative") && word.length - 5 >= r1
		? replaceIn(r2, word, [["ative", ""]])
		: replaceIn(r1, word, STEP_3);
}

function step5(word: string, { r1, r2 }: Regions): string {
	const last = word.length - 1;
	if (word.endsWith("ll")) return last >= r2 ? word.slice(0, -1) : word;
	if (!word.endsWith("e")) return word;
	const isDropped = last >= r2 || (last >= r1 && !endsInShortSyllable(word.slice(0, -1)));
	return isDropped ? word.slice(0, -1) : word;
}
