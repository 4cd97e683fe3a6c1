import { textColumn, textColumnOrNull } from "../lib/d1.ts";
import type { Row } from "../lib/d1.ts";
import type { FoundPassage, SearchKey } from "../lib/knowledge-search.ts";
import type { Source } from "./answer.ts";

/** UTF-16 units of passages, titles included, that the model is shown. */
const KNOWLEDGE_MAX_CHARS = 3000;
/** A passage that scores less than this share of the best one's has only everyday words in common with the question. */
const LEAST_SCORE_SHARE = 0.35;

/** The owner's own answer to exactly this question. */
export interface CuratedAnswer {
	id: string;
	text: string;
	sources: Source[];
}

/**
 * The statement that finds the curated answer to a question, in the org of a site that is named by its key: it stands in the
 * batch that looks the site up, which says whether the key may be used.
 * @param question its `questionKey`
 */
export function curatedStatement(db: D1Database, { siteKey, now }: SearchKey, question: string): D1PreparedStatement {
	return db
		.prepare(`
			SELECT k.id, k.title, k.body, k.source_url
			FROM portal_sites s
			CROSS JOIN knowledge k ON k.org_id = s.org_id AND k.question_key = ?3
			WHERE s.site_key = ?1 OR (s.previous_key = ?1 AND s.previous_key_expires_at > ?2)
			LIMIT 1
		`)
		.bind(siteKey, now, question);
}

export function curatedAnswer(row: Row | undefined): CuratedAnswer | undefined {
	if (row === undefined) return undefined;
	const url = textColumnOrNull(row, "source_url");
	return { id: textColumn(row, "id"), text: textColumn(row, "body"), sources: url === null ? [] : [{ title: textColumn(row, "title"), url }] };
}

/** What of the passages found is shown to the model: near enough to the best, within the budget, the best first. */
export function shownPassages(found: readonly FoundPassage[]): FoundPassage[] {
	const least = (found[0]?.score ?? 0) * LEAST_SCORE_SHARE;
	let room = KNOWLEDGE_MAX_CHARS;
	return found.filter(({ score, title, content }) => {
		const size = title.length + content.length;
		if (score < least || size > room) return false;
		room -= size;
		return true;
	});
}

/** Each article or answer once, by its best passage. */
export function sourcesOf(passages: readonly FoundPassage[]): Source[] {
	const byId = new Map(passages.map(({ knowledgeId, title, sourceUrl }) => [knowledgeId, { title, url: sourceUrl }]));
	return [...byId.values()];
}

/** The statement that counts a use of each of these texts; those of another org are none of ours. */
export function hitsStatement(db: D1Database, orgId: string, ids: readonly string[]): D1PreparedStatement {
	return db
		.prepare("UPDATE knowledge SET hits = hits + 1 WHERE org_id = ?1 AND id IN (SELECT value FROM json_each(?2))")
		.bind(orgId, JSON.stringify(ids));
}
