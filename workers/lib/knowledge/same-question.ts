import type { CuratedRules } from "./rules.ts";
import type { FoundPassage } from "./search.ts";
import { isSearched, terms, words } from "./terms.ts";
import type { WholeEntry } from "./whole.ts";

/**
 * Words that ask for the very same thing in any question. Closer than the table of synonyms, which leads from "cancel" to
 * "reschedule" and from "open" to "Sunday": good for finding, and wrong for taking one question for another.
 */
const EQUALS = termSets(`
	kid kids child children
	cost costs price prices fee fees charge charges
	phone telephone
	mail email
	doctor physician
	appointment booking
	car auto
	bike bicycle
	address location located situated
	wifi wlan wireless
	bill invoice
	pic picture photo image
`);
/** Words that add nothing to what is asked. */
const FILLERS = new Set(
	terms(`question questions ask asking tell wonder wondering info information like love want curious find looking explain hi help give
	provide details detail currently sir madam exact exactly actually generally normally usually`),
);
/** What kind of answer a question wants, by its words; the first that is there counts. */
const KINDS: readonly [string, RegExp][] = [
	["how much", /\bhow much\b|\bcosts?\b|\bprices?\b|\bfees?\b/],
	["how long", /\bhow long\b/],
	["how many", /\bhow (?:many|often)\b/],
	["when", /\bwhen\b|\bwhat time\b|\bhours\b/],
	["where", /\bwhere\b|\baddress\b|\blocation\b/],
	["who", /\b(?:who|whom|whose)\b/],
	["why", /\bwhy\b/],
	["which", /\bwhich\b/],
	["how", /\bhow\b/],
	["what", /\bwhat\b/],
	["whether", /^(?:do|does|did|can|could|is|are|am|was|were|will|would|should|may|must|have|has)\b/],
];
const NO_KIND = "";
/** Words that only say what the kind says already. */
const IMPLIED: ReadonlyMap<string, ReadonlySet<string>> = new Map([
	["how much", new Set(terms("cost price fee charge"))],
	["when", new Set(terms("hours time"))],
	["where", new Set(terms("address location located situated"))],
]);
/** Who speaks of themselves tells something as often as they ask. */
const TELLING = /\b(?:i|we|me|us|my|our)\b/;
/** A question with one of these asks for the opposite, or for an exception. */
const TURNING =
	/\b(?:not|no|never|none|without|except|unless|instead|only|cannot|cant|dont|doesnt|isnt|wont|stop|avoid|besides|\w+n['’]t)\b/;
/** A message that points at something said before asks about that. */
const POINTING =
	/\b(?:it|its|this|that|these|those|them|they|there|one|ones|same|other|another|else|also|he|she|his|her)\b/;
/** Everyday words that no search asks for, and that make another question of one: to eat before or after it, to log in or out. */
const DECIDING = new Set("before after again more most off out over up ever every".split(" "));
/** What has to be done is not what may be done. */
const OBLIGING = /\b(?:need(?:s|ed)?|must|should|ought|required|mandatory|ha(?:ve|s|ving) to)\b/;
/** To whom it is done: "Will you call me?" is not "Can I call you?". */
const TO_ASKER = /\b(?:me|us)\b/;
const ASKING_TO_BE_TOLD = /\b(?:tell|show|give|help|let) (?:me|us)\b/g;
/** What a pair of equal words counts beside the same word twice. */
const EQUAL_WEIGHT = 0.9;

/**
 * How nearly two questions ask the same, 0 to 100: the share of all their telling words that stand in both, in the same order. 0 where
 * they want another kind of answer (when, where, whether …), where one of them turns the question round (not, after, out, must), or
 * points at what only a conversation tells. It is meant to miss: a wrong answer in the owner's name is worse than asking the model.
 */
export function sameness(asked: string, known: string): number {
	const [one, other] = [asked, known].map((text) => text.toLowerCase().replace(ASKING_TO_BE_TOLD, ""));
	if (one === undefined || other === undefined || decisionsOf(one) !== decisionsOf(other)) return 0;
	if (POINTING.test(one) && !POINTING.test(other)) return 0;
	const [kind, otherKind] = [kindOf(one), kindOf(other)];
	if (kind === otherKind) return shared(telling(terms(one), kind), telling(terms(other), kind));
	// A few words without a question word ask what the other asks, where they are the very same words.
	if (kind !== NO_KIND || TELLING.test(one)) return 0;
	const [said, title] = [one, other].map((text) => telling(words(text).filter(isSearched), kind));
	return said !== undefined && said.size > 1 ? shared(said, title ?? new Set()) : 0;
}

/**
 * The curated answer, of those that were read for a message, to a question that asks the same in other words, if there is one that
 * stands out. Its content is all of it.
 */
export function answerInOtherWords(
	message: string,
	whole: readonly WholeEntry[],
	found: readonly FoundPassage[],
	{ leastScore, leastMargin }: CuratedRules,
): WholeEntry | undefined {
	const answers = [
		...whole.filter(({ kind }) => kind === "answer"),
		...found.flatMap((passage) => (passage.answer === null ? [] : [{ ...passage, content: passage.answer }])),
	];
	// A passage for each part of an answer, of which one is enough.
	const scores = new Map(answers.map((entry) => [entry.knowledgeId, { entry, score: sameness(message, entry.title) }]));
	const [best, rival] = [...scores.values()].sort((one, other) => other.score - one.score);
	if (best === undefined || best.score < leastScore) return undefined;
	return best.score - (rival?.score ?? 0) >= leastMargin ? best.entry : undefined;
}

/** What of a question decides between yes and no, or for whom, and is in no telling word. */
function decisionsOf(text: string): string {
	const flags = [TURNING, OBLIGING, TO_ASKER].map((pattern) => pattern.test(text));
	return [...flags, ...words(text).filter((word) => DECIDING.has(word))].join(" ");
}

/** The share of the words of both that stand in both in the same order, 0 to 100: what is better than what, and who sees whom, is told by it. */
function shared(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
	let rest = [...right];
	let missed = 0;
	let sum = 0;
	for (const term of left) {
		const at = rest.findIndex((candidate) => candidate === term || EQUALS.get(term)?.has(candidate) === true);
		const match = rest[at];
		if (match === undefined) continue;
		missed += at;
		rest = rest.slice(at + 1);
		sum += match === term ? 1 : EQUAL_WEIGHT;
	}
	const all = left.size + missed + rest.length;
	return left.size === 0 || all === 0 ? 0 : Math.round((100 * sum) / all);
}

function kindOf(text: string): string {
	return KINDS.find(([, pattern]) => pattern.test(text))?.[0] ?? NO_KIND;
}

function telling(all: readonly string[], kind: string): Set<string> {
	return new Set(all.filter((term) => !FILLERS.has(term) && IMPLIED.get(kind)?.has(term) !== true));
}

function termSets(lines: string): Map<string, ReadonlySet<string>> {
	const sets = new Map<string, ReadonlySet<string>>();
	for (const line of lines.trim().split("\n")) {
		const set = new Set(terms(line));
		for (const term of set) sets.set(term, set);
	}
	return sets;
}
