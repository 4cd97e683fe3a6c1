import { rankPassages } from "../../lib/knowledge/rank.ts";
import type { FoundPassages } from "../../lib/knowledge/search.ts";
import { BYTES_PER_TOKEN } from "../../lib/knowledge/whole.ts";
import type { WholeEntry } from "../../lib/knowledge/whole.ts";
import type { Source } from "../turn/turn.ts";

/** What stands between two passages, bytes: as the trigger of `orgs.knowledge_bytes` counts it. */
const BETWEEN_BYTES = 16;

const utf8 = new TextEncoder();

/** What the model is shown of what the owner has written. */
export interface ShownKnowledge {
	/** `whole`: all there is; `best`: what is near to the question; `none`: nothing has been written, or nothing was asked. */
	kind: "whole" | "best" | "none";
	/** The first has the number 1, by which an answer names it. */
	passages: readonly WholeEntry[];
	/** Whether it is likely that one of them answers the question. */
	isNear: boolean;
}

/** What was read of an org's knowledge for a question. */
interface ReadKnowledge {
	/** All of it, where it is little. */
	whole: readonly WholeEntry[];
	found: FoundPassages;
	/** The question asks nothing. */
	isSmallTalk: boolean;
	/** Something has been written at all. */
	exists: boolean;
}

/** @param maxTokens of the best passages together, as long as there are more */
export function shownKnowledge(
	{ whole, found, isSmallTalk, exists }: ReadKnowledge,
	maxTokens: number,
): ShownKnowledge {
	if (whole.length > 0) return { kind: "whole", passages: whole, isNear: true };
	if (isSmallTalk || !exists) return { kind: "none", passages: [], isNear: true };
	const { passages, isNear } = rankPassages(found);
	let room = maxTokens * BYTES_PER_TOKEN;
	const fitting = passages.filter(({ title, content }) => {
		const size = utf8.encode(title + content).byteLength + BETWEEN_BYTES;
		if (size > room) return false;
		room -= size;
		return true;
	});
	return { kind: "best", passages: fitting, isNear: isNear && fitting.length > 0 };
}

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
