import { repeatableBatch } from "../../lib/d1/batch.ts";
import { numberColumn, textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { CONFIG_DEFAULTS } from "../../lib/site/config-defaults.ts";
import { isoInstant } from "../../lib/time.ts";
import { messagesPageSql } from "../conversations/erase/erase-messages.ts";
import { HAS_NO_TERMS, eraseTermsSql } from "../conversations/search/erase-terms.ts";
import type { Erasure, Work } from "./erasure.ts";

// What an org keeps for `retention_days`: words, addresses and single acts. In each statement ?1 is the org, ?2 the instant before
// which things are old.

/** The oldest sessions that have rested since then. None began after its last message, so the index finds them. */
const OLD_SESSIONS = `
	SELECT rowid, id, org_id, site_id FROM chat_sessions INDEXED BY chat_sessions_by_org
	WHERE org_id = ?1 AND started_at < ?2 AND last_message_at < ?2
	ORDER BY started_at, id
	LIMIT 40`;

/** Go before the sessions: they would take theirs with them by the foreign key, however many these are. */
const MESSAGES_SQL = messagesPageSql(OLD_SESSIONS);

/** Of how many sessions it erases the words depends on how many they have, so that any may not have been the last. */
const WORDS: Erasure = { of: "indexed_sessions", limit: 1, sql: eraseTermsSql(OLD_SESSIONS) };

const SESSIONS: Erasure = {
	of: "sessions",
	limit: 40,
	sql: `
		DELETE FROM chat_sessions
		WHERE rowid IN (SELECT listed.rowid FROM (${OLD_SESSIONS}) listed)
			AND NOT EXISTS (SELECT 1 FROM chat_messages m INDEXED BY chat_messages_by_session WHERE m.session_id = chat_sessions.id)
			AND ${HAS_NO_TERMS}`,
};

const LEADS: Erasure = {
	of: "leads",
	limit: 100,
	sql: `
		DELETE FROM leads
		WHERE rowid IN (
			SELECT rowid FROM leads INDEXED BY leads_by_org WHERE org_id = ?1 AND created_at < ?2 ORDER BY created_at LIMIT 100)`,
};

/** What nobody has asked for as long goes, however often it was asked: its last conversation is as old. */
const QUESTIONS: Erasure = {
	of: "questions",
	limit: 150,
	sql: `
		DELETE FROM question_stats
		WHERE (org_id, site_id, slot) IN (
			SELECT org_id, site_id, slot FROM question_stats INDEXED BY question_stats_by_age
			WHERE org_id = ?1 AND last_asked_at < ?2 ORDER BY last_asked_at LIMIT 150)`,
};

/** The vendor may be asked about an open one for a week, and it is booked by its row. */
const VOICE_SESSIONS: Erasure = {
	of: "voice_sessions",
	limit: 125,
	sql: `
		DELETE FROM voice_sessions
		WHERE rowid IN (
			SELECT rowid FROM voice_sessions INDEXED BY voice_sessions_by_org
			WHERE org_id = ?1 AND opened_at < ?2 AND (status <> 'open' OR opened_at < strftime('%Y-%m-%dT%H:%M:%fZ', ?2, '-8 days'))
			ORDER BY opened_at
			LIMIT 125)`,
};

/** What is old, by the column that says so. */
const KINDS: readonly [column: string, erasures: readonly Erasure[]][] = [
	["oldest_session_at", [WORDS, SESSIONS]],
	["has_leads", [LEADS]],
	["has_questions", [QUESTIONS]],
	["has_voice_sessions", [VOICE_SESSIONS]],
];

/** Orgs looked at in one statement: of each, a few rows are read. */
const PAGE_ORGS = 50;

const DUE_SQL = `
	SELECT listed.org_id, listed.cutoff,
		(SELECT c.last_message_at FROM chat_sessions c INDEXED BY chat_sessions_by_org
			WHERE c.org_id = listed.org_id AND c.started_at < listed.cutoff AND c.last_message_at < listed.cutoff
			ORDER BY c.started_at LIMIT 1) AS oldest_session_at,
		EXISTS (SELECT 1 FROM leads l INDEXED BY leads_by_org WHERE l.org_id = listed.org_id AND l.created_at < listed.cutoff) AS has_leads,
		EXISTS (SELECT 1 FROM question_stats q INDEXED BY question_stats_by_age WHERE q.org_id = listed.org_id AND q.last_asked_at < listed.cutoff) AS has_questions,
		EXISTS (SELECT 1 FROM voice_sessions v INDEXED BY voice_sessions_by_org WHERE v.org_id = listed.org_id AND v.opened_at < listed.cutoff) AS has_voice_sessions
	FROM (
		SELECT o.id AS org_id,
			IIF(c.retention_days IS 0, NULL, strftime('%Y-%m-%dT%H:%M:%fZ', ?1, '-' || COALESCE(c.retention_days, ${CONFIG_DEFAULTS.retention_days}) || ' days')) AS cutoff
		FROM orgs o
		LEFT JOIN org_config c ON c.org_id = o.id
		WHERE o.id > ?2
		ORDER BY o.id
		LIMIT ${PAGE_ORGS}) listed
`;

/** What is due of some orgs. */
export interface DuePage {
	work: Work[];
	/** How many of the orgs have something due. */
	orgs: number;
	/** How long ago, in ms, the oldest of their conversations became due; 0 = none is due. */
	longestDueMs: number;
	/** The org behind which the next page begins; undefined = there are no more. */
	after: string | undefined;
}

/**
 * The next orgs by id, and what of theirs is older than they keep it.
 * @param now epoch ms
 * @param after the last org of the page before; "" = begin
 * @throws {ApiError} unavailable
 */
export async function dueOrgs(db: D1Database, now: number, after: string): Promise<DuePage> {
	const [rows = []] = await repeatableBatch(db, [db.prepare(DUE_SQL).bind(isoInstant(now), after)]);
	const works = rows.map(workOf);
	const last = rows.at(-1);
	return {
		work: works.flat(),
		orgs: works.filter((work) => work.length > 0).length,
		longestDueMs: Math.max(0, ...rows.map(dueMsOf)),
		after: rows.length < PAGE_ORGS || last === undefined ? undefined : textColumn(last, "org_id"),
	};
}

function workOf(row: Row): Work[] {
	const orgId = textColumn(row, "org_id");
	const due = KINDS.filter(([column]) => isDue(row, column));
	return due.map(([column, erasures]) => ({
		orgId,
		erasures,
		parameters: [orgId, textColumn(row, "cutoff")],
		...(column === "oldest_session_at" ? { messagesSql: MESSAGES_SQL } : {}),
	}));
}

function isDue(row: Row, column: string): boolean {
	return column.startsWith("has_") ? numberColumn(row, column) === 1 : textColumnOrNull(row, column) !== null;
}

function dueMsOf(row: Row): number {
	const oldest = textColumnOrNull(row, "oldest_session_at");
	return oldest === null ? 0 : Date.parse(textColumn(row, "cutoff")) - Date.parse(oldest);
}
