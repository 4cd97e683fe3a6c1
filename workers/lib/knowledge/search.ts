import { numberColumn, numberColumnOrNull, textColumn, textColumnOrNull } from "../d1/row.ts";
import type { Row } from "../d1/row.ts";
import type { MeaningHit, WordHit } from "./meaning/fusion.ts";
import { FADING } from "./question.ts";
import type { Question } from "./question.ts";
import { ownerParameters, sqlByOwner } from "../site/search-key.ts";
import type { OwnerSql, SearchKey } from "../site/search-key.ts";
import { MEANT_SQL, TYPO_FACTOR } from "./spellings.ts";
import { PASSAGE_VECTOR_SQL } from "./meaning/space.ts";
import { rankedSql } from "./candidates.ts";
import { OWN_WEIGHT } from "./query-terms.ts";
import type { EmbeddingSpace } from "./meaning/space.ts";
import { vectorChars } from "./meaning/vectors.ts";
import { entryOf, isWholeSql } from "./whole.ts";
import type { WholeEntry } from "./whole.ts";

/** Passages that a search gives. */
export const MAX_RANKED = 24;
/** The same where their vectors are to rank them anew. */
const MAX_CANDIDATES = 40;
/** A term is rare that is in no more than a tenth of the passages, or in no more than two. */
const RARE_SHARE = 10;
const RARE_PASSAGES = 2;
/** Terms that are searched for at once, the weightiest. */
const MAX_TERMS = 40;

/** A passage that may answer a question. */
export interface KnownPassage extends WholeEntry {
	/** The passage's own id. */
	key: number;
}

/** A passage found by its words. */
export interface FoundPassage extends KnownPassage, WordHit {
	/** The whole of a curated answer, which a passage may be a part of; null = an article's. */
	answer: string | null;
	/** Its packed vector, where the search was to bring it; null = it has none. */
	vector: string | null;
}

/** What a comparison of a question's meaning with passages gives. */
interface FoundByMeaning {
	/** Of all that were compared, in any order. */
	hits: readonly MeaningHit[];
	/** Those of them that words need not have found. */
	passages: readonly KnownPassage[];
	/** As `namesCode`. */
	hasCode: boolean;
	/** As `Question.earlierWeight`: what was compared is the message alone, without what it leans on. */
	earlierWeight: number;
}

/** What a search gives. */
export interface FoundPassages {
	/** The best first; none when the org has nothing on it, or so little that all of it is shown. */
	byWords: FoundPassage[];
	/** What a passage would score that had each of the question's own words as often as usual; 0 where nothing was found. */
	fullScore: number;
	/** undefined = words alone were searched for. */
	byMeaning: FoundByMeaning | undefined;
}

/** What is searched for, and where not. */
export interface SearchQuestion extends Question {
	/**
	 * The turn that asks, begun before in the same batch, or, where the org is named, the session that it is asked in: the earlier
	 * messages weigh in. null = there is none.
	 */
	conversationId: string | null;
	/** An org whose knowledge takes no more tokens is shown it whole (`wholeStatement`), unless its plan says otherwise. */
	wholeTokens: number;
}

/** How many passages of an org have a term. */
const foundIn = (org: string, term: string): string =>
	`COALESCE((SELECT c.passages FROM knowledge_term_counts c WHERE c.org_id = ${org} AND c.term = ${term}), 0)`;

/**
 * Its ?3 is the JSON list of `[term, weight, is_own]`, ?4 the conversation, ?5 what the terms of the message before count, ?6 the tokens.
 * @param ranked the most that are ranked
 * @param vector the SQL of a passage's vector, over `knowledge k` and `knowledge_passages p`
 */
