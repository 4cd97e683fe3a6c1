// A word that no passage has is taken for a term of the same beginning of which it lacks a letter, has one too many, another one or two that
// changed places. Shorter ones, or with another letter, are as often another word ("bread", "break"); longer ones have no spellings.
const TYPED_MIN_CHARS = 5;
const OTHER_LETTER_MIN_CHARS = 6;
const TYPED_MAX_CHARS = 24;
/** What a term counts that a word was probably meant to be, where no passage has the word: beside one that was typed so. */
export const TYPO_FACTOR = 0.9;
/** The same of a term that a word only begins with: its ending is mistyped, or another language's. */
const BEGINNING_FACTOR = 0.6;
const BEGINNING_MIN_CHARS = 5;
const ENDING_MAX_CHARS = 4;

const TYPED = `length(miss.term) BETWEEN ${TYPED_MIN_CHARS} AND ${TYPED_MAX_CHARS} AND miss.term NOT GLOB '*[0-9]*'`;
const LETTERS = `(VALUES ${Array.from({ length: TYPED_MAX_CHARS + 1 }, (_, place) => `(${place})`).join(", ")})`;

/**
 * The SQL of the terms that words were probably meant to be, by index (`knowledge_spellings`), over a table `asked` of the terms of a question
 * with org_id, term, factor, passages, found_in (how many passages have it) and is_own (it is the visitor's own word, no other
 * word for it): org_id, typed, term, factor, passages.
 */
export const MEANT_SQL = `
		SELECT miss.org_id, miss.term AS typed, s.term, ${TYPO_FACTOR} * miss.factor AS factor, miss.passages
		FROM asked miss
		CROSS JOIN ${LETTERS} letter ON letter.column1 <= length(miss.term)
		CROSS JOIN knowledge_spellings s ON s.org_id = miss.org_id
			AND s.spelling = iif(letter.column1 = 0, miss.term, substr(miss.term, 1, letter.column1 - 1) || substr(miss.term, letter.column1 + 1))
			AND (s.place = 0 OR letter.column1 = 0 OR abs(s.place - letter.column1) = 1 OR (s.place = letter.column1 AND length(miss.term) >= ${OTHER_LETTER_MIN_CHARS}))
			AND substr(s.term, 1, 1) = substr(miss.term, 1, 1)
		WHERE miss.found_in = 0 AND miss.is_own AND ${TYPED}
		UNION
		SELECT miss.org_id, miss.term, substr(miss.term, 1, letter.column1), ${BEGINNING_FACTOR} * miss.factor, miss.passages
		FROM asked miss
		CROSS JOIN ${LETTERS} letter ON letter.column1 BETWEEN MAX(${BEGINNING_MIN_CHARS}, length(miss.term) - ${ENDING_MAX_CHARS}) AND length(miss.term) - 1
		WHERE miss.found_in = 0 AND miss.is_own AND ${TYPED}
			AND EXISTS (SELECT 1 FROM knowledge_terms t WHERE t.org_id = miss.org_id AND t.term = substr(miss.term, 1, letter.column1))
`;
