import { batch, numberColumn, repeatableBatch, textColumn } from "./d1.ts";
import type { Row } from "./d1.ts";
import { passagesOf } from "./passages.ts";
import type { Passage } from "./passages.ts";

/** An article or a curated answer as it stands in the table while its passages are written. */
export interface KnowledgeKey {
	orgId: string;
	id: string;
	/** The version that must still stand; null = any. */
	version: number | null;
}

/** The condition of a write, over ?1 to ?3: all statements of one batch see the same row, so it holds for all or for none. */
export const STILL_STANDS = "EXISTS (SELECT 1 FROM knowledge WHERE org_id = ?1 AND id = ?2 AND (?3 IS NULL OR version = ?3))";

/**
 * The statements that put these passages in the place of those there are. They go into the batch that writes the text, with
 * `knowledge.passages` set to their number, and before whatever changes the version.
 */
export function passageStatements(db: D1Database, { orgId, id, version }: KnowledgeKey, passages: readonly Passage[]): D1PreparedStatement[] {
	const key = [orgId, id, version];
	return [
		db.prepare(`DELETE FROM knowledge_passages WHERE knowledge_id = ?2 AND ${STILL_STANDS}`).bind(...key),
		db
			.prepare(`
				INSERT INTO knowledge_passages (knowledge_id, position, content)
				SELECT ?2, listed.key, listed.value FROM json_each(?4) listed WHERE ${STILL_STANDS}
			`)
			.bind(...key, JSON.stringify(passages.map(({ content }) => content))),
		// One statement for all: a list of objects from term to weight.
		db
			.prepare(`
				INSERT INTO knowledge_terms (org_id, term, weight, passage_id)
				SELECT ?1, word.key, word.value, p.id
				FROM json_each(?4) listed
				CROSS JOIN knowledge_passages p ON p.knowledge_id = ?2 AND p.position = listed.key
				CROSS JOIN json_each(listed.value) word
				WHERE ${STILL_STANDS}
			`)
			.bind(...key, JSON.stringify(passages.map(({ weights }) => Object.fromEntries(weights)))),
	];
}

/**
 * Makes the passages of texts that have none, which is so of what was written by hand (SQL, sample data), at most `limit`.
 * @returns how many there were; `limit` = there may be more
 * @throws {ApiError} unavailable
 */
export async function indexUnsearchable(db: D1Database, limit: number): Promise<number> {
	const [rows = []] = await repeatableBatch(db, [
		db.prepare("SELECT id, org_id, version, title, body FROM knowledge WHERE passages = 0 ORDER BY id LIMIT ?1").bind(limit),
	]);
	for (const row of rows) await batch(db, indexStatements(db, row));
	return rows.length;
}

function indexStatements(db: D1Database, row: Row): D1PreparedStatement[] {
	const key = { orgId: textColumn(row, "org_id"), id: textColumn(row, "id"), version: numberColumn(row, "version") };
	const passages = passagesOf(textColumn(row, "title"), textColumn(row, "body"));
	const count = db
		.prepare("UPDATE knowledge SET passages = ?4 WHERE org_id = ?1 AND id = ?2 AND version = ?3")
		.bind(key.orgId, key.id, key.version, passages.length);
	return [...passageStatements(db, key, passages), count];
}
