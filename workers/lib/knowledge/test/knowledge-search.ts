import { readQuestion, topicOf } from "../question.ts";
import { rankPassages } from "../rank.ts";
import type { RankedPassages } from "../rank.ts";
import { foundPassages, searchStatement } from "../search.ts";
import type { FoundPassages } from "../search.ts";

const NOW = "2026-08-20T12:00:00.000Z";
/** Nothing is shown whole, so everything is searched. */
const NEVER_WHOLE = 0;

/** What the search finds for the last of a conversation's messages, as a chat turn sends it. */
export async function searched(db: D1Database, siteKey: string, ...messages: string[]): Promise<FoundPassages> {
	const conversationId = crypto.randomUUID();
	const [said, ...before] = messages.reverse().map(readQuestion);
	if (said === undefined) throw new Error("Nothing was said");
	// As the chat keeps it: the newest first, none that is about nothing, and nothing from before a message about something of its own.
	const earlier = before.filter(({ terms }) => terms.length > 0);
	const fresh = earlier.findIndex(({ earlierWeight }) => earlierWeight === 0);
	const kept = [said, ...(fresh < 0 ? earlier : earlier.slice(0, fresh + 1))].slice(0, 4);
	await db.batch([
		db
			.prepare(
				"INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, topic) SELECT ?1, org_id, id, ?1, ?2 FROM portal_sites WHERE site_key = ?3",
			)
			.bind(conversationId, `[${kept.map(topicOf).join(",")}]`, siteKey),
		db
			.prepare(
				"INSERT INTO turns (id, kind, org_id, site_id, session_id, date, begun_at, expires_at) SELECT ?1, 'chat', org_id, site_id, ?1, ?2, ?3, ?3 FROM chat_sessions WHERE id = ?1",
			)
			.bind(conversationId, NOW.slice(0, 10), NOW),
	]);
	const question = { ...said, conversationId, wholeTokens: NEVER_WHOLE };
	const { results } = await searchStatement(db, { siteKey, now: NOW }, question).all();
	return foundPassages(results);
}

export async function ranked(db: D1Database, siteKey: string, ...messages: string[]): Promise<RankedPassages> {
	return rankPassages(await searched(db, siteKey, ...messages));
}
