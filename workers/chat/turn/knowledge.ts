import { textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import type { FoundPassage, FoundPassages, SearchKey } from "../../lib/knowledge/search.ts";
import { HAS_KEY_SQL } from "../../lib/site/admission.ts";
import { slotOf } from "../../lib/metrics/question-slot.ts";
import type { ReadyAnswer, Source } from "./turn.ts";

/** UTF-16 units of passages, titles included, that the model is shown. */
const KNOWLEDGE_MAX_CHARS = 3000;
/** A passage that scores less than this share of the best one's has only everyday words in common with the question. */
const LEAST_SCORE_SHARE = 0.35;

/** What is known of a question before the model is asked. */
export interface KnownQuestion {
	/** The owner's own answer to exactly this question. */
	curated: ReadyAnswer | undefined;
	/** Asked on this site before, so that its answer may lie in the cache, or is worth keeping there. */
	isCommon: boolean;
}

/** Its ?3 is the question, ?4 the slot of it. */
const KNOWN_SQL = `
	SELECT q.asked, k.id, k.title, k.body, k.source_url
	FROM portal_sites s
	LEFT JOIN knowledge k ON k.org_id = s.org_id AND k.question_key = ?3
	LEFT JOIN question_stats q ON q.org_id = s.org_id AND q.site_id = s.id AND q.slot = ?4 AND q.question = ?3
	WHERE ${HAS_KEY_SQL}
	LIMIT 1
`;

/**
 * The statement that looks a question up, in the org of a site that is named by its key: it stands in the batch that looks the
 * site up, which says whether the key may be used.
 * @param question its `questionKey`
 */
export function knownStatement(db: D1Database, { siteKey, now }: SearchKey, question: string): D1PreparedStatement {
	return db.prepare(KNOWN_SQL).bind(siteKey, now, question, slotOf(question));
}

export function knownQuestion(row: Row | undefined): KnownQuestion {
	return { curated: row === undefined ? undefined : curatedAnswer(row), isCommon: typeof row?.asked === "number" };
}

function curatedAnswer(row: Row): ReadyAnswer | undefined {
	const id = textColumnOrNull(row, "id");
	if (id === null) return undefined;
	const url = textColumnOrNull(row, "source_url");
	const sources = url === null ? [] : [{ title: textColumn(row, "title"), url }];
	return { text: textColumn(row, "body"), finish: "curated", sources, knowledgeIds: [id] };
}

/** What the model is shown of the knowledge, within its budget. */
export interface ShownPassages {
	/** Near enough to the best, the best first: what the answer rests on. */
	near: FoundPassage[];
	/** The remaining passages of an owner who has written little: a visitor's words need not be the owner's. */
	rest: FoundPassage[];
}

/** What of the passages found is shown: the best first, each whole, and the rest only of an org that has few. */
export function shownPassages({ best, others }: FoundPassages): ShownPassages {
	const least = (best[0]?.score ?? 0) * LEAST_SCORE_SHARE;
	let room = KNOWLEDGE_MAX_CHARS;
	const fits = ({ title, content }: FoundPassage): boolean => {
		const size = title.length + content.length;
		if (size > room) return false;
		room -= size;
		return true;
	};
	const near = best.filter(({ score }) => score >= least).filter(fits);
	const far = others === null ? [] : [...best.filter(({ score }) => score < least), ...others];
	return { near, rest: far.filter(fits) };
}

/** The ids of the articles and answers that passages are of, each once. */
export function idsOf(passages: readonly FoundPassage[]): string[] {
	return [...new Set(passages.map(({ knowledgeId }) => knowledgeId))];
}

/** Each article or answer once, by its best passage. */
export function sourcesOf(passages: readonly FoundPassage[]): Source[] {
	const byId = new Map(passages.map(({ knowledgeId, title, sourceUrl }) => [knowledgeId, { title, url: sourceUrl }]));
	return [...byId.values()];
}

/**
 * The statement that counts a use of each of these texts by a turn that is under way; those of another org are none of ours.
 * They are looked up by their ids: by their org all its texts would be read.
 */
export function hitsStatement(db: D1Database, turnId: string, ids: readonly string[]): D1PreparedStatement {
	return db
		.prepare(`
			UPDATE knowledge SET hits = hits + 1
			WHERE id IN (SELECT value FROM json_each(?2)) AND +org_id = (SELECT org_id FROM turns WHERE id = ?1)
		`)
		.bind(turnId, JSON.stringify(ids));
}
