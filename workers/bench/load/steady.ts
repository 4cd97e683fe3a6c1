import { median } from "../measure.ts";

/** A stretch of load during the warm-up. */
export interface Stretch {
	seconds: number;
	/** CPU of workerd per request, microseconds. */
	us: number;
}

/** V8 has not yet compiled what is hot before, seconds. */
const LEAST_SECONDS = 3;
/** Two stretches in a row that differ by less are the same. */
const TOLERANCE = 0.05;

/** Whether a warm-up has come to its end: at least 3 s, and the last two stretches differ by less than 5 %. */
export function isSteady(stretches: readonly Stretch[]): boolean {
	const seconds = stretches.reduce((sum, stretch) => sum + stretch.seconds, 0);
	const [earlier, last] = [stretches.at(-2), stretches.at(-1)];
	if (earlier === undefined || last === undefined || seconds < LEAST_SECONDS) return false;
	return Math.abs(last.us - earlier.us) < TOLERANCE * earlier.us;
}

/** How many requests fill `seconds`, by how many were answered in a stretch before; at least one for each connection. */
export function requestsFor(
	seconds: number,
	before: { seconds: number; requests: number },
	connections: number,
): number {
	return Math.max(connections, Math.ceil((before.requests / before.seconds) * seconds));
}

/** What a round found, CPU per request, microseconds. */
export interface Round {
	/** Ours, and the other's where there is one. */
	trees: number[];
	hello: number;
}

/** A tree's own CPU per request, microseconds: what is over a hello of the same round, as a median of the rounds. */
export function ownCpu(rounds: readonly Round[], tree: number): number {
	return median(rounds.map(({ trees, hello }) => (trees[tree] ?? Number.NaN) - hello));
}

/** Our own CPU over the other's, round by round: the median of the rounds, and how far they lie apart. */
export function ratioOfRounds(rounds: readonly Round[]): { ratio: number; least: number; most: number } {
	const ratios = rounds.map((round) => ownCpu([round], 0) / ownCpu([round], 1));
	return { ratio: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}
