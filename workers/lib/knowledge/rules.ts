import { numberVariable } from "../env.ts";
import { notConfigured } from "../http/errors.ts";

// At 0.30 USD a million tokens 6,000 cost 0.0018 USD a turn, and a tenth of that where the vendor has kept the beginning (workers/README.md, decisions).
const DEFAULT_WHOLE_TOKENS = 6000;
const DEFAULT_MAX_TOKENS = 3000;
/** More would not leave room for the rest of a prompt, whose worst case a turn reserves (gemini/models.ts). */
const MOST_TOKENS = 8000;
const DEFAULT_LEAST_SCORE = 90;
const DEFAULT_LEAST_MARGIN = 15;

const RANKINGS = ["both", "words", "meaning"] as const;
type Ranking = (typeof RANKINGS)[number];

/** When a curated answer is given to a question in other words, percent: see `sameness`. */
export interface CuratedRules {
	/** It must ask the same to this degree at least; over 100 = never. */
	leastScore: number;
	/** And more so than any other curated question by this much. */
	leastMargin: number;
}

/** How much of an org's knowledge a turn is told, and when it takes a curated answer for its question's. */
export interface KnowledgeRules {
	/** Knowledge of at most so many tokens is shown whole, where the org's plan names no other number. */
	wholeTokens: number;
	/** Of more, the best passages up to so many tokens. */
	maxTokens: number;
	/** What ranks these: what they have in common with the question, words or meaning, or both. */
	ranking: Ranking;
	curated: CuratedRules;
}

/** The variables as they come from the configuration, any of them possibly absent. */
interface KnowledgeVariables {
	wholeTokens: string | undefined;
	maxTokens: string | undefined;
	ranking: string | undefined;
	curatedLeastScore: string | undefined;
	curatedLeastMargin: string | undefined;
}

/** Reads the variables, defaults filled in. @throws {ApiError} not_configured */
export function knowledgeRules(variables: KnowledgeVariables): KnowledgeRules {
	return {
		wholeTokens: tokens(variables.wholeTokens, "KNOWLEDGE_WHOLE_TOKENS", DEFAULT_WHOLE_TOKENS),
		maxTokens: tokens(variables.maxTokens, "KNOWLEDGE_MAX_TOKENS", DEFAULT_MAX_TOKENS),
		ranking: rankingOf(variables.ranking),
		curated: {
			leastScore: numberVariable(variables.curatedLeastScore, "CURATED_LEAST_SCORE", DEFAULT_LEAST_SCORE),
			leastMargin: numberVariable(variables.curatedLeastMargin, "CURATED_LEAST_MARGIN", DEFAULT_LEAST_MARGIN),
		},
	};
}

function rankingOf(value: string | undefined): Ranking {
	if (value === undefined || value === "") return "both";
	const ranking = RANKINGS.find((one) => one === value);
	if (ranking === undefined) throw notConfigured("KNOWLEDGE_RANKING");
	return ranking;
}

function tokens(value: string | undefined, variable: string, fallback: number): number {
	const count = numberVariable(value, variable, fallback);
	if (count > MOST_TOKENS) throw notConfigured(variable);
	return count;
}
