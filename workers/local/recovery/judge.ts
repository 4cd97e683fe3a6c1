import { numberColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { rankedKey } from "../../lib/privacy/visitor-text.ts";
import { settleLegacyStatements } from "../../lib/site/legacy.ts";
import { REPLAY_DAYS } from "../../lib/site/turns.ts";
import { DAY_MS, isoInstant, utcDate } from "../../lib/time.ts";
import { giveBackStatements } from "../../lib/usage/cost.ts";
import type { KeptSlot, Lost, LostAnswer, LostCount } from "./lost.ts";
import {
	IS_KEPT,
	answerStatements,
	clipStatements,
	countStatements,
	failedTurnStatements,
	slotStatement,
} from "./put-back.ts";

/** What of a line can be done now. */
export type Verdict =
	| { is: "lost"; what: string; statements: D1PreparedStatement[]; isDone: (rows: Row[][]) => boolean }
	| { is: "there"; why: string }
	| { is: "cannot"; why: string };

const ERASED = "its conversation was erased, or is older than its customer keeps it";
const GONE = "its customer is erased, or none of this database";

/**
 * ?1 is the id of a turn or a booking, ?2 an org ('' = none), ?3 a session and ?4 a question ('' = none): what became of it since.
 */
const STATE_SQL = `
	SELECT
		EXISTS (SELECT 1 FROM turns WHERE id = ?1 AND kind <> 'note') AS is_turn,
		EXISTS (SELECT 1 FROM turns WHERE id = ?1 AND kind = 'note') AS is_noted,
		EXISTS (SELECT 1 FROM booking_notes WHERE id = ?1) AS is_booked,
		EXISTS (SELECT 1 FROM swept_turns WHERE id = ?1) AS is_swept,
		EXISTS (SELECT 1 FROM orgs WHERE id = ?2 AND erasure_id IS NULL) AS is_org,
		EXISTS (SELECT 1 FROM chat_messages WHERE id = ?1 AND finish IS NOT 'pending') AS is_stored,
		EXISTS (SELECT 1 FROM chat_sessions c WHERE c.id = ?3 AND c.org_id = ?2 AND ${IS_KEPT}) AS is_session,
		(SELECT content FROM chat_messages WHERE id = ?4 AND session_id = ?3) AS question,
		(SELECT created_at FROM chat_messages WHERE id = ?4 AND session_id = ?3) AS asked_at,
		EXISTS (SELECT 1 FROM voice_sessions WHERE id = ?1 AND org_id = ?2) AS is_conversation,
		EXISTS (SELECT 1 FROM voice_sessions WHERE id = ?1 AND status = 'open' AND conversation_id IS NULL) AS is_slot
`;

/** The statement that reads what became of what a line names. */
export function stateStatement(db: D1Database, lost: Lost): D1PreparedStatement {
	const org = "orgId" in lost ? lost.orgId : "";
	const [session, question] = lost.kind === "answer" ? [lost.sessionId, lost.questionId] : ["", ""];
	return db.prepare(STATE_SQL).bind(lost.id, org, session, question);
}

function is(row: Row, column: string): boolean {
	return numberColumn(row, column) === 1;
}

/** What is to be done about a line. @param now epoch ms */
export function judge(db: D1Database, lost: Lost, state: Row, now: number): Verdict {
	const tooOld = tooOldAt(lost, now);
	if (tooOld !== undefined) return { is: "cannot", why: tooOld };
	if ("orgId" in lost && !is(state, "is_org")) return { is: "cannot", why: GONE };
	switch (lost.kind) {
		case "answer":
			return judgeAnswer(db, lost, state, now);
		case "clip":
			return isOpen(state)
				? putBack(`a clip of ${lost.deltas.voice_characters} characters`, clipStatements(db, lost))
				: there("it was booked");
		case "turn":
			return isOpen(state)
				? putBack("a failed turn", failedTurnStatements(db, lost.id, lost.brakedUsdMicros))
				: there("it was settled");
		case "count":
			return judgeCount(db, lost, state, now);
		case "slot":
			return judgeSlot(db, lost, state, now);
		case "cost":
			return is(state, "is_booked")
				? there("it was given back")
				: noted(`a cost of ${lost.costUsdMicros} micro-USD`, giveBackStatements(db, lost.id, lost));
		case "request":
			return is(state, "is_booked")
				? there("it was settled")
				: noted("a request without a key", settleLegacyStatements(db, lost.id, lost));
	}
}

/** After so long the rows that tell what became of a line are gone themselves. */
function tooOldAt(lost: Lost, now: number): string | undefined {
	if (!("date" in lost) || lost.date >= utcDate(now - (REPLAY_DAYS - 1) * DAY_MS)) return undefined;
	return `it is older than the ${REPLAY_DAYS} days for which the database knows what became of it`;
}

function there(why: string): Verdict {
	return { is: "there", why };
}

/** Under way, or settled by the sweep. */
function isOpen(state: Row): boolean {
	return is(state, "is_turn") || is(state, "is_swept");
}

/** @param statements the last gives a row where they did something */
function putBack(what: string, statements: D1PreparedStatement[]): Verdict {
	return { is: "lost", what, statements, isDone: (rows) => rows.at(-1)?.length === 1 };
}

/** @param statements a note stands first, by which a second booking fails */
function noted(what: string, statements: D1PreparedStatement[]): Verdict {
	return { is: "lost", what, statements, isDone: () => true };
}

function judgeAnswer(db: D1Database, lost: LostAnswer, state: Row, now: number): Verdict {
	if (is(state, "is_stored")) return there("the answer is stored");
	const question = textColumnOrNull(state, "question");
	const askedAt = textColumnOrNull(state, "asked_at");
	if (!is(state, "is_session") || question === null || askedAt === null) return { is: "cannot", why: ERASED };
	if (!isOpen(state)) return { is: "cannot", why: "it was settled by a version that kept no trace of it" };
	const key = lost.isRanked && question !== "" ? rankedKey(question, Date.parse(askedAt)) : "";
	return putBack("an answer, without its words", answerStatements(db, lost, key, isoInstant(now)));
}

function judgeSlot(db: D1Database, { id, orgId }: KeptSlot, state: Row, now: number): Verdict {
	if (!is(state, "is_conversation")) return { is: "cannot", why: "its row is gone" };
	if (!is(state, "is_slot")) return there("the conversation is closed");
	return putBack("the place of a conversation", [slotStatement(db, id, orgId, isoInstant(now))]);
}

/** A note stays for minutes. When it is gone, only a line that is certain can be trusted. */
function judgeCount(db: D1Database, lost: LostCount, state: Row, now: number): Verdict {
	if (is(state, "is_noted")) return there("it was counted");
	if (is(state, "is_booked")) return there("it was put back before");
	const isNoteFresh = now - Date.parse(lost.at) < NOTE_CERTAIN_MS;
	if (!lost.isCertain && !isNoteFresh)
		return { is: "cannot", why: "D1 never told whether it was counted, and the note that would tell is gone" };
	return noted(lost.deltas.messages === 1 ? "an answer by rule" : "a cached clip", countStatements(db, lost));
}

/** A note is there for ten minutes from the request on, and a booking may take seconds to land. */
const NOTE_CERTAIN_MS = 540_000;
