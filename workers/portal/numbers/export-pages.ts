import { batch } from "../../lib/d1/batch.ts";
import { numberColumn, textColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { log } from "../../lib/log.ts";
import { pause } from "../../lib/time-limit.ts";
import { IS_ORG } from "../auth/access.ts";
import { IS_KEPT, VISITOR_JOIN } from "../conversations/visitor.ts";
import { dayAfter } from "./day-range.ts";
import type { DayRange } from "./day-range.ts";

/** Someone waits for the first page's first byte. Failed tries ask for no fewer, so that the queries of a request go far. */
const SMALL_PAGE_ROWS = 500;
const MAX_PAGE_ROWS = 2000;
/** A page ends with the message that reaches this, bytes of UTF-8. An isolate has 128 MB for all its requests. */
const PAGE_TEXT_BYTES = 2_000_000;

/** How often a page is asked for before the export breaks off. */
const MAX_TRIES = 6;
/** The pause before the second try, ms; each one is twice as long as the one before, so that all take 8 s. */
const FIRST_PAUSE_MS = 250;
/** The longest that one try may take, ms. Nobody waits for a first byte here, and D1 itself gives a query 30 s. */
const TRY_LIMIT_MS = 10_000;

/** A page is what follows a message. */
export interface ExportPage {
	orgId: string;
	/** Conversations that began on this day or later are left out. */
	before: string;
	/** When the conversation began that the last message belongs to. */
	startedAt: string;
	conversationId: string;
	/** The last message's rowid. */
	position: number;
	maxRows: number;
}

/** A page as it was asked for at last, and its rows. */
export interface ReadPage {
	page: ExportPage;
	rows: Row[];
}

export function firstExportPage(orgId: string, { from, to }: DayRange): ExportPage {
	return {
		orgId,
		before: dayAfter(to),
		startedAt: from,
		conversationId: "",
		position: 0,
		maxRows: SMALL_PAGE_ROWS,
	};
}

/**
 * The next messages, oldest conversation first: at most ?6, and none behind the one with which their texts reach 2 MB. It goes
 * on where the last page ended, by the indexes, however far that is and however long one conversation is; c.rowid tells the
 * planner that no two conversations tie, so that it sorts nothing, for the running sum neither.
 */
const EXPORT_SQL = `
	SELECT page.conversation_id, page.engine, page.visitor, page.started_at, page.position,
		page.message_id, page.role, page.text, page.created_at, page.finish, page.rating, page.consents, page.text_bytes
	FROM (
		SELECT c.id AS conversation_id, s.name AS engine, v.visitor, c.started_at, m.rowid AS position,
			m.id AS message_id, m.role, m.content AS text, m.created_at, m.finish, m.rating, c.consents,
			SUM(octet_length(m.content)) OVER (ORDER BY c.started_at, c.id, c.rowid, m.rowid ROWS UNBOUNDED PRECEDING) AS text_bytes
		FROM chat_sessions c INDEXED BY chat_sessions_by_org
		CROSS JOIN portal_sites s ON s.id = c.site_id AND s.org_id = c.org_id
		${VISITOR_JOIN}
		CROSS JOIN chat_messages m INDEXED BY chat_messages_by_session
			ON m.session_id = c.id AND m.rowid > iif(c.id = ?3, ?4, 0) AND m.org_id = c.org_id
		WHERE c.org_id = ?1 AND ${IS_KEPT} AND (c.started_at, c.id) >= (?2, ?3) AND c.started_at < ?5
		ORDER BY c.started_at, c.id, c.rowid, m.rowid
		LIMIT ?6
	) AS page
	WHERE page.text_bytes - octet_length(page.text) < ${PAGE_TEXT_BYTES}
`;

export function exportPageStatement(db: D1Database, page: ExportPage): D1PreparedStatement {
	const { orgId, startedAt, conversationId, position, before, maxRows } = page;
	return db.prepare(EXPORT_SQL).bind(orgId, startedAt, conversationId, position, before, maxRows);
}

/** Where in an export a message stands; no row when the export does not hold it. */
const CURSOR_SQL = `
	SELECT c.started_at, c.id AS conversation_id, m.rowid AS position
	FROM orgs o
	CROSS JOIN chat_messages m ON m.id = ?2 AND m.org_id = o.id
	CROSS JOIN chat_sessions c ON c.id = m.session_id AND c.org_id = o.id
	${VISITOR_JOIN}
	CROSS JOIN portal_sites s ON s.id = c.site_id AND s.org_id = o.id
	WHERE ${IS_ORG} AND ${IS_KEPT} AND c.started_at >= ?3 AND c.started_at < ?4
`;

/** Finds the message that an export goes on behind. @param ref as `OrgTarget.ref` */
export function exportCursorStatement(
	db: D1Database,
	ref: string,
	{ from, to }: DayRange,
	messageId: string,
): D1PreparedStatement {
	return db.prepare(CURSOR_SQL).bind(ref, messageId, from, dayAfter(to));
}

/** The page behind a message. @param row of it, with its place */
export function pageBehind(page: ExportPage, row: Row): ExportPage {
	return {
		...page,
		startedAt: textColumn(row, "started_at"),
		conversationId: textColumn(row, "conversation_id"),
		position: numberColumn(row, "position"),
	};
}

/**
 * The page after one that was read; null = that was the last. It asks for twice as many messages, or, where long texts cut the
 * last one short, for twice as many as came, so that D1 does not read again and again what it does not give.
 */
export function pageAfter({ page, rows }: ReadPage): ExportPage | null {
	const last = rows.at(-1);
	if (last === undefined) return null;
	const isCut = numberColumn(last, "text_bytes") >= PAGE_TEXT_BYTES;
	if (!isCut && rows.length < page.maxRows) return null;
	return { ...pageBehind(page, last), maxRows: Math.min(2 * rows.length, MAX_PAGE_ROWS) };
}

/**
 * Reads a page with patience: what fails is asked for again, whatever D1 says, after a pause that grows and with half as many
 * rows, as a shorter query may pass where a long one does not.
 * @param onTry called before every query
 * @param left aborted when nobody takes the page any more
 * @throws {ApiError} unavailable: D1 failed six times
 */
export async function readExportPage(
	db: D1Database,
	page: ExportPage,
	onTry: () => void,
	left: AbortSignal,
): Promise<ReadPage> {
	let asked = page;
	for (let tries = 1; ; tries++) {
		left.throwIfAborted();
		onTry();
		try {
			const [rows = []] = await batch(db, [exportPageStatement(db, asked)], { timeLimitMs: TRY_LIMIT_MS });
			return { page: asked, rows };
		} catch (error) {
			if (tries === MAX_TRIES || left.aborted) throw error;
			log("warn", "d1_retry");
		}
		await pause(FIRST_PAUSE_MS * 2 ** (tries - 1));
		asked = { ...asked, maxRows: Math.min(asked.maxRows, Math.max(Math.ceil(asked.maxRows / 2), SMALL_PAGE_ROWS)) };
	}
}
