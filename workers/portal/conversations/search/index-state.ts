import { repeatableBatch } from "../../../lib/d1/batch.ts";
import { numberColumn, numberColumnOrNull, textColumn, textColumnOrNull } from "../../../lib/d1/row.ts";
import type { Row } from "../../../lib/d1/row.ts";

/** How far the messages are indexed. */
interface IndexState {
	/** The rowid up to which they are. */
	through: number;
}

const STATE_SQL = `
	SELECT s.indexed_through, s.message_id, m.id AS found_id, (SELECT MAX(rowid) FROM chat_messages) AS last
	FROM session_index_state s
	LEFT JOIN chat_messages m ON m.rowid = s.indexed_through
	WHERE s.id = 1
`;

/**
 * How far the messages are indexed, 0 at first. A trigger keeps it behind the newest message, as its rowid may come again; in a
 * database that was exported and imported all messages have others, which shows in another message standing there, or none
 * after it: then all begins anew, and finds most of it done.
 * @throws {ApiError} unavailable
 */
export async function indexState(db: D1Database): Promise<IndexState> {
	const [, [row = {}] = []] = await repeatableBatch(db, [
		db.prepare("INSERT INTO session_index_state (id) VALUES (1) ON CONFLICT (id) DO NOTHING"),
		db.prepare(STATE_SQL),
	]);
	const through = numberColumn(row, "indexed_through");
	if (!isAnother(row, through)) return { through };
	await repeatableBatch(db, [
		db
			.prepare(
				"UPDATE session_index_state SET indexed_through = 0, message_id = NULL WHERE id = 1 AND indexed_through = ?1",
			)
			.bind(through),
	]);
	return { through: 0 };
}

function isAnother(row: Row, through: number): boolean {
	const [kept, found] = [textColumnOrNull(row, "message_id"), textColumnOrNull(row, "found_id")];
	return through > (numberColumnOrNull(row, "last") ?? 0) || (kept !== null && found !== null && kept !== found);
}

/**
 * The statement that notes that all is indexed up to a message. It does nothing where another run has gone on from there, and
 * where the message has gone: its rowid may be another one's by now.
 * @param from as the run found it
 * @param message row with its place and id
 */
export function moveOnStatement(db: D1Database, from: number, message: Row): D1PreparedStatement {
	return db
		.prepare(`
			UPDATE session_index_state SET indexed_through = ?2, message_id = ?3
			WHERE id = 1 AND indexed_through = ?1 AND EXISTS (SELECT 1 FROM chat_messages WHERE rowid = ?2 AND id = ?3)
		`)
		.bind(from, numberColumn(message, "place"), textColumn(message, "id"));
}
