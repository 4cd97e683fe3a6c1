import { rankPassages } from "./rank.ts";
import type { FoundPassages } from "./search.ts";
import { BYTES_PER_TOKEN } from "./whole.ts";
import type { WholeEntry } from "./whole.ts";

/** What stands between two passages, bytes: as the trigger of `orgs.knowledge_bytes` counts it. */
const BETWEEN_BYTES = 16;

const IS_ASCII = /^[\0-\x7f]*$/;
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
	/** The question asks nothing of its own. */
	isSmallTalk: boolean;
	/** Something has been written at all. */
	exists: boolean;
}

/**
 * What of an org's knowledge the model is shown with a question: all of it, or the best passages, each whole.
 * @param maxTokens of the best passages together, as long as there are more
 */
export function shownKnowledge(
	{ whole, found, isSmallTalk, exists }: ReadKnowledge,
	maxTokens: number,
): ShownKnowledge {
	if (whole.length > 0) return { kind: "whole", passages: whole, isNear: true };
	if (!exists || (isSmallTalk && found.byWords.length === 0)) return { kind: "none", passages: [], isNear: true };
	const { passages, isNear } = rankPassages(found);
	let room = maxTokens * BYTES_PER_TOKEN;
	const fitting = passages.filter(({ title, content }) => {
		const size = bytesOf(title) + bytesOf(content) + BETWEEN_BYTES;
		if (size > room) return false;
		room -= size;
		return true;
	});
	return { kind: "best", passages: fitting, isNear: isNear && fitting.length > 0 };
}

/** UTF-8 bytes. Most passages are ASCII, and to see that takes a third of the time that encoding one takes. */
function bytesOf(text: string): number {
	return IS_ASCII.test(text) ? text.length : utf8.encode(text).byteLength;
}
