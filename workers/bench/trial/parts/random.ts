/** Chance that comes again with its seed. */
export interface Dice {
	/** From 0 to 1, without 1. */
	next(): number;
	/** A whole number from 0 to `below`, without it. */
	below(below: number): number;
	/** Whether something of this chance happens. */
	happens(share: number): boolean;
	/** One of a list that is not empty. */
	pick<T>(list: readonly [T, ...T[]]): T;
}

const TWO_TO_32 = 2 ** 32;

/** mulberry32 (Tommy Ettinger, public domain): small, and the same on every machine. */
export function createDice(seed: number): Dice {
	let state = seed | 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / TWO_TO_32;
	};
	return {
		next,
		below: (below) => Math.floor(next() * below),
		happens: (share) => next() < share,
		pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
	};
}

/** A number of a text, by which several dice of one seed differ (FNV-1a). */
export function numberOf(text: string): number {
	let hash = 0x811c9dc5;
	for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
	return hash >>> 0;
}
