import { textColumn, textColumnOrNull } from "../d1/row.ts";
import type { Row } from "../d1/row.ts";
import { ownerParameters, sqlByOwner } from "../site/search-key.ts";
import type { SearchKey } from "../site/search-key.ts";

/** A token is about four characters of English; of other scripts, which take more bytes, fewer. */
export const BYTES_PER_TOKEN = 4;
/** Articles and answers that an org may have (portal/knowledge); staff may have put in more by hand. */
const MAX_ENTRIES = 500;

/** An article or a curated answer, or a passage of one. */
export interface WholeEntry {
	knowledgeId: string;
	kind: "article" | "answer";
	/** The article's, or the curated question. */
	title: string;
	content: string;
	sourceUrl: string | null;
}

/**
 * The condition, over `orgs o`, that its knowledge is shown whole.
 * @param tokens the parameter with the tokens that it may take where the plan names no other number
 */
export function isWholeSql(tokens: `?${number}`): string {
	return `(o.knowledge_bytes <= ${BYTES_PER_TOKEN} * COALESCE((SELECT knowledge_whole_tokens FROM plans WHERE id = o.plan), ${tokens}))`;
}

/**
 * The same of an org that has been read.
 * @param planTokens null = the plan names no number
 */
export function isShownWhole(bytes: number, planTokens: number | null, tokens: number): boolean {
	return bytes <= BYTES_PER_TOKEN * (planTokens ?? tokens);
}

/** The org is looked up by itself, so that the entries come in the index's own order. */
const wholeSql = sqlByOwner(
	({ from, where }) => `
	SELECT k.id, k.kind, k.title, k.body AS content, k.source_url
	FROM knowledge k INDEXED BY knowledge_by_org
	WHERE k.org_id = (
		SELECT o.id FROM ${from} WHERE ${where} AND ${isWholeSql("?3")} LIMIT 1)
	ORDER BY k.updated_at, k.id
	LIMIT ${MAX_ENTRIES}
`,
);

/**
 * The statement that reads all that an org has written, where that is little, and nothing where it is more: then
 * `searchStatement` finds what is near. What was changed last stands last, so that the beginning stays the same.
 * @param wholeTokens as `SearchQuestion.wholeTokens`
 */
export function wholeStatement(db: D1Database, key: SearchKey, wholeTokens: number): D1PreparedStatement {
	return db.prepare(wholeSql(key)).bind(...ownerParameters(key), wholeTokens);
}

/** Reads the rows of a `wholeStatement`. */
export function wholeEntries(rows: readonly Row[]): WholeEntry[] {
	return rows.map((row) => ({ ...entryOf(row), content: textColumn(row, "content") }));
}

/** The columns of `knowledge` that searching and reading whole have in common. */
export function entryOf(row: Row): Omit<WholeEntry, "content"> {
	return {
		knowledgeId: textColumn(row, "id"),
		kind: textColumn(row, "kind") === "answer" ? "answer" : "article",
		title: textColumn(row, "title"),
		sourceUrl: textColumnOrNull(row, "source_url"),
	};
}
