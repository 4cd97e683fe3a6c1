/** A second sentence of the passage has to fit so well beside the first. */
const SECOND_SHARE = 0.6;

/** The best sentence, and where one beside it fits nearly as well that one too, in their order. */
export function bestSentences(content: string, rate: (sentence: string) => number): string[] {
	const sentences = content.split(/(?<=[.!?…])\s+|\n+/).filter((sentence) => sentence.trim() !== "");
	const rated = sentences.map((sentence, index) => ({ sentence, index, rating: rate(sentence) }));
	const best = rated.reduce(
		(one, other) => (other.rating > one.rating ? other : one),
		rated[0] ?? { index: 0, rating: 0 },
	);
	const second = rated.find(
		({ index, rating }) => Math.abs(index - best.index) === 1 && rating >= best.rating * SECOND_SHARE,
	);
	return rated.filter(({ index }) => index === best.index || index === second?.index).map(({ sentence }) => sentence);
}
