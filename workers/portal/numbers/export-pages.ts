import { repeatableBatch } from "../../lib/d1/batch.ts";
import { numberColumn, textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import { toApiError } from "../../lib/http/errors.ts";
import { log } from "../../lib/log.ts";
import { csvLine } from "./csv.ts";
import { dayAfter } from "./day-range.ts";
import type { DayRange } from "./day-range.ts";
import { nameVisitors } from "../conversations/visitor.ts";
import type { Row } from "../../lib/d1/row.ts";

const PAGE_ROWS = 500;
/** Pages read before the client asks for them. */
const PAGES_AHEAD = 1;
/** Without it Excel takes UTF-8 for the machine's old code page. */
const BYTE_ORDER_MARK = "\uFEFF";
const COLUMNS = [
	"conversation_id",
	"engine",
	"visitor",
	"started_at",
	"message_id",
	"role",
	"text",
	"created_at",
	"finish",
	"rating",
];

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
}

export function firstExportPage(orgId: string, { from, to }: DayRange): ExportPage {
	return { orgId, before: dayAfter(to), startedAt: from, conversationId: "", position: 0 };
}

/**
 * The next 500 messages, oldest conversation first. It goes on where the last page ended, by the indexes, however far that is
 * and however long one conversation is; c.rowid tells the planner that no two conversations tie, so that it sorts nothing.
 */
const EXPORT_SQL = `
	SELECT c.id AS conversation_id, s.name AS engine, c.visitor_id, c.started_at, m.rowid AS position,
		m.id AS message_id, m.role, m.content AS text, m.created_at, m.finish, m.rating
	FROM chat_sessions c INDEXED BY chat_sessions_by_org
	CROSS JOIN portal_sites s ON s.id = c.site_id AND s.org_id = c.org_id
	CROSS JOIN chat_messages m INDEXED BY chat_messages_by_session ON m.session_id = c.id AND m.rowid > iif(c.id = ?3, ?4, 0) AND m.org_id = c.org_id
	WHERE c.org_id = ?1 AND (c.started_at, c.id) >= (?2, ?3) AND c.started_at < ?5
	ORDER BY c.started_at, c.id, c.rowid, m.rowid
	LIMIT ${PAGE_ROWS}
`;

export function exportPageStatement(db: D1Database, page: ExportPage): D1PreparedStatement {
	return db.prepare(EXPORT_SQL).bind(page.orgId, page.startedAt, page.conversationId, page.position, page.before);
}

function pageAfter(page: ExportPage, last: Row): ExportPage {
	return {
		...page,
		startedAt: textColumn(last, "started_at"),
		conversationId: textColumn(last, "conversation_id"),
		position: numberColumn(last, "position"),
	};
}

async function csvPage(orgId: string, rows: Row[]): Promise<string> {
	return (await nameVisitors(orgId, rows))
		.map((row) => csvLine(COLUMNS.map((column) => textColumnOrNull(row, column))))
		.join("");
}

/** The whole text, page by page. A page that is not full is the last. */
async function* csvPages(db: D1Database, first: ExportPage, firstRows: Row[]): AsyncGenerator<string, void> {
	let page = first;
	let rows = firstRows;
	yield BYTE_ORDER_MARK + csvLine(COLUMNS) + (await csvPage(page.orgId, rows));
	for (let last = rows.at(-1); rows.length === PAGE_ROWS && last !== undefined; last = rows.at(-1)) {
		page = pageAfter(page, last);
		[rows = []] = await repeatableBatch(db, [exportPageStatement(db, page)]);
		if (rows.length > 0) yield await csvPage(page.orgId, rows);
	}
}

/**
 * The CSV as a stream that reads as fast as the client takes it and stops when the client leaves. A fault breaks it off.
 * @param rows of the first page
 */
export function exportStream(db: D1Database, first: ExportPage, rows: Row[]): ReadableStream<Uint8Array> {
	const encoder = new TextEncoder();
	const pages = csvPages(db, first, rows);
	let hasLeft = false;
	return new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				try {
					const { done, value } = await pages.next();
					if (hasLeft) return;
					if (done === true) controller.close();
					else controller.enqueue(encoder.encode(value));
				} catch (thrown) {
					if (hasLeft) return;
					log("error", "export_broken_off", { org_id: first.orgId, reason: toApiError(thrown).reason });
					controller.error(new Error("the export broke off"));
				}
			},
			cancel() {
				hasLeft = true;
			},
		},
		{ highWaterMark: PAGES_AHEAD },
	);
}
