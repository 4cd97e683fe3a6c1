import { terms } from "./terms.ts";
import { codePoints } from "../text/text.ts";

/** Code points. */
const PASSAGE_MAX_CHARS = 700;
/** Code points. */
const HEADING_MAX_CHARS = 80;
/** How many times a term of the title counts beside one of the text. */
const TITLE_WEIGHT = 2;
// Okapi BM25 (Robertson and Zaragoza, 2009): how soon repeating a term stops to count, how much length does, and the
// length, in terms, that counts as usual. That is a constant: a passage's weights must not depend on other passages.
const K1 = 1.2;
const B = 0.75;
const USUAL_TERMS = 50;

/** Where a text may be cut, the best places first, and what stands there in a passage. */
const CUTS: readonly { at: RegExp; joint: string }[] = [
	{ at: /\n\s*\n/, joint: "\n\n" },
	{ at: /\n/, joint: "\n" },
	{ at: /(?<=[.!?…])\s+|(?<=[。！？])/, joint: " " },
	{ at: /\s+/, joint: " " },
];

/** A piece of a text, found by the search and shown to the model by itself. */
export interface Passage {
	/** At most 700 code points. */
	content: string;
	/** What finding a term in it counts; the title's terms are in each passage. Before the rarity of the term, which only the query knows. */
	weights: ReadonlyMap<string, number>;
}

/** The passages of an article or a curated answer, in order; at least one. */
export function passagesOf(title: string, body: string): Passage[] {
	const titleTerms = terms(title);
	const contents = cut(body.replaceAll("\r\n", "\n"), 0);
	return (contents.length > 0 ? contents : [""]).map((content) => ({
		content,
		weights: weightsOf(titleTerms, terms(content)),
	}));
}

function weightsOf(titleTerms: string[], bodyTerms: string[]): Map<string, number> {
	const frequencies = new Map<string, number>();
	for (const term of bodyTerms) frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
	for (const term of titleTerms) frequencies.set(term, (frequencies.get(term) ?? 0) + TITLE_WEIGHT);
	const norm = K1 * (1 - B + (B * bodyTerms.length) / USUAL_TERMS);
	return new Map(
		[...frequencies].map(([term, frequency]) => [term, rounded((frequency * (K1 + 1)) / (frequency + norm))]),
	);
}

/** Three digits are plenty, and half the bytes on their way. */
function rounded(weight: number): number {
	return Math.round(weight * 1000) / 1000;
}

function cut(text: string, level: number): string[] {
	const place = CUTS[level];
	if (place === undefined) return text.match(new RegExp(`.{1,${PASSAGE_MAX_CHARS}}`, "gsu")) ?? [];
	const parts = text.split(place.at).map((part) => part.trim());
	const blocks = pack(level === 0 ? withHeadings(parts) : parts, place.joint);
	return blocks.flatMap((block) => (isShort(block) ? [block] : cut(block, level + 1)));
}

/** A heading goes with what follows it. */
function withHeadings(paragraphs: string[]): string[] {
	const joined: string[] = [];
	let heading = "";
	for (const paragraph of paragraphs) {
		const text = heading + paragraph;
		heading = isHeading(text) ? `${text}\n` : "";
		if (heading === "") joined.push(text);
	}
	return heading === "" ? joined : [...joined, heading.trim()];
}

function isHeading(text: string): boolean {
	return text !== "" && text.length <= HEADING_MAX_CHARS && !/[.!?…。！？,;]$/.test(text);
}

/** Joins neighbours as long as they make no passage too long. */
function pack(parts: string[], joint: string): string[] {
	const packed: string[] = [];
	for (const part of parts) {
		const last = packed.at(-1);
		const joined = last === undefined ? part : last + joint + part;
		if (last !== undefined && isShort(joined)) packed[packed.length - 1] = joined;
		else if (part !== "") packed.push(part);
	}
	return packed;
}

function isShort(text: string): boolean {
	return (
		text.length <= PASSAGE_MAX_CHARS || (text.length <= 2 * PASSAGE_MAX_CHARS && codePoints(text) <= PASSAGE_MAX_CHARS)
	);
}
