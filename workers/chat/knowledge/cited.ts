import type { WholeEntry } from "../../lib/knowledge/whole.ts";
import type { Source } from "../turn/turn.ts";

/** What an answer rests on. */
export interface Cited {
	sources: Source[];
	/** Ids of the articles and answers that the sources are. */
	knowledgeIds: string[];
}

/**
 * The articles and answers that an answer names by the numbers of their passages, each once. A number that no passage has was
 * made up, by the model or by what it has read, and names nothing.
 */
export function citedBy(numbers: readonly number[], passages: readonly WholeEntry[]): Cited {
	const cited = new Map<string, Source>();
	for (const number of numbers) {
		const passage = passages[number - 1];
		if (passage !== undefined) cited.set(passage.knowledgeId, { title: passage.title, url: passage.sourceUrl });
	}
	return { sources: [...cited.values()], knowledgeIds: [...cited.keys()] };
}
