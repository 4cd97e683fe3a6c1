import type { TurnSource } from "./metrics.ts";
import { keepsWordsSql } from "../privacy/kept.ts";
import { slotOf } from "./question-slot.ts";
import { sha256Hex } from "../text/digest.ts";
import { codePoints } from "../text/text.ts";

export interface AskedQuestion {
	/** The turn it was asked in: once that has ended, or its conversation was erased, it is counted no more. */
	turnId: string;
	/** Its `questionKey`. */
	question: string;
	/** ISO instant */
	now: string;
	/** The bot had no answer. */
	isUnanswered: boolean;
	/** null = it is not to be known. */
	wording: Wording | null;
}

/** How a visitor put a question. */
interface Wording {
	/** ≤ 200 code points, of one line. */
	text: string;
	/** Digest of it, whatever its case. */
	candidate: string;
	/** Digest of who asked. */
	visitor: string;
}

const MAX_WORDING_CHARS = 200;
/** Hexadecimal digits that are kept of a digest. */
const DIGEST_CHARS = 32;

/**
 * How a visitor put a question, where that may count: nothing of a long message, and nothing of a visitor whom the page does not
 * name, since two such could be one.
 */
export async function wordingOf(siteId: string, message: string, visitorId: string | null): Promise<Wording | null> {
	const text = message.replaceAll(/\s+/g, " ").trim();
	if (visitorId === null || codePoints(text) > MAX_WORDING_CHARS) return null;
	const [candidate, visitor] = await Promise.all([sha256Hex(text.toLowerCase()), sha256Hex(`${siteId}\n${visitorId}`)]);
	return { text, candidate: candidate.slice(0, DIGEST_CHARS), visitor: visitor.slice(0, DIGEST_CHARS) };
}

/** Another visitor put it as the last one did: now it may be shown. */
const IS_SHARED = `wording IS NULL AND wording_candidate = excluded.wording_candidate AND wording_visitor <> excluded.wording_visitor`;

/**
 * The statement that counts a question. Each site has 500 slots, a question's slot is its hash. Being asked adds weight
 * to the question in the slot, a rival takes weight off it, and the rival that takes off the last moves in: what is asked
 * often stays, in a table that never grows. Of how it was put only a digest is kept, until a second visitor puts it alike.
 */
export function questionStatement(
	db: D1Database,
	asked: AskedQuestion,
	source: TurnSource = "turns",
): D1PreparedStatement {
	const { wording } = asked;
	return db
		.prepare(`
			INSERT INTO question_stats (org_id, site_id, slot, question, last_asked_at, unanswered, wording_candidate, wording_visitor)
			SELECT t.org_id, t.site_id, ?2, ?3, ?4, ?5, ?6, ?7 FROM ${source} t WHERE t.id = ?1 AND ${keepsWordsSql("t.org_id")}
			ON CONFLICT (org_id, site_id, slot) DO UPDATE SET
				question = IIF(question <> excluded.question AND weight <= 1, excluded.question, question),
				asked = CASE WHEN question = excluded.question THEN asked + 1 WHEN weight <= 1 THEN 1 ELSE asked END,
				unanswered = CASE WHEN question = excluded.question THEN unanswered + excluded.unanswered WHEN weight <= 1 THEN excluded.unanswered ELSE unanswered END,
				last_asked_at = IIF(question = excluded.question OR weight <= 1, excluded.last_asked_at, last_asked_at),
				wording = CASE WHEN question <> excluded.question THEN IIF(weight <= 1, NULL, wording) WHEN ${IS_SHARED} THEN ?8 ELSE wording END,
				wording_candidate = ${pendingColumn("wording_candidate")},
				wording_visitor = ${pendingColumn("wording_visitor")},
				weight = CASE WHEN question = excluded.question THEN weight + 1 WHEN weight <= 1 THEN 1 ELSE weight - 1 END
		`)
		.bind(
			...[asked.turnId, slotOf(asked.question), asked.question, asked.now, asked.isUnanswered ? 1 : 0],
			...[wording?.candidate ?? null, wording?.visitor ?? null, wording?.text ?? null],
		);
}

/** What is kept until a wording is shared, and no longer: of the last visitor who put it in a way that counts. */
function pendingColumn(column: "wording_candidate" | "wording_visitor"): string {
	return `CASE
		WHEN question <> excluded.question THEN IIF(weight <= 1, excluded.${column}, ${column})
		WHEN wording IS NOT NULL OR (${IS_SHARED}) THEN NULL
		ELSE COALESCE(excluded.${column}, ${column}) END`;
}
