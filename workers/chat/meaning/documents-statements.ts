import { packedCells, numberColumn, textColumn } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { asksAnyoneSql } from "../../lib/site/admission.ts";
import { spaceName } from "../../lib/knowledge/meaning/space.ts";
import type { EmbeddingSpace } from "../../lib/knowledge/meaning/space.ts";
import { isWholeSql } from "../../lib/knowledge/whole.ts";

/** Texts of which a run may choose at once: more are found once these are done. */
export const MAX_PENDING = 300;
/** A text of more passages, which the portal takes none of, is found by its words alone. */
const MAX_PASSAGES = 1000;

/** A text whose passages have no vectors of the current model. */
export interface PendingText {
	id: string;
	orgId: string;
	/** How many it has. */
	passages: number;
}

/** A text as it is embedded. */
export interface EmbeddedText {
	id: string;
	title: string;
	/** It is stored only where the text still has it. */
	version: number;
	passages: readonly { id: number; content: string }[];
}

/** The texts on one side of a space's name, but those of the orgs and texts named in ?3. @param side of `embedded_by`, so that the index gives them alone */
const pendingSql = (side: "<" | ">"): string => `
	SELECT id, org_id, passages FROM (
		SELECT k.id, k.org_id, k.passages
		FROM knowledge k INDEXED BY knowledge_by_embedding
		CROSS JOIN orgs o ON o.id = k.org_id AND o.erasure_id IS NULL AND NOT ${isWholeSql("?2")} AND ${asksAnyoneSql("o.id")}
		WHERE k.passages > 0 AND k.passages <= ${MAX_PASSAGES} AND k.embedded_by ${side} ?1
			AND k.org_id NOT IN (SELECT value FROM json_each(?3)) AND k.id NOT IN (SELECT value FROM json_each(?3))
		LIMIT ${MAX_PENDING})
`;

const PENDING_SQL = `${pendingSql("<")} UNION ALL ${pendingSql(">")}`;

/**
 * The statement that finds texts, of any org, without vectors of this space: new ones, changed ones, and all after a change of model.
 * Those of an org whose knowledge is shown whole need none, and those of one whose `provider_policy` is baa leave for no vendor that
 * embeds.
 * @param wholeTokens as `SearchQuestion.wholeTokens`
 * @param passedOver ids of orgs and texts of which a run has learned that they cannot be embedded now: they keep nobody else waiting
 */
export function pendingStatement(
	db: D1Database,
	space: EmbeddingSpace,
	wholeTokens: number,
	passedOver: Iterable<string>,
): D1PreparedStatement {
	return db.prepare(PENDING_SQL).bind(spaceName(space), wholeTokens, JSON.stringify([...passedOver]));
}

export function parsePending(row: Row): PendingText {
	return { id: textColumn(row, "id"), orgId: textColumn(row, "org_id"), passages: numberColumn(row, "passages") };
}

/** A text's passages, over `knowledge k`: a JSON list of what `?` says. */
function passagesSql(what: string): string {
	return `(SELECT json_group_array(${what}) FROM (SELECT id, content FROM knowledge_passages WHERE knowledge_id = k.id ORDER BY position) p)`;
}

const TEXTS_SQL = `
	SELECT k.id, k.title, k.version, ${passagesSql("json_array(p.id, p.content)")} AS passages
	FROM json_each(?2) listed
	CROSS JOIN knowledge k ON k.id = listed.value AND k.org_id = ?1
`;

/** The statement that reads texts of an org with their passages. */
export function textsStatement(db: D1Database, orgId: string, ids: readonly string[]): D1PreparedStatement {
	return db.prepare(TEXTS_SQL).bind(orgId, JSON.stringify(ids));
}

export function parseText(row: Row): EmbeddedText {
	const cells = packedCells(row, "passages");
	return {
		id: textColumn(row, "id"),
		title: textColumn(row, "title"),
		version: numberColumn(row, "version"),
		passages: cells.map(([id, content]) => ({ id: Number(id), content: String(content) })),
	};
}

/** A text with its vectors, as `packVectors` gives them. */
export interface VectorsOfText {
	text: EmbeddedText;
	packed: readonly { first: number; vectors: string }[];
}

/** Those of the listed texts that still say what was embedded. ?1 is the org, ?2 the list. */
const UNCHANGED_SQL = `
	json_each(?2) listed
	CROSS JOIN knowledge k ON k.id = listed.value ->> 'id' AND k.org_id = ?1 AND k.version = listed.value ->> 'version'
		AND listed.value -> 'passages' = ${passagesSql("p.id")}
`;

const STORE_SQL = [
	`DELETE FROM knowledge_vectors WHERE org_id = ?1 AND knowledge_id IN (SELECT k.id FROM ${UNCHANGED_SQL})`,
	`INSERT INTO knowledge_vectors (org_id, model, dimensions, knowledge_id, first_position, vectors)
	SELECT ?1, ?3, ?4, k.id, run.value ->> 'first', run.value ->> 'vectors'
	FROM ${UNCHANGED_SQL} CROSS JOIN json_each(listed.value, '$.packed') run`,
	`UPDATE knowledge SET embedded_by = ?3
	WHERE org_id = ?1 AND id IN (SELECT k.id FROM ${UNCHANGED_SQL})
	RETURNING id`,
];

/**
 * The statements that put texts' vectors in the place of all that they had, of whatever model. A text that was changed meanwhile is
 * passed over, and stays pending; so they may be sent twice. The last one gives a row for each that was stored.
 */
export function storeStatements(
	db: D1Database,
	orgId: string,
	space: EmbeddingSpace,
	texts: readonly VectorsOfText[],
): D1PreparedStatement[] {
	const list = texts.map(({ text: { id, version, passages }, packed }) => ({
		id,
		version,
		passages: passages.map((passage) => passage.id),
		packed,
	}));
	const [remove = "", insert = "", note = ""] = STORE_SQL;
	const json = JSON.stringify(list);
	return [
		db.prepare(remove).bind(orgId, json),
		db.prepare(insert).bind(orgId, json, space.model, space.dimensions),
		db.prepare(note).bind(orgId, json, spaceName(space)),
	];
}
