import type { Lane } from "./lane.ts";
import type { Word } from "./words.ts";
import type { SafetyClass } from "../site/safeguards.ts";
import type { Rule, Tier, Time } from "./rules.ts";

/** So many words before a phrase a supposition still holds. */
const SUPPOSED_WORDS = 8;
/** So many words back the one who speaks or is spoken of is looked for. */
const SUBJECT_WORDS = 12;
/** So many words may stand between somebody's saying and what is said. */
const SAID_WORDS = 4;

/** A phrase of a rule, found in a message. */
export interface Hit {
	rule: Rule;
	start: number;
	/** The word after its last one. */
	end: number;
}

/** A sentence, as far as it tells whether its phrases count. */
interface Sentence {
	words: Set<string>;
	times: Set<Time>;
}

/** Of these even what is long over may still weigh on somebody. */
const LASTING: readonly SafetyClass[] = ["self_harm", "abuse"];

/**
 * What tells how a phrase is meant. Tier 1 = as its rule has it: here and now, of the writer or, in an emergency, of somebody at
 * their side. Tier 2 = of somebody else, supposed, or over. undefined = it is denied, asked about, quoted from a form, or long over.
 * @param all every word
 * @param words the same without fillers: what hits are numbered by
 */
export function meaningOf(lane: Lane, all: readonly Word[], words: readonly Word[]): (hit: Hit) => Tier | undefined {
	const message: Message = {
		lane,
		words,
		sentences: sentencesOf(lane, all),
		undone: undoneAt(lane, words),
		quoted: quotationsOf(words),
		said: new Set(all.map(({ text }) => text)),
		isAsking: lane.asking.isIn(words),
	};
	return (hit) => {
		const tier = isTakenBack(message, hit) ? undefined : tierOfHit(message, hit);
		return tier === 1 && !isHereAndOwn(message, hit) ? 2 : tier;
	};
}

/** A message, as far as it tells what is meant. */
interface Message {
	lane: Lane;
	words: readonly Word[];
	sentences: ReadonlyMap<number, Sentence>;
	undone: ReadonlySet<number>;
	quoted: readonly (number | undefined)[];
	said: ReadonlySet<string>;
	/** It asks what to do. */
	isAsking: boolean;
}

/** Whether a phrase is denied, asked about, or quoted from somewhere. */
function isTakenBack({ lane, words, undone, quoted, said }: Message, { rule, start }: Hit): boolean {
	if (rule.only?.some((word) => said.has(word)) === false || undone.has(start)) return true;
	const quotation = quoted[start];
	return quotation !== undefined && isMentioned(lane, words, rule, quotation);
}

function tierOfHit({ words, sentences }: Message, { rule, start }: Hit): Tier | undefined {
	const sentence = sentences.get(words[start]?.sentence ?? 0);
	const byTime = sentence === undefined ? undefined : tierByTime(rule, sentence);
	return byTime === undefined ? undefined : (rule.tier ?? byTime);
}

/** Whether a phrase is no supposition, and where that matters the writer's own. */
function isHereAndOwn({ lane, words, isAsking }: Message, hit: Hit): boolean {
	if (isSupposed(lane, words, hit.start)) return false;
	// What to do about a tooth the practice's own texts say best.
	if (hit.rule.class === "dental_emergency") return !isAsking;
	return hit.rule.class !== "self_harm" || isOwn(lane, words, hit);
}

function sentencesOf({ times }: Lane, all: readonly Word[]): Map<number, Sentence> {
	const sentences = new Map<number, Sentence>();
	for (const { text, sentence } of all) {
		const known = sentences.get(sentence);
		if (known === undefined) sentences.set(sentence, { words: new Set([text]), times: new Set() });
		else known.words.add(text);
	}
	for (const { phrase, start } of times.phrases.in(all)) {
		const time = times.labels[phrase];
		if (time !== undefined) sentences.get(all[start]?.sentence ?? 0)?.times.add(time);
	}
	return sentences;
}

/** How a rule counts in a sentence, by when that is; undefined = not at all. What has just happened is not over, whatever else is told of. */
function tierByTime({ class: name, not = [], needs, unless = [] }: Rule, { words, times }: Sentence): Tier | undefined {
	if (unless.some((word) => words.has(word))) return undefined;
	if (needs?.some((time) => times.has(time)) === false) return undefined;
	const isOver = not.some((time) => times.has(time));
	if (!isOver || (needs === undefined && (times.has("now") || times.has("recent")))) return 1;
	return !times.has("past") || LASTING.includes(name) ? 2 : undefined;
}

/** The words whose clause is taken back by what stands right before. */
function undoneAt({ undoing }: Lane, words: readonly Word[]): Set<number> {
	const ends = undoing.in(words).map(({ end }) => end);
	return new Set(ends.filter((end) => words[end]?.before === "nothing"));
}

/** For each quoted word the first one of its quotation. A message that is one quotation is the writer's own. */
function quotationsOf(words: readonly Word[]): (number | undefined)[] {
	if (words.every(({ isQuoted }) => isQuoted)) return [];
	const firsts: (number | undefined)[] = [];
	for (const [at, { isQuoted }] of words.entries()) firsts.push(isQuoted ? (firsts[at - 1] ?? at) : undefined);
	return firsts;
}

/** Whether a clause hangs on an `if`. */
function isSupposed({ supposing, doubting, resuming }: Lane, words: readonly Word[], start: number): boolean {
	for (let at = start; at > 0 && at > start - SUPPOSED_WORDS; at--) {
		if (words[at]?.before !== "nothing") return false;
		const text = words[at - 1]?.text ?? "";
		if (supposing.has(text)) return at === start || !doubting.has(words[at - 2]?.text ?? "");
		if (resuming.has(text)) return false;
	}
	return false;
}

/** Whether a phrase is about the writer, and said by them. */
function isOwn(lane: Lane, words: readonly Word[], { start, end }: Hit): boolean {
	const namesWriter = words.slice(start, end).some(({ text }) => lane.own.has(text));
	if (!namesWriter && subjectBefore(lane, words, start) === "other") return false;
	return saidBefore(lane, words, start) !== "other";
}

/** Of whom the words right before one speak. */
function subjectBefore({ own, others }: Lane, words: readonly Word[], start: number): "own" | "other" | "nobody" {
	for (let at = start; at > 0 && at > start - SUBJECT_WORDS; at--) {
		if (words[at]?.before !== "nothing") break;
		const text = words[at - 1]?.text ?? "";
		if (others.has(text)) return "other";
		if (own.has(text)) return "own";
	}
	return "nobody";
}

/** Who says what begins at a word, where somebody is said to. */
function saidBefore(lane: Lane, words: readonly Word[], start: number): "own" | "other" | "nobody" {
	let at = start - 1;
	while (at > start - SAID_WORDS && lane.afterSaying.has(words[at]?.text ?? "")) at--;
	const verb = words[at]?.text ?? "";
	if (lane.thinking.has(verb)) return subjectBefore(lane, words, at) === "other" ? "other" : "own";
	if (!lane.saying.has(verb)) return "nobody";
	return subjectBefore(lane, words, at) === "own" ? "own" : "other";
}

/** Whether a quotation is somebody's or something's, and not the writer's own. What a person cries out counts as an emergency. */
function isMentioned(lane: Lane, words: readonly Word[], { class: name }: Rule, first: number): boolean {
	const speaker = saidBefore(lane, words, first);
	return speaker !== "own" && (name === "self_harm" || speaker === "nobody");
}
