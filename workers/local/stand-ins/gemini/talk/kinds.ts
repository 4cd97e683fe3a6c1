/** What a question asks for beyond its subject. */
interface AskedKind {
	/** Finds it in a text that tells it. */
	tells: RegExp;
	/** The question without the words that ask for it. */
	rest: string;
}

/** A passage on the subject that does not tell what is asked for is no answer: a list of treatments gives no price. */
const KINDS: readonly { asks: RegExp; tells: RegExp }[] = [
	{
		asks: /\bhow (?:much|expensive)\b|\b(?:costs?|prices?|fees?)\b/gi,
		tells: /\d\s?(?:dollars|euros?|usd)\b|[$€]|\b(?:free|costs?|prices?|fees?|charges?d?)\b/i,
	},
	{
		asks: /\bhow long\b|\btake minutes\b|\bminutes take\b|^minutes\b/gi,
		tells: /\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b/i,
	},
	{
		asks: /\bwhere (?:are|is)\b|^where address\b|\baddress\b/gi,
		tells: /\b(?:street|road|avenue|square|building|floor|next to|opposite)\b/i,
	},
	{ asks: /\b(?:last|next) (?:year|month|week)\b/gi, tells: /\b(?:last|next) (?:year|month|week)\b/i },
];

export function kindOf(question: string): AskedKind | undefined {
	// A global pattern remembers where it stopped: it only ever replaces.
	const kinds = KINDS.map(({ asks, tells }) => ({ tells, rest: question.replace(asks, " ") }));
	return kinds.find(({ rest }) => rest !== question);
}
