import { bookingBatch } from "../d1/booking.ts";
import { textColumn } from "../d1/row.ts";
import type { Row } from "../d1/row.ts";
import type { LogFields } from "../log.ts";
import { isoInstant } from "../time.ts";
import { accountJoinsSql, brakePercentSql, withinBrakesSql, withinPlanSql } from "../usage/account.ts";
import { ADMITTED_SQL, admissionParameters } from "./admission.ts";
import type { SiteCaller } from "./admission.ts";
import { agreedSql } from "../consent/consent.ts";
import type { Spending } from "../usage/usage.ts";

// A turn is a row from its admission to its booking: it reserves what it may spend, and ends by one batch whose every statement
// does nothing without the row and whose last one deletes it. So a batch that is sent twice, or comes too late, does
// nothing, and a turn that nobody ends is settled by the sweep.

/** What a turn is begun with. */
export interface NewTurn {
	/** Random UUID. */
	id: string;
	kind: "chat" | "speech";
	/** UTC day on which it is counted. */
	date: string;
	spending: Spending;
	/** ISO instant from which on the sweep may settle it. */
	expiresAt: string;
	/** As `clientDigest`. */
	client: string;
	/** Micro-USD that all orgs together may cost on the day. */
	deploymentBudget: number;
}

/** Columns that a kind of turn fills beside those of every turn, each with its SQL. */
interface OwnColumns {
	columns: Readonly<Record<string, string>>;
	/** Joins that the SQL refers to, over `portal_sites s` and `orgs o`. */
	joins: string;
	/** Of the columns of its row, those that are wanted back beside `org_id` and `site_id`. */
	returning: readonly string[];
}

/**
 * The text of a statement that begins a turn where the caller is admitted and has agreed, and the client's share, the plan and the brakes allow it,
 * so that it is exact under concurrency and can stand in the same batch as the lookup of the site. One row = it was
 * begun. Its ?1 to ?15 are `openTurnParameters`; own columns bind from ?16 on.
 */
export function openTurnSql({ columns, joins, returning }: OwnColumns): string {
	const names = Object.keys(columns).map((name) => `, ${name}`);
	const values = Object.values(columns).map((value) => `, ${value}`);
	return `
	INSERT INTO turns (id, kind, org_id, site_id, date, messages, voice_characters, begun_at, expires_at, client,
		cost_usd_micros, brake_percent${names.join("")})
	SELECT ?9, ?10, o.id, s.id, ?6, ?7, ?8, ?2, ?11,
		iif(o.client_share_percent = 100 OR (p.monthly_messages IS NULL AND p.monthly_voice_characters IS NULL), NULL, ?12),
		?13, ${brakePercentSql("?13", "?14")}${values.join("")}
	FROM portal_sites s
	JOIN orgs o ON o.id = s.org_id ${accountJoinsSql("?6", "?12")}
	${joins}
	WHERE ${ADMITTED_SQL}
		AND ${agreedSql("?15")}
		AND ${withinPlanSql("messages", "?7")}
		AND ${withinPlanSql("voice_characters", "?8")}
		AND ${withinBrakesSql("?13", "?14")}
	RETURNING ${["org_id", "site_id", "brake_percent", ...returning].join(", ")}
`;
}

/** What ?1 to ?15 of `openTurnSql` are bound to. */
export function openTurnParameters(caller: SiteCaller, turn: NewTurn): (string | number | null)[] {
	const { date, spending, id, kind, expiresAt, client, deploymentBudget } = turn;
	const { messages, voiceCharacters, costUsdMicros } = spending;
	return [
		...admissionParameters(caller),
		...[date, messages, voiceCharacters, id, kind, expiresAt, client, costUsdMicros, deploymentBudget],
		caller.agreedTo ?? null,
	];
}

/**
 * The statement that ends a turn whose booking stands before it in the same batch: a trigger deletes the row. What it reserved of
 * the plan stays counted, of the brake what it did cost.
 * @param costUsdMicros what it cost
 */
export function endTurnStatement(db: D1Database, id: string, costUsdMicros: number): D1PreparedStatement {
	return db.prepare("UPDATE turns SET booked_usd_micros = ?2 WHERE id = ?1").bind(id, costUsdMicros);
}

/** The statement that gives a row as long as a turn has not ended. */
export function unendedStatement(db: D1Database, id: string): D1PreparedStatement {
	return db.prepare("SELECT id FROM turns WHERE id = ?1").bind(id);
}

/** How long a line of the log can be replayed, days: as long `swept_turns` and `booking_notes` tell what became of what it names. */
export const REPLAY_DAYS = 30;

/** How long a note stays, ms: longer than any repeat of its batch takes. */
const NOTE_MS = 600_000;

