import { textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { toApiError } from "../../lib/http/errors.ts";
import { log } from "../../lib/log.ts";
import { consentsOf } from "../conversations/consents.ts";
import { csvLine } from "./csv.ts";
import { pageAfter, readExportPage } from "./export-pages.ts";
import type { ReadPage } from "./export-pages.ts";

/** Pages read before the client asks for them. */
const PAGES_AHEAD = 1;
/** D1 gives a worker 1,000 queries a request; the rest is for what comes before, and for the tries of one page. */
const MAX_QUERIES = 900;
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
	"consent",
];

/** How far an export has come. */
interface Progress {
	queries: number;
	rows: number;
}

function csvRows(rows: Row[]): string {
	return rows.map((row) => csvLine(COLUMNS.map((column) => cellOf(row, column)))).join("");
}

/** `consent` = the versions that the visitor of the conversation has agreed to, by blanks. */
function cellOf(row: Row, column: string): string | null {
	if (column !== "consent") return textColumnOrNull(row, column);
	const consents = consentsOf(row);
	return consents.length === 0 ? null : consents.map(({ version }) => version).join(" ");
}

/** The last record. @param cursor id of the last message when more follow; null = these are all */
function endMark(rows: number, cursor: string | null): string {
	const cells: Record<string, string> = {
		conversation_id: "#end",
		message_id: cursor ?? "",
		role: "end",
		text: `${cursor === null ? "complete" : "continues"}: ${rows} rows`,
	};
	return csvLine(COLUMNS.map((column) => cells[column] ?? null));
}

/** The whole text, page by page. */
async function* csvPages(
	db: D1Database,
	first: ReadPage,
	progress: Progress,
	left: AbortSignal,
): AsyncGenerator<string, void> {
	const onTry = (): void => {
		progress.queries += 1;
	};
	let text = BYTE_ORDER_MARK + csvLine(COLUMNS);
	for (let read = first; ; ) {
		progress.rows += read.rows.length;
		text += csvRows(read.rows);
		const next = pageAfter(read);
		if (next === null) return yield text + endMark(progress.rows, null);
		const last = read.rows.at(-1);
		if (progress.queries >= MAX_QUERIES && last !== undefined)
			return yield text + endMark(progress.rows, textColumn(last, "message_id"));
		yield text;
		text = "";
		read = await readExportPage(db, next, onTry, left);
	}
}

/**
 * The CSV as a stream that reads as fast as the client takes it and stops when the client leaves. Its last record is an end
 * mark: `#end` as conversation_id, `end` as role, and as text `complete: N rows`, or `continues: N rows` with the cursor to go
 * on from as message_id. A fault breaks the stream off; HTTP/1.1 and later show that, but a client of HTTP/1.0, where the
 * end of the connection is the end of the file, can tell it by the missing mark alone.
 */
export function exportStream(db: D1Database, first: ReadPage): ReadableStream<Uint8Array> {
	const encoder = new TextEncoder();
	const left = new AbortController();
	const progress: Progress = { queries: 1, rows: 0 };
	const pages = csvPages(db, first, progress, left.signal);
	return new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				try {
					const { done, value } = await pages.next();
					if (left.signal.aborted) return;
					if (done === true) controller.close();
					else controller.enqueue(encoder.encode(value));
				} catch (thrown) {
					if (left.signal.aborted) return;
					const { orgId } = first.page;
					log("error", "export_broken_off", { org_id: orgId, rows: progress.rows, reason: toApiError(thrown).reason });
					controller.error(new Error("the export broke off"));
				}
			},
			cancel() {
				left.abort();
			},
		},
		{ highWaterMark: PAGES_AHEAD },
	);
}
