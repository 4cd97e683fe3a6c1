import { hidden } from "../../lib/privacy/hidden.ts";
import type { HidingRules } from "../../lib/privacy/hidden.ts";
import { knownFrom } from "../../lib/privacy/known.ts";
import type { VisitorText } from "../../lib/privacy/visitor-text.ts";
import { questionKey } from "../../lib/knowledge/terms.ts";
import type { Row } from "../../lib/d1/row.ts";
import type { Site } from "../../lib/site/site.ts";
import type { PromptMessage } from "../gemini/types.ts";
import { parseHistory } from "../turn/history.ts";

/** What becomes of a message's words, by its org's privacy mode. */
export interface WordsKept {
	/** As the model and the cache of answers have it. */
	message: string;
	/** What may be ranked of it, and the key under which it counts among questions; "" = it does not. */
	ranked: string;
	question: string;
	/** False: no word of the turn is kept anywhere. */
	isKept: boolean;
}

export function wordsKept({ privacy }: Pick<Site, "privacy">, text: VisitorText): WordsKept {
	const message = privacy === "standard" ? text.written : text.hidden;
	const isKept = privacy !== "no_store";
	const ranked = isKept ? text.ranked : "";
	return { message, ranked, question: questionKey(ranked), isKept };
}

/**
 * What is hidden in an answer; undefined = nothing. The practice's own telephone, mailbox and address stay: those that stand in what
 * the model is told, or in the configuration.
 * @param now epoch ms
 */
export function hidingIn(
	{ privacy, greeting, safety }: Pick<Site, "privacy" | "greeting" | "safety">,
	instructions: string,
	now: number,
): HidingRules | undefined {
	if (privacy === "standard") return undefined;
	const own = () => [instructions, greeting, safety.emergencyNumber, safety.emergencyText].join(" ");
	return { now, isAnswer: true, isKnown: knownFrom(own) };
}

/**
 * The conversation so far as the model is shown it. What was said before the mode was set is hidden as well; where nothing is kept each
 * turn stands alone.
 * @param hiding as `hidingIn` gives it
 * @throws {ApiError} unavailable
 */
export function shownHistory(
	{ privacy }: Pick<Site, "privacy">,
	rows: readonly Row[],
	hiding: HidingRules | undefined,
): PromptMessage[] {
	if (privacy === "no_store") return [];
	const messages = parseHistory(rows);
	if (hiding === undefined) return messages;
	const { now } = hiding;
	return messages.map(({ role, text }) => ({ role, text: hidden(text, role === "user" ? { now } : hiding) }));
}
