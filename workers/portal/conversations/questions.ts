import { numberColumn, packedRows, textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { rankedText } from "../../lib/privacy/visitor-text.ts";
import { packedColumn } from "../request/packed.ts";

const MAX_QUESTIONS = 10;

/** What has an answer of the owner's by now is not listed as unanswered any more. */
const IS_STILL_OPEN =
	"AND NOT EXISTS (SELECT 1 FROM knowledge k INDEXED BY knowledge_by_question WHERE k.org_id = o.id AND k.question_key = q.question)";

type Ranking = "asked" | "unanswered";

/**
 * Two columns for a statement FROM orgs o: what visitors ask most, and what most often had no answer. They read the at
 * most 500 questions kept of each engine.
 * @param engine the parameter that holds one engine's id, or NULL for all live ones
 */
export function questionColumns(engine: "?2"): string {
	return `${ranked("asked", engine)} AS top_questions, ${ranked("unanswered", engine)} AS unanswered`;
}

function ranked(ranking: Ranking, engine: string): string {
	return `
		(SELECT ${packedColumn("question", "wording", "engine_id", "asked", "unanswered", "last_asked_at")}
			FROM (
				SELECT q.question, q.wording, q.site_id AS engine_id, q.asked, q.unanswered, q.last_asked_at
				FROM portal_sites s
				CROSS JOIN question_stats q ON q.org_id = s.org_id AND q.site_id = s.id
				WHERE s.org_id = o.id AND q.${ranking} > 0
					AND CASE WHEN ${engine} IS NULL THEN s.environment = 'live' ELSE s.id = ${engine} END
					${ranking === "unanswered" ? IS_STILL_OPEN : ""}
				ORDER BY q.${ranking} DESC, q.question, q.site_id
				LIMIT ${MAX_QUESTIONS}) listed)`;
}

/** The questions of one of these columns. The counts are of the time since the question is kept, not of a range of days. */
export function questionsOf(row: Row, column: "top_questions" | "unanswered") {
	return packedRows(row, column).map((question) => {
		const lastAskedAt = textColumn(question, "last_asked_at");
		const wording = textColumnOrNull(question, "wording");
		// What was counted before personal data was kept out of the ranking is shown without it.
		const shown = (text: string) => rankedText(text, Date.parse(lastAskedAt));
		return {
			question: shown(textColumn(question, "question")),
			wording: wording === null ? null : shown(wording),
			engine_id: textColumn(question, "engine_id"),
			asked: numberColumn(question, "asked"),
			unanswered: numberColumn(question, "unanswered"),
			last_asked_at: lastAskedAt,
		};
	});
}