/** The statement that notes what is booked without a turn: where it stands in the batch, a repeat of it fails by `turns.id`. */
export function noteStatement(
	db: D1Database,
	note: { id: string; orgId: string; siteId: string; date: string; at: string },
): D1PreparedStatement {
	const { id, orgId, siteId, date, at } = note;
	return db
		.prepare(`
			INSERT INTO turns (id, kind, org_id, site_id, date, begun_at, expires_at)
			VALUES (?1, 'note', ?2, ?3, ?4, ?5, ?6)
		`)
		.bind(id, orgId, siteId, date, at, isoInstant(Date.parse(at) + NOTE_MS));
}

/** The statement that gives a row as long as what `noteStatement` notes was not booked, while the note stays. */
export function unnotedStatement(db: D1Database, id: string): D1PreparedStatement {
	return db.prepare("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM turns WHERE id = ?1)").bind(id);
}

/**
 * The statement that notes for as long as a line can be replayed what is booked without a turn and without a site: where it stands in the
 * batch, a repeat of it fails by `booking_notes.id`.
 */
export function bookingNoteStatement(db: D1Database, id: string): D1PreparedStatement {
	return db.prepare("INSERT INTO booking_notes (id) VALUES (?1)").bind(id);
}

const SETTLED_SQL = "id IN (SELECT value FROM json_each(?1))";

/**
 * The statements that end turns without an answer: they count as errors, what they reserved is given back, the visitor's
 * message is kept and the place of the answer taken away. Notes are only deleted. One that has ended already is passed over.
 * @param costUsdMicros what each may have cost: of what it reserved of the brakes so much stays
 */
export function settleStatements(db: D1Database, ids: readonly string[], costUsdMicros = 0): D1PreparedStatement[] {
	const list = JSON.stringify(ids);
	const bound = (sql: string, ...more: number[]) => db.prepare(sql).bind(list, ...more);
	return [
		bound(`INSERT INTO metrics_daily (org_id, date, site_id, last_at, sessions, visitors, errors)
			SELECT org_id, date, site_id, begun_at, new_session, new_visitor, 1
			FROM turns WHERE ${SETTLED_SQL} AND kind <> 'note'
			ON CONFLICT (org_id, date, site_id) DO UPDATE
			SET last_at = MAX(last_at, excluded.last_at), sessions = sessions + excluded.sessions,
				visitors = visitors + excluded.visitors, errors = errors + excluded.errors`),
		bound(
			`UPDATE turns SET messages = 0, voice_characters = 0, cost_usd_micros = MIN(cost_usd_micros, ?2)
			WHERE ${SETTLED_SQL} AND messages + voice_characters + cost_usd_micros > 0`,
			costUsdMicros,
		),
		bound(`UPDATE chat_sessions
			SET message_count = message_count - (SELECT COUNT(*) FROM turns t WHERE t.session_id = chat_sessions.id AND t.${SETTLED_SQL})
			WHERE id IN (SELECT session_id FROM turns WHERE ${SETTLED_SQL} AND kind = 'chat')`),
		bound(`DELETE FROM chat_messages WHERE finish = 'pending' AND id IN (SELECT id FROM turns WHERE ${SETTLED_SQL})`),
		bound(`DELETE FROM turns WHERE ${SETTLED_SQL}`),
	];
}

/**
 * The statement that keeps what the sweep is about to settle, ahead of `settleStatements`: by this row an answer that was given, and
 * that only a line of the log knows, is put back once.
 */
export function sweptStatement(db: D1Database, ids: readonly string[]): D1PreparedStatement {
	return db
		.prepare(`
			INSERT INTO swept_turns (id, kind, org_id, site_id, date, messages, voice_characters)
			SELECT id, kind, org_id, site_id, date, messages, voice_characters
			FROM turns WHERE ${SETTLED_SQL} AND kind <> 'note'
		`)
		.bind(JSON.stringify(ids));
}

/**
 * Ends a turn whose batch ended well only after its caller was refused for it. Never rejects.
 * @param row what the statement that begins a turn gave; undefined = it began none
 */
export async function settleLateTurn(
	db: D1Database,
	id: string,
	requestId: string,
	row: Row | undefined,
): Promise<void> {
	if (row === undefined) return;
	const [orgId, siteId] = [textColumn(row, "org_id"), textColumn(row, "site_id")];
	await settleTurn(db, id, { request_id: requestId, org_id: orgId, site_id: siteId });
}

/**
 * Ends one turn without an answer. Never rejects: the sweep comes by again.
 * @param fields for the log line when it cannot be written
 * @param costUsdMicros as for `settleStatements`
 */
export function settleTurn(db: D1Database, id: string, fields: LogFields, costUsdMicros = 0): Promise<void> {
	const statements = settleStatements(db, [id], costUsdMicros);
	const pending = unendedStatement(db, id);
	const lost = { turn_id: id, ...fields, braked_usd_micros: costUsdMicros };
	return bookingBatch(db, statements, "turn_not_settled", lost, { pending });
}
