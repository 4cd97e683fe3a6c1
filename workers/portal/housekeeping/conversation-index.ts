import { ApiError } from "../../lib/http/errors.ts";
import { log } from "../../lib/log.ts";
import { indexMessages } from "../conversations/search/index-messages.ts";

/**
 * Part of the run every five minutes: what visitors and the bot have said becomes searchable. It is silent but where more is left
 * than one run does, as after the first deployment. Never rejects.
 * @param now epoch ms
 */
export async function indexConversations(db: D1Database, now: number): Promise<void> {
	try {
		const { messages, isBehind } = await indexMessages(db, now);
		if (isBehind) log("info", "conversations_indexed", { messages, behind: true });
	} catch (error) {
		log("error", "conversations_not_indexed", { reason: error instanceof ApiError ? error.reason : "internal" });
	}
}
