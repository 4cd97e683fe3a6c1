import type { Groups } from "./rules.ts";
import { emptyIndex, enter, findAll, group } from "./search.ts";
import type { Found, Place, Step } from "./search.ts";
import { CLOSING, OPENING, gap, number } from "./steps.ts";
import type { Word } from "./words.ts";

/** A list of phrases, ready to be looked for. */
export interface Phrases {
	/** Everything that is found; a phrase that may end in two places is found twice. */
	in(words: readonly Word[]): Found[];
	/** Whether anything is found. */
	isIn(words: readonly Word[]): boolean;
	/** Every word that a phrase names. */
	vocabulary: Set<string>;
}

/**
 * Reads phrases written as words with a space between. `a|b` is either, `a?` may be missing, `<name>` is any phrase of that group,
 * `*3` are up to three words of any kind but barred ones, `#10` is a number from 10, `^` is where a clause begins and `$` where
 * one ends. No phrase reaches over the end of a sentence. What trying one costs is bounded by the phrase, whatever the message.
 */
export function readPhrases(list: readonly string[], groups: Groups, barred: ReadonlySet<string>): Phrases {
	const vocabulary = new Set<string>();
	const known = new Map<string, Step>();
	const groupOf = (name: string): Step => {
		const members = groups[name];
		if (members === undefined) throw new Error(`There is no group <${name}>.`);
		const made = known.get(name);
		if (made !== undefined) return made;
		const index = emptyIndex();
		for (const member of members) enter(index, { index: 0, places: placesOf(member) });
		const step = group(index, known.size);
		known.set(name, step);
		return step;
	};
	const stepOf = (source: string): Step | undefined => {
		if (source === "^") return OPENING;
		if (source === "$") return CLOSING;
		if (source.startsWith("*")) return gap(Number(source.slice(1)), barred);
		if (source.startsWith("#")) return number(Number(source.slice(1)));
		return source.startsWith("<") ? groupOf(source.slice(1, -1)) : undefined;
	};
	const places = new Map<string, Place>();
	const placeOf = (source: string): Place => {
		const isOptional = source.endsWith("?");
		const place: Place = { words: new Set(), steps: new Map(), isOptional };
		for (const either of (isOptional ? source.slice(0, -1) : source).split("|")) {
			const step = stepOf(either);
			if (step !== undefined) place.steps.set(either, step);
			else {
				place.words.add(either);
				vocabulary.add(either);
			}
		}
		places.set(source, place);
		return place;
	};
	const placesOf = (source: string): Place[] => source.split(" ").map((place) => places.get(place) ?? placeOf(place));
	const root = emptyIndex();
	for (const [index, source] of list.entries()) enter(root, { index, places: placesOf(source) });
	return {
		vocabulary,
		in: (words) => findAll(root, words),
		isIn: (words) => findAll(root, words, 1).length > 0,
	};
}
