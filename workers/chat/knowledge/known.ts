import { textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { entryOf } from "../../lib/knowledge/whole.ts";
import type { SiteSearchKey } from "../../lib/site/search-key.ts";
import type { WholeEntry } from "../../lib/knowledge/whole.ts";
import { HAS_KEY_SQL } from "../../lib/site/admission.ts";
import { slotOf } from "../../lib/metrics/question-slot.ts";
import type { ReadyAnswer } from "../turn/turn.ts";

/** What is known of a question before the model is asked. */
export interface KnownQuestion {
	/** The owner's own answer to exactly this question. */
	curated: ReadyAnswer | undefined;
	/** Asked on this site before, so that its answer may lie in the cache, or is worth keeping there. */
	isCommon: boolean;
}

/** Its ?3 is the question, ?4 what is counted of it, ?5 the slot of that. */
const KNOWN_SQL = `
	SELECT q.asked, k.id, k.title, k.body, k.source_url
	FROM portal_sites s
	LEFT JOIN knowledge k ON k.org_id = s.org_id AND k.question_key = ?3
	LEFT JOIN question_stats q ON q.org_id = s.org_id AND q.site_id = s.id AND q.slot = ?5 AND q.question = ?4
	WHERE ${HAS_KEY_SQL}
	LIMIT 1
`;

/**
 * The statement that looks a question up, in the org of a site that is named by its key: it stands in the batch that looks the
 * site up, which says whether the key may be used.
 * @param question its `questionKey`
 * @param ranked the key under which it is counted
 */
export function knownStatement(
	db: D1Database,
	{ siteKey, now }: SiteSearchKey,
	question: string,
	ranked: string,
): D1PreparedStatement {
	return db.prepare(KNOWN_SQL).bind(siteKey, now, question, ranked, slotOf(ranked));
}

export function knownQuestion(row: Row | undefined): KnownQuestion {
	return { curated: row === undefined ? undefined : curatedAnswer(row), isCommon: typeof row?.asked === "number" };
}

function curatedAnswer(row: Row): ReadyAnswer | undefined {
	if (textColumnOrNull(row, "id") === null) return undefined;
	return given({ ...entryOf({ ...row, kind: "answer" }), content: textColumn(row, "body") });
}

/** An answer of the owner's, given word for word. */
export function given({ knowledgeId, title, content, sourceUrl }: WholeEntry): ReadyAnswer {
	const sources = sourceUrl === null ? [] : [{ title, url: sourceUrl }];
	return { text: content, finish: "curated", sources, knowledgeIds: [knowledgeId] };
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
