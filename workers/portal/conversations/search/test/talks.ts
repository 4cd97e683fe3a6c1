import { env } from "cloudflare:workers";
import { isObject } from "../../../../lib/http/json.ts";
import { NOW } from "../../../test/portal.ts";
import type { Answer, Portal } from "../../../test/portal.ts";
import { CHADIS, member } from "../../../test/seed.ts";
import { indexMessages } from "../index-messages.ts";

interface TalkOf {
	orgId?: string;
	siteId?: string;
	/** ISO instant; the default is the day before the tests play. */
	at?: string;
	visitorId?: string;
}

/** A conversation: the visitor says the first text, the bot the second, and so on. */
export function talk(id: string, said: readonly string[], options: TalkOf = {}): D1PreparedStatement[] {
	const { orgId = CHADIS.id, siteId = CHADIS.siteId, at = "2026-08-19T10:00:00.000Z", visitorId = id } = options;
	return [
		env.DB.prepare(`
			INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at, message_count)
			VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)
		`).bind(id, orgId, siteId, visitorId, at, said.length),
		...said.map((text, index) => say(id, index, text, orgId, at)),
	];
}

/** The message of that place, from 0, in a conversation. */
export function say(
	id: string,
	index: number,
	text: string,
	orgId = CHADIS.id,
	at = "2026-08-19T10:00:00.000Z",
): D1PreparedStatement {
	return env.DB.prepare(
		"INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at, finish) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	).bind(
		...[`${id}-${index}`, orgId, id, index % 2 === 0 ? "user" : "assistant", text, at],
		index % 2 === 0 ? null : "stop",
	);
}

/** Runs until nothing is left. */
export async function indexAll(db: D1Database = env.DB, now = NOW): Promise<number> {
	let messages = 0;
	for (let run = { messages: 0, isBehind: true }; run.isBehind; messages += run.messages)
		run = await indexMessages(db, now);
	return messages;
}

export interface Found extends Answer {
	ids: unknown[];
	listed: Record<string, unknown>[];
	next: unknown;
}

/** What a list of conversations gives. */
export async function find(portal: Portal, query: string, as = member(CHADIS)): Promise<Found> {
	const answer = await portal.call(`/portal/conversations?${query}`, { as });
	const body = isObject(answer.body) ? answer.body : {};
	const all: unknown[] = Array.isArray(body["conversations"]) ? body["conversations"] : [];
	const listed = all.filter(isObject);
	return { ...answer, ids: listed.map(({ id }) => id), listed, next: body["next_cursor"] };
}

/** The ids of every page from the first on. */
export async function findAll(portal: Portal, query: string): Promise<unknown[][]> {
	const pages: unknown[][] = [];
	for (let cursor = ""; ; ) {
		const { ids, next } = await find(portal, `${query}${cursor}`);
		pages.push(ids);
		if (typeof next !== "string") return pages;
		cursor = `&cursor=${next}`;
	}
}
