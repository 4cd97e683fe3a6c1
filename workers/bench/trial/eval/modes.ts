/** How passages are chosen in a run. */
const MODE_NAMES = ["words", "meaning", "both", "whole"] as const;
export type ModeName = (typeof MODE_NAMES)[number];

/** Variables by which the workers are brought into a mode. */
interface Mode {
	/** What the mode cannot be without: a product that knows no such variable cannot be measured in it. */
	sets: Readonly<Record<string, string>>;
	/** What the mode keeps out of the way: where the product has no such variable there is nothing to switch off. */
	switchesOff: Readonly<Record<string, string>>;
}

/** UTF-8 bytes / 4 that knowledge shown whole may take. Each customer's fits; a test holds that. */
export const WHOLE_TOKENS = 6000;
// What is measured is what is found, not how fast this machine embeds.
const EMBEDDING = { GEMINI_EMBEDDING_MODEL: "gemini-embedding-2", GEMINI_EMBEDDING_TIMEOUT_MS: "10000" };
const NO_EMBEDDING = { GEMINI_EMBEDDING_MODEL: "" };
const NOT_WHOLE = { KNOWLEDGE_WHOLE_TOKENS: "0" };

export const MODES: Readonly<Record<ModeName, Mode>> = {
	words: { sets: {}, switchesOff: { ...NOT_WHOLE, ...NO_EMBEDDING } },
	meaning: { sets: { ...EMBEDDING, KNOWLEDGE_RANKING: "meaning" }, switchesOff: NOT_WHOLE },
	both: { sets: EMBEDDING, switchesOff: NOT_WHOLE },
	whole: { sets: { KNOWLEDGE_WHOLE_TOKENS: String(WHOLE_TOKENS) }, switchesOff: NO_EMBEDDING },
};

/** The modes that `--mode` names, one or several with commas between. @throws {Error} there is no such mode */
export function modesOf(text: string): ModeName[] {
	return text.split(",").map((name) => {
		const mode = MODE_NAMES.find((one) => one === name.trim());
		if (mode === undefined) throw new Error(`--mode must be one or several of ${MODE_NAMES.join(", ")}.`);
		return mode;
	});
}

export function variablesOf(mode: ModeName): Map<string, string> {
	const { sets, switchesOff } = MODES[mode];
	return new Map(Object.entries({ ...switchesOff, ...sets }));
}

/** Whether knowledge and questions are embedded in a mode. */
export function isEmbedded(mode: ModeName): boolean {
	return MODES[mode].sets.GEMINI_EMBEDDING_MODEL !== undefined;
}

/**
 * @param unknown variables that no worker has
 * @throws {Error} the mode cannot be without one of them
 */
export function requireKnown(mode: ModeName, unknown: readonly string[]): void {
	const missing = Object.keys(MODES[mode].sets).filter((name) => unknown.includes(name));
	if (missing.length === 0) return;
	throw new Error(
		`The workers have no variable ${missing.join(", ")}, without which there is no mode ${mode}: build it, or name what has taken its place in workers/bench/trial/eval/modes.ts.`,
	);
}
