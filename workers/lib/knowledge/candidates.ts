/** Terms of a question by which passages are found and scored, those that tell most. */
const MAX_SCORED_TERMS = 24;
/**
 * Passages that are candidates, about: each term brings in those in which it weighs most, the more of them the more of what the question
 * tells it tells. What a term leaves out another one may bring in, and a candidate is scored by all of them.
 */
const CANDIDATES = 60;
/** How many a term brings in: the first of these that is not more than its share, or else the last. LIMIT takes no column. */
const BROUGHT_IN = [40, 24, 16, 12, 8, 6, 4];
const MOST_BROUGHT_IN = CANDIDATES + MAX_SCORED_TERMS * Math.min(...BROUGHT_IN);

const PLACES = Array.from({ length: MAX_SCORED_TERMS }, (_, place) => place);

/** The passages that a term brings in, as a JSON list; over `json_each` l of the terms. */
const broughtIn = (passages: number): string => `(SELECT json_group_array(passage_id) FROM (
						SELECT passage_id FROM knowledge_terms t WHERE t.org_id = told.org_id AND t.term = l.value ->> 0
						ORDER BY t.weight DESC LIMIT ${passages}))`;

const BROUGHT_IN_SQL = `CASE ${BROUGHT_IN.slice(0, -1)
	.map(
		(passages) => `WHEN (l.value ->> 1) * ${CANDIDATES} >= told.found_score * ${passages} THEN ${broughtIn(passages)}`,
	)
	.join(" ")} ELSE ${broughtIn(Math.min(...BROUGHT_IN))} END`;

/** What the term of a place counts in a passage; NULL = the passage does not have it. */
const scoreOf = (place: number): string => `(
				SELECT t.weight * (listed ->> '$[${place}][1]') FROM knowledge_terms t INDEXED BY knowledge_terms_by_passage
				WHERE t.passage_id = found.passage_id AND t.org_id = found.org_id AND t.term = found.t${place}) AS s${place}`;

/** Of each place something where the passage has its term, and 0 where not. */
const ofThose = (what: (place: number) => string): string[] =>
	PLACES.map((place) => `iif(s${place} IS NULL, 0, ${what(place)})`);

/**
 * The SQL of the passages of an org that score best by the terms of a question, over a table `weighed` of these with org_id, term, factor,
 * rarity, is_rare and found_in: CTEs of which the last, `ranked`, has org_id, passage_id, score, is_rare, covered, full_score and asked_score.
 * D1 counts a row each time that one is read, also of what a query keeps for itself, and none for a lookup that finds nothing: so terms are
 * columns, by which a candidate is looked up, and no table that would be read once for each of them.
 * @param fullFactor the factor from which a term is one of the question's own
 * @param ranked the most that are ranked
 */
export function rankedSql(fullFactor: number, ranked: number): string {
	return `
	told AS MATERIALIZED (
		SELECT *, ${PLACES.map((place) => `listed ->> '$[${place}][0]' AS t${place}`).join(", ")}
		FROM (
			SELECT org_id, SUM(rarity) FILTER (WHERE factor >= ${fullFactor}) AS full_score, SUM(factor * rarity) AS asked_score,
				SUM(factor * rarity) FILTER (WHERE found_in > 0) AS found_score,
				json_group_array(json_array(term, factor * rarity, MIN(factor, 1) * rarity, is_rare) ORDER BY factor * rarity DESC, term)
					FILTER (WHERE found_in > 0) AS listed
			FROM weighed)),
	ranked AS (
		SELECT org_id, passage_id, full_score, asked_score, score,
			${ofThose((place) => `listed ->> '$[${place}][2]'`).join(" + ")} AS covered,
			MAX(${ofThose((place) => `listed ->> '$[${place}][3]'`).join(", ")}) AS is_rare
		FROM (
			SELECT *, ${ofThose((place) => `s${place}`).join(" + ")} AS score
			FROM (
				SELECT org_id, full_score, asked_score, listed, passage_id, ${PLACES.map(scoreOf).join(", ")}
				FROM (
					SELECT DISTINCT j.value AS passage_id, told.*
					FROM told
					CROSS JOIN json_each(told.listed) l ON l.key < ${MAX_SCORED_TERMS}
					CROSS JOIN json_each(${BROUGHT_IN_SQL}) j) found
				LIMIT ${MOST_BROUGHT_IN})
			ORDER BY score DESC, passage_id
			LIMIT ${ranked}))`;
}
