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

/** Phrases that begin alike, by their second word, so that most are never tried. */
interface Beginning {
	byWord: Map<string, Phrase[]>;
	/** Those that end here, or may go on with any word. */
	others: Phrase[];
}

/** Phrases by what they begin with. */
export interface Index {
	byWord: Map<string, Beginning>;
	byStep: Map<string, Beginning & { step: Step }>;
}

const NOWHERE: readonly number[] = [];

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
	const words = second === undefined ? undefined : firstsOf(second);
	const put = ({ byWord, others }: Beginning): void => {
		if (words === undefined) others.push(phrase);
		else for (const word of words) entry(byWord, word, (): Phrase[] => []).push(phrase);
	};
	for (const word of first.words) put(entry(index.byWord, word, emptyBeginning));
	for (const [source, step] of first.steps) put(entry(index.byStep, source, () => ({ ...emptyBeginning(), step })));
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
	return { byWord: new Map(), others: [] };
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

function goOn({ byWord, others }: Beginning, reading: Reading, at: number, start: number, found: Found[]): void {
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

/** Where a clause begins. */
export const OPENING: Step = { ends: ({ words }, at) => (words[at]?.opens === true ? [at] : NOWHERE) };

/** Where a clause ends. */
export const CLOSING: Step = {
	ends({ words }, at) {
		const next = words[at];
		return next === undefined || next.before !== "nothing" || next.joins ? [at] : NOWHERE;
	},
};

/** Words of any kind but barred ones, as many as `most` or fewer. */
export function gap(most: number, barred: ReadonlySet<string>): Step {
	return {
		ends({ words }, at) {
			const ends = [at];
			for (let end = at; end < at + most; end++) {
				const word = words[end];
				if (word === undefined || word.text === "" || word.before === "stop" || barred.has(word.text)) break;
				ends.push(end + 1);
			}
			return ends;
		},
	};
}

/** A number from `least` on. */
export function number(least: number): Step {
	return {
		ends({ words }, at) {
			const text = words[at]?.text ?? "";
			return /^\d{1,4}$/.test(text) && Number(text) >= least ? [at + 1] : NOWHERE;
		},
	};
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
