import { readPhrases } from "./phrases.ts";
import type { Phrases } from "./phrases.ts";
import type { Rule, RuleBook, Time } from "./rules.ts";
import { createReader, wordSet } from "./words.ts";
import type { Reader } from "./words.ts";

/** Phrases, and by their number what each stands for. */
interface Labelled<Label> {
	phrases: Phrases;
	labels: readonly Label[];
}

/** A book of rules, made ready for reading messages. */
export interface Lane {
	book: RuleBook;
	reader: Reader;
	rules: Labelled<Rule>;
	/** Some rule is literal. */
	hasLiteral: boolean;
	times: Labelled<Time>;
	figures: Phrases;
	asking: Phrases;
	undoing: Phrases;
	own: Set<string>;
	others: Set<string>;
	supposing: Set<string>;
	doubting: Set<string>;
	resuming: Set<string>;
	saying: Set<string>;
	thinking: Set<string>;
	afterSaying: Set<string>;
}

export function createLane(book: RuleBook): Lane {
	const { grammar, groups } = book;
	const read = (phrases: readonly string[]): Phrases => readPhrases(phrases, groups, wordSet(grammar.denying));
	const label = <Label>(lists: readonly (readonly [Label, readonly string[]])[]): Labelled<Label> => ({
		phrases: read(lists.flatMap(([, phrases]) => phrases)),
		labels: lists.flatMap(([name, phrases]) => phrases.map(() => name)),
	});
	const rules = label(book.rules.map((rule) => [rule, rule.phrases] as const));
	const { past, earlier, recent, now, habit } = grammar.times;
	const times = label<Time>([
		["past", past],
		["earlier", earlier],
		["recent", recent],
		["now", now],
		["habit", habit],
	]);
	const figures = read(book.figures);
	const asking = read(grammar.asking);
	const undoing = read(grammar.undoing);
	const sets = {
		own: wordSet(grammar.own),
		others: wordSet(grammar.others),
		supposing: wordSet(grammar.supposing),
		doubting: wordSet(grammar.doubting),
		resuming: wordSet(grammar.resuming),
		saying: wordSet(grammar.saying),
		thinking: wordSet(grammar.thinking),
		afterSaying: wordSet(grammar.afterSaying),
	};
	const named = [rules.phrases, times.phrases, figures, asking, undoing].map(({ vocabulary }) => vocabulary);
	const known = [...named, ...Object.values(sets)].flatMap((words) => [...words]);
	return {
		book,
		reader: createReader(grammar, new Set(known)),
		rules,
		hasLiteral: book.rules.some(({ isLiteral }) => isLiteral),
		times,
		figures,
		asking,
		undoing,
		...sets,
	};
}
