import type { SafetyClass } from "../site/safeguards.ts";

/** 1 = plain words, of here and now; 2 = hints, what is over, supposed, or somebody else's. */
export type Tier = 1 | 2;

export type Language = "en" | "es";

/** When something is said to be: `past` is over for long, `earlier` since some days, `recent` since some hours, `now` at this moment, `habit` now and then. */
export type Time = "past" | "earlier" | "recent" | "now" | "habit";

/** Alternatives by name, each a phrase itself. */
export type Groups = Readonly<Record<string, readonly string[]>>;

/** Phrases (see `readPhrases`) that say: here, now, and about oneself or a person at one's side; those of tier 2 hint at it. */
export interface Rule {
	class: SafetyClass;
	/** 2 = it is a hint, whatever stands around it; absent = what stands around it decides. */
	tier?: 2;
	phrases: readonly string[];
	/** It does not count in a sentence that says one of these, unless it tells of now as well. */
	not?: readonly Time[];
	/** It counts only in a sentence that says one of these. */
	needs?: readonly Time[];
	/** It does not count in a sentence with one of these words. */
	unless?: readonly string[];
	/** It counts only in a message with one of these words. */
	only?: readonly string[];
	/** No figure of speech silences it. */
	isLiteral?: true;
}

/** The rules of a language. All words are written as `piecesOf` gives them: small, without accents or apostrophes. */
export interface RuleBook {
	language: Language;
	/** Day of the last change, so that a score can name what it was measured with. */
	version: string;
	rules: readonly Rule[];
	groups: Groups;
	/** Figures of speech and everyday matters of a practice: looked for first, their words then say nothing else. */
	figures: readonly string[];
	grammar: Grammar;
}

/** Words with a space between, on as many lines as it takes. */
export type WordList = readonly string[];

/** What a language does to a phrase that stands in it. */
export interface Grammar {
	/** By what is meant: short, slangy and wrong spellings of it, with a space between. */
	spellings: Readonly<Record<string, string>>;
	/** Words that nearly every message holds: of the words of a phrase the others are looked for first. They change no verdict. */
	everyday: WordList;
	/** Long words that no other word resembles: one wrong letter in them is overlooked. */
	distinctive: WordList;
	/** Words that are passed over wherever they stand. */
	fillers: WordList;
	/** Words that join clauses. */
	joining: WordList;
	/** Words that a clause may follow at once. */
	calling: WordList;
	/** Words by which a speaker means themselves. */
	own: WordList;
	/** Words by which a speaker means somebody else. */
	others: WordList;
	/** Phrases that ask what to do. */
	asking: readonly string[];
	/** Phrases right before one of a rule that take it back: a denial, a question, a form that is quoted. */
	undoing: readonly string[];
	/** Words that deny: no gap of a phrase reaches over one. */
	denying: WordList;
	/** Words that make what follows in their clause a supposition. */
	supposing: WordList;
	/** Words after which one of these is a doubt about the next thing, not a supposition of all that follows. */
	doubting: WordList;
	/** Words that end a supposition. */
	resuming: WordList;
	/** Words by which somebody is quoted. */
	saying: WordList;
	/** Words by which somebody is quoted only where another one thinks. */
	thinking: WordList;
	/** Words that may stand between one of these and what is quoted. */
	afterSaying: WordList;
	/** Phrases that tell when. */
	times: Readonly<Record<Time, readonly string[]>>;
}
