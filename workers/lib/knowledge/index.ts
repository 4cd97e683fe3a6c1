import { batch, repeatableBatch } from "../d1/batch.ts";
import { textColumn } from "../d1/row.ts";
import { passagesOf } from "./passages.ts";
import type { Passage } from "./passages.ts";
import { questionKey } from "./terms.ts";
import type { Row } from "../d1/row.ts";

/** An article or a curated answer. */
export interface KnowledgeText {
	orgId: string;
	id: string;
	title: string;
	body: string;
}

/** Passages are only ever written for the text they are of: whoever wrote another one meanwhile has written its passages as well. */
const STILL_SAYS = "EXISTS (SELECT 1 FROM knowledge WHERE org_id = ?1 AND id = ?2 AND title = ?3 AND body = ?4)";

/**
 * The statements that put these passages in the place of those that a text has. They go into the batch that writes the text,
 * behind it, with `knowledge.passages` set to their number.
 */
export function passageStatements(
	db: D1Database,
	text: KnowledgeText,
	passages: readonly Passage[],
): D1PreparedStatement[] {
	const bound = [text.orgId, text.id, text.title, text.body];
	return [
		db.prepare(`DELETE FROM knowledge_passages WHERE knowledge_id = ?2 AND ${STILL_SAYS}`).bind(...bound),
		db
			.prepare(`
				INSERT INTO knowledge_passages (knowledge_id, position, content)
				SELECT ?2, listed.key, listed.value FROM json_each(?5) listed WHERE ${STILL_SAYS}
			`)
			.bind(...bound, JSON.stringify(passages.map(({ content }) => content))),
		// A list, by passage, of objects from term to weight: one statement for all.
		db
			.prepare(`
				INSERT INTO knowledge_terms (org_id, term, weight, passage_id)
				SELECT ?1, word.key, word.value, p.id
				FROM json_each(?5) listed
				CROSS JOIN knowledge_passages p ON p.knowledge_id = ?2 AND p.position = listed.key
				CROSS JOIN json_each(listed.value) word
				WHERE ${STILL_SAYS}
			`)
			.bind(...bound, JSON.stringify(passages.map(({ weights }) => Object.fromEntries(weights)))),
	];
}

/**
 * Makes the passages of texts that have none, which is so of what was written by hand (SQL, sample data), at most `limit`.
 * @returns how many there were; `limit` = there may be more
 * @throws {ApiError} unavailable
 */
export async function indexUnsearchable(db: D1Database, limit: number): Promise<number> {
	const [rows = []] = await repeatableBatch(db, [
		db.prepare("SELECT org_id, id, title, body FROM knowledge WHERE passages = 0 ORDER BY id LIMIT ?1").bind(limit),
	]);
	for (const row of rows) await batch(db, indexStatements(db, row));
	return rows.length;
}

function indexStatements(db: D1Database, row: Row): D1PreparedStatement[] {
	const text = {
		orgId: textColumn(row, "org_id"),
		id: textColumn(row, "id"),
		title: textColumn(row, "title"),
		body: textColumn(row, "body"),
	};
	const passages = passagesOf(text.title, text.body);
	const bound = [text.orgId, text.id, text.title, text.body];
	const count = db
		.prepare(`UPDATE knowledge SET passages = ?5 WHERE org_id = ?1 AND id = ?2 AND ${STILL_SAYS}`)
		.bind(...bound, passages.length);
	// A curated answer is found by its question as it stands now; where another has that already, it keeps what it had.
	const key = db
		.prepare(
			`UPDATE OR IGNORE knowledge SET question_key = ?5 WHERE org_id = ?1 AND id = ?2 AND kind = 'answer' AND question_key <> ?5 AND ${STILL_SAYS}`,
		)
		.bind(...bound, questionKey(text.title));
	return [...passageStatements(db, text, passages), count, key];
}
