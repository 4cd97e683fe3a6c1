import { terms } from "../../lib/knowledge/terms.ts";
import type { Database } from "../knowledge/orgs.ts";

const MESSAGES_OF_SESSION = 5;
const CHUNK = 10_000;
/** Of ten sessions eight are the measured customer's, and the others of as many more. */
const ORG = "CASE WHEN i % 10 < 8 THEN 'org_chadis' ELSE 'org_find' || (i % 10) END";
const SITE = "CASE WHEN i % 10 < 8 THEN 'site_chadis' ELSE 'site_find' || (i % 10) END";

/** Words of the visitor's first message, and in which sessions they are, by the session's number i. */
const WORDS: readonly [word: string, is: string][] = [
	["opening", "TRUE"],
	["parking", "i % 2 = 0"],
	["insurance", "i % 3 = 0"],
	["crown", "i % 100 = 0"],
	["braces", "i % 1000 = 7"],
	["anaesthesia", "i % 50 = 0"],
	["toddler", "i % 50 = 25"],
	["rareword", "i IN (11, 101, 501, 1001, 1501)"],
];
const SAID = WORDS.map(([word, is]) => `iif(${is}, '${word} ', '')`).join(" || ");

/** The sessions `from` to `to`, a second apart, with what a filter asks for. */
function sessionsSql(from: number, to: number): string {
	return `
		INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at, message_count, rating_up, rating_down,
			unanswered, leads)
		WITH RECURSIVE n (i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${to})
		SELECT printf('find%08d', i), ${ORG}, ${SITE}, 'visitor_' || i, t, t, ${MESSAGES_OF_SESSION}, i % 7 = 0, i % 20 = 0, i % 10 = 1, i % 40 = 3
		FROM (SELECT i, strftime('%Y-%m-%dT%H:%M:%fZ', '2026-01-01', i || ' seconds') AS t FROM n)`;
}

function messagesSql(from: number, to: number): string {
	return `
		INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at)
		WITH RECURSIVE n (i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${to})
		SELECT printf('find%08d-%d', i, part.value), ${ORG}, printf('find%08d', i), iif(part.value % 2, 'user', 'assistant'),
			iif(part.value = 1, ${SAID}, 'Nothing more is said of it.'), strftime('%Y-%m-%dT%H:%M:%fZ', '2026-01-01', i || ' seconds')
		FROM n CROSS JOIN json_each('[1,2,3,4,5]') part`;
}

function numbersSql(from: number, to: number): string {
	return `
		INSERT INTO session_index (number, org_id, session_id, terms)
		WITH RECURSIVE n (i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${to})
		SELECT (unixepoch('2026-01-01') + i) * 1024000 + i % 1024, ${ORG}, printf('find%08d', i), '[]' FROM n`;
}

function termsSql(from: number, to: number, word: string, is: string): string {
	return `
		INSERT INTO session_terms (org_id, term, number, place)
		WITH RECURSIVE n (i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${to})
		SELECT ${ORG}, '${terms(word).join("")}', (unixepoch('2026-01-01') + i) * 1024000 + i % 1024,
			(SELECT rowid FROM chat_messages WHERE id = printf('find%08d-1', i))
		FROM n WHERE ${is}`;
}

/**
 * Fills the demo database up with conversations of five messages, indexed by statements as the portal would index them: its own run
 * would take hours.
 */
export async function fillConversations(db: Database, messages: number): Promise<void> {
	const sessions = messages / MESSAGES_OF_SESSION;
	await db.batch(
		[8, 9].flatMap((n) => [
			db.prepare(`INSERT INTO orgs (id, name, slug) VALUES ('org_find${n}', 'Find', 'find-${n}')`),
			db.prepare(
				`INSERT INTO portal_sites (id, org_id, site_key, name) VALUES ('site_find${n}', 'org_find${n}', 'sk_find${n}_live_abc123', 'F')`,
			),
		]),
	);
	for (let from = 0; from < sessions; from += CHUNK) {
		const to = Math.min(from + CHUNK, sessions);
		for (const sql of [sessionsSql(from, to), messagesSql(from, to), numbersSql(from, to)]) await db.prepare(sql).run();
		for (const [word, is] of WORDS) await db.prepare(termsSql(from, to, word, is)).run();
	}
	await db.batch([
		db.prepare("DELETE FROM session_index_state"),
		db.prepare("INSERT INTO session_index_state (id, indexed_through) SELECT 1, MAX(rowid) FROM chat_messages"),
	]);
}

/** Has the newest messages indexed again, as if their sessions were new. */
export async function leaveUnindexed(db: Database, messages: number): Promise<void> {
	const first = `(SELECT MAX(rowid) - ${messages} FROM chat_messages)`;
	await db.batch([
		db.prepare(
			`DELETE FROM session_index WHERE session_id IN (SELECT session_id FROM chat_messages WHERE rowid > ${first})`,
		),
		db.prepare(`UPDATE session_index_state SET indexed_through = ${first}, message_id = NULL`),
	]);
}
