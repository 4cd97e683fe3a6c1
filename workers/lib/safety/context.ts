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

/** So many words before and after a phrase still tell of it: a long message may be typed without any full stop. */
const NEAR_WORDS = 12;

/** A phrase of a rule, found in a message. */
export interface Hit {
	rule: Rule;
	start: number;
	/** The word after its last one. */
	end: number;
}

/** What stands around a phrase, as far as it tells whether that counts. */
interface Around {
	words: Set<string>;
	times: Set<Time>;
}

/** When something is said to be, and at which of all words that is said. */
interface Timed {
	time: Time;
	at: number;
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
		all,
		times: timesIn(lane, all),
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
	all: readonly Word[];
	times: readonly Timed[];
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

function tierOfHit(message: Message, hit: Hit): Tier | undefined {
	const { rule } = hit;
	const byTime = tierByTime(rule, around(message, hit));
	return byTime === undefined ? undefined : (rule.tier ?? byTime);
}

/** Whether a phrase is no supposition, and where that matters the writer's own. */
function isHereAndOwn({ lane, words, isAsking }: Message, hit: Hit): boolean {
	if (isSupposed(lane, words, hit.start)) return false;
	// What to do about a tooth the practice's own texts say best.
	if (hit.rule.class === "dental_emergency") return !isAsking;
	return hit.rule.class !== "self_harm" || isOwn(lane, words, hit);
}

function timesIn({ times }: Lane, all: readonly Word[]): Timed[] {
	return times.phrases.in(all).flatMap(({ phrase, start }) => {
		const time = times.labels[phrase];
		return time === undefined ? [] : [{ time, at: start }];
	});
}

/** What of a phrase's sentence is near it. */
function around({ all, words, times }: Message, { start, end }: Hit): Around {
	const sentence = words[start]?.sentence;
	const from = (words[start]?.at ?? 0) - NEAR_WORDS;
	const to = (words[end - 1]?.at ?? 0) + NEAR_WORDS;
	const near = all.slice(Math.max(from, 0), to + 1).filter((word) => word.sentence === sentence);
	const told = times.filter(({ at }) => at >= from && at <= to && all[at]?.sentence === sentence);
	return { words: new Set(near.map(({ text }) => text)), times: new Set(told.map(({ time }) => time)) };
}

/**
 * How a rule counts by what stands around it; undefined = not at all. What has just happened is not over, whatever else is told of; only
 * a tooth that came out long ago is, whatever has become of it by now.
 */
function tierByTime({ class: name, not = [], needs, unless = [] }: Rule, { words, times }: Around): Tier | undefined {
	if (unless.some((word) => words.has(word))) return undefined;
	if (needs?.some((time) => times.has(time)) === false) return undefined;
	const isOver = not.some((time) => times.has(time));
	if (!isOver) return 1;
	if (needs === undefined && (times.has("now") || times.has("recent")))
		return name === "dental_emergency" && times.has("past") ? 2 : 1;
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
