import { batch, repeatableBatch } from "../../../lib/d1/batch.ts";
import { numberColumn, textColumn, textListColumn } from "../../../lib/d1/row.ts";
import type { Row } from "../../../lib/d1/row.ts";
import { isoInstant } from "../../../lib/time.ts";
import { pause } from "../../../lib/time-limit.ts";
import { indexState, moveOnStatement } from "./index-state.ts";
import { wordsOf } from "./session-words.ts";
import type { SessionWords, SpokenIn } from "./session-words.ts";

// Words are indexed apart from the turn, which so costs what it did. The place of an answer under way has no words yet: what comes
// after it is indexed, and read again until it has them. Indexing twice changes nothing.

/** Messages that are read at once, and how often in a run. */
const PAGE_MESSAGES = 500;
const MAX_PAGES = 6;
/** Rows of terms that one statement writes, and one transaction, about. */
const STATEMENT_TERMS = 800;
const BATCH_TERMS = 1600;
/** In which the database answers visitors, ms. */
const REST_MS = 10;
/** The longest that a turn takes, ms: what was said before is whole. */
const TURN_MS = 120_000;
/** An answer that has been under way for as long comes no more, ms: a turn is settled long before. */
const LOST_MS = 900_000;

/** What a run has done. */
export interface IndexRun {
	messages: number;
	/** There are more than it could do. */
	isBehind: boolean;
}

/**
 * Makes the next messages searchable, at most 3,000. Several runs at once do each other no harm.
 * @param now epoch ms
 * @throws {ApiError} unavailable: what was written until then stays, and the next run goes on
 */
export async function indexMessages(db: D1Database, now: number): Promise<IndexRun> {
	let { through } = await indexState(db);
	let from = through;
	const run: IndexRun = { messages: 0, isBehind: true };
	let isWaiting = false;
	let until = "";
	for (let page = 0; page < MAX_PAGES && run.isBehind; page++) {
		const rows = await messagesAfter(db, from);
		const last = rows.at(-1);
		if (last !== undefined) {
			await indexPage(db, rows);
			run.messages += rows.length;
			from = numberColumn(last, "place");
			// An instant of whoever's message: no more than its hour is told to others.
			until = `${textColumn(last, "created_at").slice(0, "2026-01-31T12".length)}:00:00.000Z`;
		}
		run.isBehind = rows.length === PAGE_MESSAGES;
		const whole: Row | undefined = isWaiting ? undefined : lastWhole(rows, now);
		isWaiting ||= whole !== last;
		if (whole !== undefined) {
			await batch(db, [moveOnStatement(db, through, whole)]);
			through = numberColumn(whole, "place");
		}
	}
	await searchableUntil(db, run.isBehind ? until : isoInstant(now - TURN_MS));
	return run;
}

/** The last message before the first answer that is under way. */
function lastWhole(rows: readonly Row[], now: number): Row | undefined {
	const since = isoInstant(now - LOST_MS);
	const first = rows.findIndex((row) => row["finish"] === "pending" && textColumn(row, "created_at") > since);
	return first === -1 ? rows.at(-1) : rows[first - 1];
}

async function messagesAfter(db: D1Database, place: number): Promise<Row[]> {
	const [rows = []] = await repeatableBatch(db, [
		db
			.prepare(`
				SELECT rowid AS place, id, session_id, role, content, finish, created_at
				FROM chat_messages
				WHERE rowid > ?1
				ORDER BY rowid
				LIMIT ${PAGE_MESSAGES}
			`)
			.bind(place),
	]);
	return rows;
}

async function indexPage(db: D1Database, rows: readonly Row[]): Promise<void> {
	const messages = rows.map((row) => ({
		place: numberColumn(row, "place"),
		sessionId: textColumn(row, "session_id"),
		isVisitors: row["role"] === "user",
		text: textColumn(row, "content"),
	}));
	const sessions = await sessionsNamed(db, [...new Set(messages.map(({ sessionId }) => sessionId))]);
	for (const some of inBatches(wordsOf(messages, sessions))) {
		await batch(db, writeStatements(db, some));
		await pause(REST_MS);
	}
}

async function sessionsNamed(db: D1Database, ids: readonly string[]): Promise<SpokenIn[]> {
	const [rows = []] = await repeatableBatch(db, [
		db
			.prepare(`
				SELECT c.id, c.started_at, i.terms
				FROM json_each(?1) listed
				CROSS JOIN chat_sessions c ON c.id = listed.value
				LEFT JOIN session_index i ON i.session_id = c.id
				WHERE c.erased_at IS NULL
			`)
			.bind(JSON.stringify(ids)),
	]);
	return rows.map((row) => ({
		id: textColumn(row, "id"),
		startedAt: textColumn(row, "started_at"),
		terms: textListColumn(row, "terms") ?? [],
	}));
}

function* inBatches(sessions: readonly SessionWords[]): Generator<SessionWords[]> {
	let some: SessionWords[] = [];
	let size = 0;
	for (const session of sessions) {
		some.push(session);
		size += session.added.size;
		if (size < BATCH_TERMS) continue;
		yield some;
		some = [];
		size = 0;
	}
	if (some.length > 0) yield some;
}

/**
 * The statements that add words to sessions. The list of a session grows with what is stored of it in one transaction, also
 * where two runs add to it: by the list its words are found when it goes. One that was erased meanwhile gets none.
 */
function writeStatements(db: D1Database, sessions: readonly SessionWords[]): D1PreparedStatement[] {
	const listed = JSON.stringify(sessions.map(({ id, numbers, added }) => [id, numbers, [...added.keys()]]));
	const lists = db
		.prepare(`
			INSERT INTO session_index (number, org_id, session_id, terms)
			SELECT (
					SELECT n.value FROM json_each(x.value, '$[1]') n
					WHERE NOT EXISTS (SELECT 1 FROM session_index t WHERE t.number = n.value) LIMIT 1),
				c.org_id, c.id, x.value -> 2
			FROM json_each(?1) x
			CROSS JOIN chat_sessions c ON c.id = x.value ->> 0
			WHERE c.erased_at IS NULL
			ON CONFLICT (session_id) DO UPDATE
			SET terms = (
				SELECT json_group_array(value)
				FROM (SELECT value FROM json_each(session_index.terms) UNION SELECT value FROM json_each(excluded.terms)))
		`)
		.bind(listed);
	const terms = sessions.flatMap(({ id, added }) => [...added].map(([term, place]) => [id, term, place]));
	const statements = [lists];
	for (let at = 0; at < terms.length; at += STATEMENT_TERMS)
		statements.push(termsStatement(db, JSON.stringify(terms.slice(at, at + STATEMENT_TERMS))));
	return statements;
}

/** @param listed JSON list of [session, term, place] */
function termsStatement(db: D1Database, listed: string): D1PreparedStatement {
	return db
		.prepare(`
			INSERT INTO session_terms (org_id, term, number, place)
			SELECT i.org_id, x.value ->> 1, i.number, x.value ->> 2
			FROM json_each(?1) x
			CROSS JOIN session_index i ON i.session_id = x.value ->> 0
			WHERE TRUE
			ON CONFLICT (org_id, term, number) DO NOTHING
		`)
		.bind(listed);
}

/** @param instant ISO; "" = as before */
async function searchableUntil(db: D1Database, instant: string): Promise<void> {
	if (instant === "") return;
	await repeatableBatch(db, [
		db.prepare("UPDATE session_index_state SET searchable_until = ?1 WHERE id = 1").bind(instant),
	]);
}
