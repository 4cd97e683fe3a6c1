import { numberColumn, textColumn, textColumnOrNull } from "./d1.ts";
import type { Row } from "./d1.ts";
import type { QueryTerm } from "./query-terms.ts";

/** Passages a search gives. */
const MAX_PASSAGES = 5;
/** Of these, of one article. */
const MAX_PASSAGES_OF_ONE = 2;
const MAX_RANKED = 12;
/** Of each term only so many passages are ranked, those in which it weighs most. */
const MAX_RANKED_OF_TERM = 100;
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
	/** > 0; comparable within one search only. */
	score: number;
}

export interface SearchKey {
	siteKey: string;
	/** ISO instant, for the grace of the key before the last rotation. */
	now: string;
}

/**
 * The statement that ranks the passages of a site's org by the terms of a question (BM25). The org is found by the key alone,
 * so it can stand in the same batch as the lookup of the site; whether the site may be used is for that one to say. It reads
 * at most 500 rows a term, by index, however much there is. A site that does not exist finds nothing.
 */
export function searchStatement(db: D1Database, { siteKey, now }: SearchKey, terms: readonly QueryTerm[]): D1PreparedStatement {
	return db
		.prepare(`
			WITH asked AS MATERIALIZED (
				SELECT o.id AS org_id, a.value ->> 0 AS term, a.value ->> 1 AS factor, o.knowledge_passages AS passages,
					(SELECT COUNT(*) FROM (
						SELECT 1 FROM knowledge_terms WHERE org_id = o.id AND term = a.value ->> 0 LIMIT ${MAX_COUNTED_OF_TERM}) counted) AS found_in,
					(SELECT weight FROM knowledge_terms WHERE org_id = o.id AND term = a.value ->> 0
						ORDER BY weight DESC LIMIT 1 OFFSET ${MAX_RANKED_OF_TERM}) AS too_light
				FROM portal_sites s
				JOIN orgs o ON o.id = s.org_id
				JOIN json_each(?3) a
				WHERE s.site_key = ?1 OR (s.previous_key = ?1 AND s.previous_key_expires_at > ?2)),
			ranked AS (
				SELECT asked.org_id, t.passage_id, SUM(asked.factor * t.weight * ln((asked.passages + 1) / (asked.found_in + 0.5))) AS score
				FROM asked
				CROSS JOIN knowledge_terms t ON t.org_id = asked.org_id AND t.term = asked.term AND t.weight > COALESCE(asked.too_light, 0)
				GROUP BY t.passage_id
				ORDER BY score DESC, t.passage_id
				LIMIT ${MAX_RANKED})
			SELECT k.id, k.kind, k.title, p.content, k.source_url, ranked.score
			FROM ranked
			CROSS JOIN knowledge_passages p ON p.id = ranked.passage_id
			CROSS JOIN knowledge k ON k.id = p.knowledge_id AND k.org_id = ranked.org_id
			WHERE ranked.score > 0
			ORDER BY ranked.score DESC, ranked.passage_id
		`)
		.bind(siteKey, now, JSON.stringify(terms.map(({ term, weight }) => [term, weight])));
}

/** The best five passages of a `searchStatement`, at most two of one article; none when the org has nothing on it. */
export function foundPassages(rows: readonly Row[]): FoundPassage[] {
	const counts = new Map<string, number>();
	const best = rows.map(passageOf).filter(({ knowledgeId }) => {
		const count = (counts.get(knowledgeId) ?? 0) + 1;
		counts.set(knowledgeId, count);
		return count <= MAX_PASSAGES_OF_ONE;
	});
	return best.slice(0, MAX_PASSAGES);
}

function passageOf(row: Row): FoundPassage {
	return {
		knowledgeId: textColumn(row, "id"),
		kind: textColumn(row, "kind") === "answer" ? "answer" : "article",
		title: textColumn(row, "title"),
		content: textColumn(row, "content"),
		sourceUrl: textColumnOrNull(row, "source_url"),
		score: numberColumn(row, "score"),
	};
}
