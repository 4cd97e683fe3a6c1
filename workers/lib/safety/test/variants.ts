import type { Grammar, Groups } from "../rules.ts";

/** A row of numbers from 0 to 1 that is the same at every run. */
export function createRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

const DIGITS: Readonly<Record<string, string>> = { o: "0", i: "1", l: "1", e: "3", a: "4", s: "5", t: "7" };

/** Ways in which a whole message is typed. */
const WHOLE: readonly ((message: string) => string)[] = [
	(message) => message,
	(message) => message.toUpperCase(),
	(message) => [...message].join("\u200b"),
	(message) => message.normalize("NFD"),
	(message) => message.replace(/ /g, "\u00a0 "),
	(message) => message.replace(/ /g, "."),
	(message) => [...message].filter((char) => char !== " ").join(" "),
	(message) => message.replace(/[oilseat]/gi, (letter) => DIGITS[letter.toLowerCase()] ?? letter),
	(message) => message.replace(/[aeiou]/gi, "$&$&$&"),
	(message) => message.replace(/[a-z]/gi, "$&$&"),
	(message) => message.replace(/[a-z]/g, (letter) => String.fromCodePoint(0x1d4d0 + 26 + letter.charCodeAt(0) - 97)),
	(message) => message.replace(/a/g, "а").replace(/e/g, "е").replace(/o/g, "о").replace(/i/g, "і"),
	(message) => message.replace(/\p{L}+/gu, "*$&*"),
];

/** Ways in which one word is typed, wrong ones among them, each at a letter of it. */
const WORD: readonly ((word: string, at: number) => string)[] = [
	(word, at) => word.slice(0, at) + word.slice(at + 1),
	(word, at) => `${word.slice(0, at)}x${word.slice(at)}`,
	(word, at) => `${word.slice(0, at)}x${word.slice(at + 1)}`,
	(word, at) =>
		word.slice(0, at) +
		word
			.slice(at, at + 2)
			.split("")
			.reverse()
			.join("") +
		word.slice(at + 2),
	(word, at) => word.slice(0, at) + word.charAt(at) + word.slice(at),
	(word, at) => word.slice(0, at) + (DIGITS[word.charAt(at)] ?? "*") + word.slice(at + 1),
	(word) => [...word].join(" "),
	(word) => [...word].join("\u2060"),
];

/** A message as it may be typed: some ways of the whole, and each of its words in some other way. */
export function* variantsOf(message: string, grammar: Grammar, random: () => number): Generator<string> {
	for (const typed of WHOLE) yield typed(message);
	const words = message.split(" ");
	const change = (index: number, word: string): string => words.with(index, word).join(" ");
	for (const [index, word] of words.entries()) {
		const at = Math.floor(random() * word.length);
		for (const typed of WORD) yield change(index, typed(word, at));
	}
	for (const [meaning, spellings] of Object.entries(grammar.spellings)) {
		const parts = ` ${message.toLowerCase()} `.split(` ${meaning} `);
		if (parts.length === 1) continue;
		for (const spelling of spellings.split(" ")) yield parts.join(` ${spelling} `).trim();
	}
}

/** Messages of nothing but a phrase of the rules: each of its alternatives is in one, the rest of it as chance has it. */
export function messagesOf(phrase: string, groups: Groups, random: () => number): string[] {
	const one = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? "";
	const say = (either: string): string => {
		if (either.startsWith("<")) return sayAll(one(groups[either.slice(1, -1)] ?? []));
		if (either.startsWith("#")) return either.slice(1);
		return /^[*^$]/.test(either) ? "" : either;
	};
	const alternatives = (place: string): string[] => place.replace(/\?$/, "").split("|");
	const sayPlace = (place: string): string =>
		place.endsWith("?") && random() < 0.5 ? "" : say(one(alternatives(place)));
	const sayAll = (source: string): string => source.split(" ").map(sayPlace).join(" ").replace(/ +/g, " ").trim();
	const places = phrase.split(" ");
	return places.flatMap((place, index) =>
		alternatives(place).map((either) =>
			places
				.map((other, at) => (at === index ? say(either) : sayPlace(other)))
				.join(" ")
				.replace(/ +/g, " ")
				.trim(),
		),
	);
}
