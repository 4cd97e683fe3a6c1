import { numberColumn, textColumn, textColumnOrNull } from "../d1/row.ts";
import type { Row } from "../d1/row.ts";
import { HAS_KEY_SQL } from "../site/admission.ts";
import type { QueryTerm } from "./query-terms.ts";

/** The most passages that a search calls the best. */
const MAX_PASSAGES = 5;
/** The most passages of one article among the best. */
const MAX_PASSAGES_OF_ONE = 2;
const MAX_RANKED = 12;
/** Only so many passages of each term are ranked, those in which it weighs most. */
const MAX_RANKED_OF_TERM = 100;
/** An org with no more passages than this is given all of them: there is little to choose from, and no question is in words too far off. */
const MAX_WHOLE = 12;
/** A term that is in more passages counts as if it were in so many: that is often enough to tell little. */
const MAX_COUNTED_OF_TERM = 300;

/** A passage that may answer a question. */
export interface FoundPassage {
	knowledgeId: string;
	kind: "article" | "answer";
	/** The article's, or the curated question. */
	title: string;
	/** At most 700 code points. */
	content: string;
	sourceUrl: string | null;
	/** Comparable within one search only; 0 = no word in common. */
	score: number;
}

/** What a search gives. */
export interface FoundPassages {
	/** The best five, at most two of one article; none when the org has nothing on it. */
	best: FoundPassage[];
	/** All others of an org with few passages, the nearer first; null where there are more. */
	others: FoundPassage[] | null;
}

/** Whose passages are searched: the org of the site with this key. */
export interface SearchKey {
	siteKey: string;
	/** ISO instant, for the grace of the key before the last rotation. */
	now: string;
}

/** Its ?3 is the JSON list of `[term, factor]`. */
const SEARCH_SQL = `
	WITH asked AS MATERIALIZED (
		SELECT o.id AS org_id, a.value ->> 0 AS term, a.value ->> 1 AS factor, o.knowledge_passages AS passages,
			(SELECT COUNT(*) FROM (
				SELECT 1 FROM knowledge_terms WHERE org_id = o.id AND term = a.value ->> 0 LIMIT ${MAX_COUNTED_OF_TERM}) counted) AS found_in,
			(SELECT weight FROM knowledge_terms WHERE org_id = o.id AND term = a.value ->> 0
				ORDER BY weight DESC LIMIT 1 OFFSET ${MAX_RANKED_OF_TERM}) AS too_light
		FROM portal_sites s
		JOIN orgs o ON o.id = s.org_id
		JOIN json_each(?3) a
		WHERE ${HAS_KEY_SQL}),
	ranked AS (
		SELECT asked.org_id, asked.passages, t.passage_id, SUM(asked.factor * t.weight * ln((asked.passages + 1) / (asked.found_in + 0.5))) AS score
		FROM asked
		CROSS JOIN knowledge_terms t ON t.org_id = asked.org_id AND t.term = asked.term AND t.weight > COALESCE(asked.too_light, 0)
		GROUP BY t.passage_id
		ORDER BY score DESC, t.passage_id
		LIMIT ${MAX_RANKED}),
	listed AS (
		SELECT org_id, passages, passage_id, score FROM ranked WHERE score > 0
		UNION ALL
		SELECT o.id, o.knowledge_passages, p.id, 0
		FROM portal_sites s
		JOIN orgs o ON o.id = s.org_id AND o.knowledge_passages <= ${MAX_WHOLE}
		CROSS JOIN knowledge k ON k.org_id = o.id
		CROSS JOIN knowledge_passages p ON p.knowledge_id = k.id
		WHERE ${HAS_KEY_SQL}
			AND p.id NOT IN (SELECT passage_id FROM ranked WHERE score > 0))
	SELECT k.id, k.kind, k.title, p.content, k.source_url, listed.score, listed.passages <= ${MAX_WHOLE} AS is_whole
	FROM listed
	CROSS JOIN knowledge_passages p ON p.id = listed.passage_id
	CROSS JOIN knowledge k ON k.id = p.knowledge_id AND k.org_id = listed.org_id
	ORDER BY listed.score DESC, listed.passage_id
`;

/**
 * The statement that ranks the passages of a site's org by the terms of a question (BM25). The org is found by the key alone,
 * so it can stand in the same batch as the lookup of the site; whether the site may be used is for that one to say. It reads
 * at most 500 rows a term, by index, however much there is; of an org with at most 12 passages those that share no word come
 * last. A site that does not exist finds nothing.
 */
export function searchStatement(
	db: D1Database,
	{ siteKey, now }: SearchKey,
	terms: readonly QueryTerm[],
): D1PreparedStatement {
	return db.prepare(SEARCH_SQL).bind(siteKey, now, JSON.stringify(terms.map(({ term, weight }) => [term, weight])));
}

/** Reads the rows of a `searchStatement`. */
export function foundPassages(rows: readonly Row[]): FoundPassages {
	const counts = new Map<string, number>();
	const best: FoundPassage[] = [];
	const others: FoundPassage[] = [];
	for (const row of rows) {
		const passage: FoundPassage = {
			knowledgeId: textColumn(row, "id"),
			kind: textColumn(row, "kind") === "answer" ? "answer" : "article",
			title: textColumn(row, "title"),
			content: textColumn(row, "content"),
			sourceUrl: textColumnOrNull(row, "source_url"),
			score: numberColumn(row, "score"),
		};
		const count = counts.get(passage.knowledgeId) ?? 0;
		const isBest = passage.score > 0 && best.length < MAX_PASSAGES && count < MAX_PASSAGES_OF_ONE;
		if (isBest) counts.set(passage.knowledgeId, count + 1);
		(isBest ? best : others).push(passage);
	}
	return { best, others: rows[0]?.is_whole === 1 ? others : null };
}
