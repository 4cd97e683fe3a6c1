import type { Api } from "./api/api.ts";
import { asFault } from "./api/fault.ts";
import type { Answer, Rating } from "./api/shapes.ts";
import type { Store } from "./store.ts";
import { ratingButtons } from "./view/rating.ts";
import type { View } from "./view/view.ts";
import * as WORDS from "./words.ts";

/** An answer can be rated once it is recorded, a moment after it was given, ms. */
const RECORDED_MS = 1500;

/** Adds a finished answer to the log, with buttons to rate it by. */
export function showAnswer(
	api: Api,
	store: Store,
	{ log, notice }: View,
	{ text, messageId, sources }: Pick<Answer, "text" | "messageId" | "sources">,
	rating: Rating,
): HTMLElement {
	const sessionId = store.sessionId();
	log.lastId = messageId || log.lastId;
	const save = async (next: Rating): Promise<void> => {
		try {
			await rate(api, sessionId, messageId, next);
		} catch (thrown) {
			notice.say(WORDS.ratingFailed);
			throw thrown;
		}
	};
	return log.addBot(text, sources, messageId === "" ? null : ratingButtons(rating, save));
}

async function rate(api: Api, sessionId: string, messageId: string, rating: Rating): Promise<void> {
	try {
		await api.rate(sessionId, messageId, rating);
	} catch (thrown) {
		if (asFault(thrown).code !== "not_found") throw thrown;
		await new Promise((resolve) => setTimeout(resolve, RECORDED_MS));
		await api.rate(sessionId, messageId, rating);
	}
}

/** Offers to be written to, below the message that gave cause for it. @returns whether it does */
export function offerLead({ lead, panel }: View, question: string, message: HTMLElement): boolean {
	const isOffered = lead.offer(question);
	if (isOffered) panel.follow(message, true);
	return isOffered;
}
