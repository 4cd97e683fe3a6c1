import type { Word } from "./words.ts";

/** A phrase that was found in a message. */
export interface Found {
	/** Its number in the list that was read. */
	phrase: number;
	start: number;
	/** The word after its last one. */
	end: number;
}

/** One place of a phrase: any of these words or steps. */
export interface Place {
	words: Set<string>;
	/** By how they are written. */
	steps: Map<string, Step>;
	isOptional: boolean;
}

export interface Phrase {
	index: number;
	places: readonly Place[];
}

/** Something that is no single word. */
export interface Step {
	/** Where it may end, given where it begins and where its phrase began. */
	ends(reading: Reading, at: number, start: number): readonly number[];
	/** The words that it may begin with; undefined = any. */
	firsts?: ReadonlySet<string>;
}

/** One reading of a message. */
interface Reading {
	words: readonly Word[];
	/** By group, then by word: where a group that was tried there may end. */
	tried: (readonly number[] | undefined)[][];
}

/** Phrases that begin alike. */
interface Beginning {
	phrases: Phrase[];
	/** Made when it is first looked into: most beginnings never are. */
	seconds: Seconds | undefined;
}

/** Phrases that begin alike, by their second word, so that most are never tried. */
interface Seconds {
	byWord: Map<string, Phrase[]>;
	/** Those that end here, or may go on with any word. */
	others: Phrase[];
}

/** Phrases by what they begin with. */
export interface Index {
	byWord: Map<string, Beginning>;
	byStep: Map<string, Beginning & { step: Step }>;
}

/** Where a step ends that does not fit. */
export const NOWHERE: readonly number[] = [];

export function emptyIndex(): Index {
	return { byWord: new Map(), byStep: new Map() };
}

/** Adds a phrase: once for each way in which its first two places may begin. */
export function enter(index: Index, phrase: Phrase): void {
	const [first, second, ...rest] = phrase.places;
	if (first === undefined) return;
	if (first.isOptional) enter(index, { ...phrase, places: phrase.places.slice(1) });
	if (second?.isOptional === true) {
		enter(index, { ...phrase, places: [first, ...rest] });
		enter(index, { ...phrase, places: [first, { ...second, isOptional: false }, ...rest] });
		return;
	}
	for (const word of first.words) entry(index.byWord, word, emptyBeginning).phrases.push(phrase);
	for (const [source, step] of first.steps)
		entry(index.byStep, source, () => ({ ...emptyBeginning(), step })).phrases.push(phrase);
}

function secondsOf(phrases: readonly Phrase[]): Seconds {
	const seconds: Seconds = { byWord: new Map(), others: [] };
	for (const phrase of phrases) {
		const second = phrase.places[1];
		const words = second === undefined ? undefined : firstsOf(second);
		if (words === undefined) seconds.others.push(phrase);
		else for (const word of words) entry(seconds.byWord, word, (): Phrase[] => []).push(phrase);
	}
	return seconds;
}

/** The words that a place may begin with; undefined = any. */
function firstsOf({ words, steps }: Place): ReadonlySet<string> | undefined {
	if (steps.size === 0) return words;
	const all = new Set(words);
	for (const { firsts } of steps.values()) {
		if (firsts === undefined) return undefined;
		for (const word of firsts) all.add(word);
	}
	return all;
}

function emptyBeginning(): Beginning {
	return { phrases: [], seconds: undefined };
}

/** What a map holds by a key; made where it holds nothing yet. */
function entry<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
	const value = map.get(key) ?? make();
	map.set(key, value);
	return value;
}

/** Whatever of an index is in a message. @param most the search ends where so many are found */
export function findAll(index: Index, words: readonly Word[], most = Number.POSITIVE_INFINITY): Found[] {
	const found: Found[] = [];
	const reading: Reading = { words, tried: [] };
	for (let start = 0; start < words.length && found.length < most; start++) tryAt(index, reading, start, start, found);
	return found;
}

function tryAt({ byWord, byStep }: Index, reading: Reading, at: number, start: number, found: Found[]): void {
	const word = reading.words[at]?.text ?? "";
	const plain = byWord.get(word);
	if (plain !== undefined) goOn(plain, reading, at + 1, start, found);
	for (const beginning of byStep.values()) {
		const { firsts } = beginning.step;
		if (firsts !== undefined && !firsts.has(word)) continue;
		for (const end of beginning.step.ends(reading, at, start)) goOn(beginning, reading, end, start, found);
	}
}

function goOn(beginning: Beginning, reading: Reading, at: number, start: number, found: Found[]): void {
	beginning.seconds ??= secondsOf(beginning.phrases);
	const { byWord, others } = beginning.seconds;
	for (const phrase of byWord.get(reading.words[at]?.text ?? "") ?? []) follow(phrase, 1, reading, at, start, found);
	for (const phrase of others) follow(phrase, 1, reading, at, start, found);
}

/** Goes on with a phrase from one of its places on. */
function follow(phrase: Phrase, nth: number, reading: Reading, at: number, start: number, found: Found[]): void {
	const place = phrase.places[nth];
	if (place === undefined) {
		found.push({ phrase: phrase.index, start, end: at });
		return;
	}
	if (place.isOptional) follow(phrase, nth + 1, reading, at, start, found);
	const word = reading.words[at];
	if (word !== undefined && place.words.has(word.text) && (at === start || word.before !== "stop"))
		follow(phrase, nth + 1, reading, at + 1, start, found);
	for (const step of place.steps.values()) {
		for (const end of step.ends(reading, at, start)) follow(phrase, nth + 1, reading, end, start, found);
	}
}

/** Any phrase of an index; tried once at each word. @param id what its tries are kept under */
export function group(index: Index, id: number): Step {
	const firsts = firstsOf({ words: new Set(index.byWord.keys()), steps: stepsOf(index), isOptional: false });
	const ends: Step["ends"] = (reading, at, start) => {
		const word = reading.words[at];
		if (word === undefined || firsts?.has(word.text) === false) return NOWHERE;
		if (at !== start && word.before === "stop") return NOWHERE;
		const tried = reading.tried[id] ?? [];
		reading.tried[id] = tried;
		const known = tried[at] ?? endsOf(index, reading, at);
		tried[at] = known;
		return known;
	};
	return firsts === undefined ? { ends } : { ends, firsts };
}

function stepsOf({ byStep }: Index): Map<string, Step> {
	return new Map([...byStep].map(([source, { step }]) => [source, step]));
}

function endsOf(index: Index, reading: Reading, at: number): readonly number[] {
	const found: Found[] = [];
	tryAt(index, reading, at, at, found);
	return found.length === 0 ? NOWHERE : [...new Set(found.map(({ end }) => end))];
}
