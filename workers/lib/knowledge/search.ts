import { numberColumn, numberColumnOrNull, textColumn, textColumnOrNull } from "../d1/row.ts";
import type { Row } from "../d1/row.ts";
import { HAS_KEY_SQL } from "../site/admission.ts";
import type { Question } from "./question.ts";
import { entryOf, isWholeSql } from "./whole.ts";
import type { SearchKey, WholeEntry } from "./whole.ts";

/** Passages that a search gives. */
const MAX_RANKED = 24;
/** Only so many passages of each term are ranked, those in which it weighs most. */
const MAX_RANKED_OF_TERM = 100;
/** A term that is in more passages counts as if it were in so many: that is often enough to tell little. */
const MAX_COUNTED_OF_TERM = 300;
/** Terms that are searched for at once, the weightiest. */
const MAX_TERMS = 40;
/** What a message's terms count for the message after the next, beside the next. */
const FADING = 0.6;

/** A passage that may answer a question. */
export interface FoundPassage extends WholeEntry {
	/** The whole of a curated answer, which a passage may be a part of; null = an article's. */
	answer: string | null;
	/** Comparable within one search only. */
	score: number;
}

/** What a search by words gives. */
export interface FoundPassages {
	/** At most 24, the best first; none when the org has nothing on it, or so little that all of it is shown. */
	byWords: FoundPassage[];
	/** What a passage would score that had each of the question's own words as often as usual; 0 where nothing was found. */
	fullScore: number;
}

/** What is searched for, and where not. */
export interface SearchQuestion extends Question {
	/** The turn that asks, begun before in the same batch: its session's earlier messages weigh in. null = there is none. */
	turnId: string | null;
	/** An org whose knowledge takes no more tokens is shown it whole (`wholeStatement`), unless its plan says otherwise. */
	wholeTokens: number;
}

/** Its ?3 is the JSON list of `[term, weight]`, ?4 the turn, ?5 what the terms of the message before count, ?6 the tokens. */
const SEARCH_SQL = `
	WITH asked AS MATERIALIZED (
		SELECT o.id AS org_id, q.term, q.factor, o.knowledge_passages AS passages,
			(SELECT COUNT(*) FROM (
				SELECT 1 FROM knowledge_terms WHERE org_id = o.id AND term = q.term LIMIT ${MAX_COUNTED_OF_TERM}) counted) AS found_in,
			(SELECT weight FROM knowledge_terms WHERE org_id = o.id AND term = q.term
				ORDER BY weight DESC LIMIT 1 OFFSET ${MAX_RANKED_OF_TERM}) AS too_light
		FROM portal_sites s
		JOIN orgs o ON o.id = s.org_id AND NOT ${isWholeSql("?6")}
		JOIN (
			SELECT term, SUM(factor) AS factor FROM (
				SELECT a.value ->> 0 AS term, a.value ->> 1 AS factor FROM json_each(?3) a
				UNION ALL
				SELECT w.value ->> 0, (w.value ->> 1) * ?5 * pow(${FADING}, m.key - 1)
				FROM turns t
				CROSS JOIN chat_sessions c ON c.id = t.session_id
				CROSS JOIN json_each(c.topic) m ON m.key > 0
				CROSS JOIN json_each(m.value) w
				WHERE t.id = ?4 AND ?5 > 0) said
			GROUP BY term ORDER BY factor DESC LIMIT ${MAX_TERMS}) q
		WHERE ${HAS_KEY_SQL}),
	ranked AS (
		SELECT asked.org_id, t.passage_id, SUM(asked.factor * t.weight * ln((asked.passages + 1) / (asked.found_in + 0.5))) AS score
		FROM asked
		CROSS JOIN knowledge_terms t ON t.org_id = asked.org_id AND t.term = asked.term AND t.weight > COALESCE(asked.too_light, 0)
		GROUP BY t.passage_id
		ORDER BY score DESC, t.passage_id
		LIMIT ${MAX_RANKED})
	SELECT k.id, k.kind, k.title, p.content, k.source_url, ranked.score, CASE k.kind WHEN 'answer' THEN k.body END AS answer,
		(SELECT SUM(ln((passages + 1) / (found_in + 0.5))) FROM asked WHERE factor >= 1) AS full_score
	FROM ranked
	CROSS JOIN knowledge_passages p ON p.id = ranked.passage_id
	CROSS JOIN knowledge k ON k.id = p.knowledge_id AND k.org_id = ranked.org_id
	WHERE ranked.score > 0
	ORDER BY ranked.score DESC, ranked.passage_id
`;

/**
 * The statement that ranks the passages of a site's org by the terms of a question (BM25), with those of the messages before it where
 * it leans on them. The org is found by the key alone, so it can stand in the same batch as the lookup of the site; whether the
 * site may be used is for that one to say. It reads at most 500 rows a term, by index, however much there is. A site that
 * does not exist finds nothing, nor does one whose org is shown its knowledge whole.
 */
export function searchStatement(
	db: D1Database,
	{ siteKey, now }: SearchKey,
	{ terms, earlierWeight, turnId, wholeTokens }: SearchQuestion,
): D1PreparedStatement {
	const listed = JSON.stringify(terms.map(({ term, weight }) => [term, weight]));
	return db.prepare(SEARCH_SQL).bind(siteKey, now, listed, turnId, earlierWeight, wholeTokens);
}

/** Reads the rows of a `searchStatement`. */
export function foundPassages(rows: readonly Row[]): FoundPassages {
	const byWords = rows.map((row) => ({
		...entryOf(row),
		content: textColumn(row, "content"),
		answer: textColumnOrNull(row, "answer"),
		score: numberColumn(row, "score"),
	}));
	return { byWords, fullScore: rows[0] === undefined ? 0 : (numberColumnOrNull(rows[0], "full_score") ?? 0) };
}