const searchSql = ({ from, where, earlier }: OwnerSql, ranked: number, vector: string): string => `
	WITH asked AS MATERIALIZED (
		SELECT o.id AS org_id, q.term, q.factor, q.is_own, o.knowledge_passages AS passages, ${foundIn("o.id", "q.term")} AS found_in
		FROM ${from}
		JOIN (
			SELECT term, SUM(factor) AS factor, MAX(is_own) AS is_own FROM (
				SELECT a.value ->> 0 AS term, a.value ->> 1 AS factor, a.value ->> 2 AS is_own FROM json_each(?3) a
				UNION ALL
				SELECT w.value ->> 0, (w.value ->> 1) * ?5 * pow(${FADING}, ${earlier.age}), w.value ->> 1 = m.value ->> '$[0][1]'
				FROM ${earlier.from}
				CROSS JOIN json_each(m.value) w
				WHERE ${earlier.where} AND ?5 > 0) said
			GROUP BY term ORDER BY factor DESC LIMIT ${MAX_TERMS}) q
		WHERE ${where} AND NOT ${isWholeSql("?6")}),
	meant AS MATERIALIZED (${MEANT_SQL}),
	sought AS (
		SELECT org_id, term, factor, passages, found_in FROM asked miss
		WHERE found_in > 0 OR NOT EXISTS (SELECT 1 FROM meant WHERE typed = miss.term)
		UNION ALL
		SELECT org_id, term, MAX(factor), passages, ${foundIn("near.org_id", "near.term")}
		FROM meant near WHERE term NOT IN (SELECT term FROM asked) GROUP BY term),
	weighed AS (
		SELECT org_id, term, factor, found_in, ln((passages + 1) / (found_in + 0.5)) AS rarity,
			found_in <= MAX(${RARE_PASSAGES}, passages / ${RARE_SHARE}) AS is_rare
		FROM sought),
	${rankedSql(TYPO_FACTOR, ranked)}
	SELECT k.id, k.kind, k.title, p.content, k.source_url, ranked.score, CASE k.kind WHEN 'answer' THEN k.body END AS answer,
		p.id AS passage_id, ranked.is_rare, ranked.covered, ranked.full_score, ranked.asked_score,
		${vector} AS vector
	FROM ranked
	CROSS JOIN knowledge_passages p ON p.id = ranked.passage_id
	CROSS JOIN knowledge k ON k.id = p.knowledge_id AND k.org_id = ranked.org_id
	WHERE ranked.score > 0
	ORDER BY ranked.score DESC, ranked.passage_id
`;

const wordsSql = sqlByOwner((owner) => searchSql(owner, MAX_RANKED, "NULL"));
const candidatesSql = sqlByOwner((owner) => searchSql(owner, MAX_CANDIDATES, PASSAGE_VECTOR_SQL));

/**
 * The statement that ranks an org's passages by the terms of a question (BM25), with those of the messages before it where
 * it leans on them. A site's org is found by the key alone, so it can stand in the same batch as the lookup of the site; whether the
 * site may be used is for that one to say. By index it reads one row of each term, some sixty of the passages in which they weigh most, and of
 * these as many more as they have of the terms, however much there is (`rankedSql`). A site that does not exist finds nothing, nor
 * does one whose org is shown its knowledge whole. The best 24.
 */
export function searchStatement(db: D1Database, key: SearchKey, question: SearchQuestion): D1PreparedStatement {
	return db.prepare(wordsSql(key)).bind(...parameters(key, question));
}

/**
 * The same with the vectors of what it finds, for an org with too many passages to compare all of them: the best forty by words,
 * each with its vector in this space.
 */
export function candidatesStatement(
	db: D1Database,
	key: SearchKey,
	question: SearchQuestion,
	{ model, dimensions }: EmbeddingSpace,
): D1PreparedStatement {
	return db.prepare(candidatesSql(key)).bind(...parameters(key, question), model, dimensions, vectorChars(dimensions));
}

function parameters(key: SearchKey, { terms, earlierWeight, conversationId, wholeTokens }: SearchQuestion): unknown[] {
	const listed = JSON.stringify(
		terms.map(({ term, weight, isOwn }) => [term, weight, (isOwn ?? weight === OWN_WEIGHT) ? 1 : 0]),
	);
	return [...ownerParameters(key), listed, conversationId, earlierWeight, wholeTokens];
}

/** Reads the rows of a `searchStatement` or a `candidatesStatement`. */
export function foundPassages(rows: readonly Row[]): FoundPassages {
	const [first] = rows;
	const fullScore = first === undefined ? 0 : (numberColumnOrNull(first, "full_score") ?? 0);
	// A message without a word of its own is covered by what it leans on.
	const whole = fullScore > 0 || first === undefined ? fullScore : numberColumn(first, "asked_score");
	const byWords = rows.map((row) => ({
		...entryOf(row),
		content: textColumn(row, "content"),
		answer: textColumnOrNull(row, "answer"),
		score: numberColumn(row, "score"),
		key: numberColumn(row, "passage_id"),
		isRare: row.is_rare === 1,
		coverage: whole > 0 ? Math.min(1, numberColumn(row, "covered") / whole) : 0,
		vector: textColumnOrNull(row, "vector"),
	}));
	return { byWords, fullScore, byMeaning: undefined };
}
