import { numberColumn, packedCells, textColumn } from "../../d1/row.ts";
import type { Row } from "../../d1/row.ts";
import type { MeaningHit } from "./fusion.ts";
import { rememberMeanings } from "./meaning-memory.ts";
import type { Meanings } from "./meaning-memory.ts";
import type { FoundPassage, KnownPassage } from "../search.ts";
import { MAX_COMPARED, spaceName } from "./space.ts";
import type { EmbeddingSpace } from "./space.ts";
import { similarities, unpackVectors, vectorChars } from "./vectors.ts";
import { entryOf, isWholeSql } from "../whole.ts";
import { ownerParameters, sqlByOwner } from "../../site/search-key.ts";
import type { SearchKey } from "../../site/search-key.ts";

/** No org's: none is below 0. */
const NO_VERSION = -1;

/**
 * The first row is of the org, whether or not it has anything to compare. Its ?5 is the version that is known already. The length of a
 * text is asked in bytes, which SQLite knows without reading it: characters it would count, anew for each passage.
 */
const meaningsSql = sqlByOwner(
	({ from, where }) => `
	SELECT o.id AS org_id, o.knowledge_version AS version, k.id, k.kind, k.title, k.source_url, v.vectors,
		(SELECT json_group_array(json_array(run.id, run.content)) FROM (
			SELECT p.id, p.content FROM knowledge_passages p
			WHERE p.knowledge_id = v.knowledge_id AND p.position >= v.first_position
				AND p.position < v.first_position + octet_length(v.vectors) / ?6
			ORDER BY p.position) run) AS passages
	FROM ${from}
	LEFT JOIN knowledge_vectors v ON v.org_id = o.id AND v.model = ?3 AND v.dimensions = ?4
		AND NOT ${isWholeSql("?7")} AND o.knowledge_passages <= ${MAX_COMPARED} AND o.knowledge_version <> ?5
	LEFT JOIN knowledge k ON k.id = v.knowledge_id
	WHERE ${where}
`,
);

/**
 * The statement that reads what an org's passages mean, and the passages: all that has vectors in this space, in a row for each text
 * (58 passages at most), by key. It reads nothing where that is known already, where the knowledge is shown whole or is more than
 * can be compared. The org is found as in `searchStatement`.
 * @param known as `recallMeanings`
 * @param wholeTokens as `SearchQuestion.wholeTokens`
 */
export function meaningsStatement(
	db: D1Database,
	key: SearchKey,
	{ model, dimensions }: EmbeddingSpace,
	known: Meanings | undefined,
	wholeTokens: number,
): D1PreparedStatement {
	return db
		.prepare(meaningsSql(key))
		.bind(
			...ownerParameters(key),
			model,
			dimensions,
			known?.version ?? NO_VERSION,
			vectorChars(dimensions),
			wholeTokens,
		);
}

/**
 * Reads the rows of a `meaningsStatement`, and remembers what they hold.
 * @param known as the statement was given it: where it still counts there are no rows of it
 * @param now ms since the epoch
 * @returns undefined where there is nothing to compare
 */
export function readMeanings(
	rows: readonly Row[],
	space: EmbeddingSpace,
	known: Meanings | undefined,
	now: number,
): Meanings | undefined {
	const [first] = rows;
	if (first === undefined) return undefined;
	const orgId = textColumn(first, "org_id");
	const version = numberColumn(first, "version");
	if (known?.version === version) return known.orgId === orgId ? known : undefined;
	const meanings = meaningsIn(rows, space);
	if (meanings !== undefined) rememberMeanings(meanings, now);
	return meanings;
}

/** Reads the rows of a `meaningsStatement` that knew nothing; undefined where there is nothing to compare. */
export function meaningsIn(rows: readonly Row[], space: EmbeddingSpace): Meanings | undefined {
	const [first] = rows;
	const runs = rows.filter(({ vectors }) => vectors !== null).map(runOf);
	if (first === undefined || runs.length === 0) return undefined;
	return {
		orgId: textColumn(first, "org_id"),
		space: spaceName(space),
		version: numberColumn(first, "version"),
		passages: runs.flatMap(({ passages }) => passages),
		vectors: unpackVectors(
			runs.map(({ vectors }) => vectors),
			runs.map(({ passages }) => passages.length),
			space.dimensions,
		),
	};
}

function runOf(row: Row): { vectors: string; passages: KnownPassage[] } {
	const text = entryOf(row);
	const cells = packedCells(row, "passages");
	return {
		vectors: textColumn(row, "vectors"),
		passages: cells.map(([key, content]) => ({ ...text, key: Number(key), content: String(content) })),
	};
}

/** How near to a question all passages are of which it is known what they mean. */
export function compared({ passages, vectors }: Meanings, question: readonly number[]): MeaningHit[] {
	const near = similarities(vectors, question);
	return passages.map(({ key }, index) => ({ key, similarity: near[index] ?? 0 }));
}

/** The same for what words have found alone, of which those with a vector are compared. */
export function comparedCandidates(
	ranked: readonly FoundPassage[],
	question: readonly number[],
	{ dimensions }: EmbeddingSpace,
): MeaningHit[] {
	const known = ranked.flatMap(({ key, vector }) => (vector === null ? [] : [{ key, vector }]));
	const texts = known.map(({ vector }) => vector);
	const near = similarities(
		unpackVectors(
			texts,
			texts.map(() => 1),
			dimensions,
		),
		question,
	);
	return known.map(({ key }, index) => ({ key, similarity: near[index] ?? 0 }));
}
