import { keepsTopic, topicOf } from "../../lib/knowledge/question.ts";
import type { Question } from "../../lib/knowledge/question.ts";
import type { SiteRequest } from "../../lib/site/admit.ts";
import type { SiteCaller } from "../../lib/site/admission.ts";
import { openTurnParameters, openTurnSql } from "../../lib/site/turns.ts";
import type { NewTurn } from "../../lib/site/turns.ts";
import { SESSION_IDLE_MS, VISITOR_IS_KEPT } from "../session/session.ts";
import { keepsWordsSql, keptTextSql } from "../../lib/privacy/kept.ts";
import type { VisitorText } from "../../lib/privacy/visitor-text.ts";
import { isoInstant } from "../../lib/time.ts";
import { clientDigest } from "../../lib/usage/client.ts";
import type { ModelChoice } from "../gemini/choice.ts";
import type { Asked } from "./turn.ts";

/** What a chat turn is begun with. */
export interface ChatTurn extends NewTurn {
	kind: "chat";
	/** The session that the request names; null = none. It goes on if it is this visitor's, has not ended, is not idle and not erased. */
	namedSessionId: string | null;
	/** Random UUID: of the session that begins where none goes on. */
	newSessionId: string;
	/** As the page names its visitor; null = it names none, and then only a session that was begun so is theirs. */
	visitorId: string | null;
	/** Random UUID of the visitor's message. */
	userMessageId: string;
	message: Pick<VisitorText, "written" | "hidden">;
	/** The version of the notice that the visitor says they have agreed to; null = none. */
	consent: string | null;
	/** What the session's next messages are searched by beside their own words (`topicOf`). */
	topic: string;
	/** The session goes on with what it was about. */
	keepsTopic: boolean;
}

/** After this long nobody ends a turn any more: the model's time limit is 20 s. */
const TURN_LIMIT_MS = 120_000;

/** What a turn is reserved by. */
interface TurnLimits extends Pick<ModelChoice, "clientSecret"> {
	/** Micro-USD */
	worstCostUsdMicros: number;
	/** Micro-USD that all orgs together may cost on a UTC day. */
	deploymentBudget: number;
}

/** What a turn begins with, of what the visitor asks. */
export async function newTurn(
	{ date }: Pick<SiteRequest, "date">,
	{ chat, client, consent, startedAt }: Asked,
	{ text, question }: { text: VisitorText; question: Question },
	{ clientSecret, worstCostUsdMicros, deploymentBudget }: TurnLimits,
): Promise<ChatTurn> {
	return {
		id: crypto.randomUUID(),
		kind: "chat",
		date,
		spending: { messages: 1, voiceCharacters: 0, conversationSeconds: 0, costUsdMicros: worstCostUsdMicros },
		client: await clientDigest(clientSecret, date, client),
		deploymentBudget,
		expiresAt: isoInstant(startedAt + TURN_LIMIT_MS),
		namedSessionId: chat.sessionId,
		newSessionId: crypto.randomUUID(),
		visitorId: chat.visitorId,
		userMessageId: crypto.randomUUID(),
		message: text,
		consent,
		topic: topicOf(question),
		keepsTopic: keepsTopic(question),
	};
}

const OPEN_SQL = openTurnSql({
	columns: {
		session_id: "COALESCE(c.id, ?17)",
		new_session: "c.id IS NULL",
		new_visitor: `NOT EXISTS (
			SELECT 1 FROM chat_sessions v
			WHERE v.site_id = s.id AND v.visitor_id = COALESCE(?18, c.id, ?17) AND v.last_active_date = ?6)`,
	},
	joins: `LEFT JOIN chat_sessions c ON c.id = ?16 AND c.site_id = s.id AND c.org_id = s.org_id
		AND (c.visitor_id = ?18 OR (?18 IS NULL AND c.visitor_id = c.id)) AND c.ended_at IS NULL AND c.last_message_at > ?19
		AND ${VISITOR_IS_KEPT}`,
	returning: ["session_id"],
});

/** Versions that a session keeps, at most. */
const MAX_CONSENTS = 20;

/**
 * Its ?3 is what the message is about, ?4 whether the three before it still count (one that was about nothing, such as
 * small talk, gives its place to what comes next), ?5 what was agreed to: kept when it is another. Where
 * no words are kept, nothing is known of what it is about.
 */
const SESSION_SQL = `
	INSERT INTO chat_sessions (id, org_id, site_id, visitor_id, started_at, last_message_at, last_active_date, message_count, topic,
		consents)
	SELECT session_id, org_id, site_id, COALESCE(?2, session_id), begun_at, begun_at, date, 2,
		CASE WHEN ${keepsWordsSql("turns.org_id")} THEN json_array(json(?3)) END,
		iif(?5 IS NULL, NULL, json_array(json_array(?5, begun_at)))
	FROM turns WHERE id = ?1
	ON CONFLICT (id) DO UPDATE
	SET last_message_at = MAX(last_message_at, excluded.last_message_at),
		last_active_date = MAX(last_active_date, excluded.last_active_date), message_count = message_count + 2,
		topic = CASE WHEN ?4 = 0 OR topic IS NULL OR excluded.topic IS NULL THEN excluded.topic
			WHEN topic -> 0 = '[]' THEN json_array(json(?3), topic -> 1, topic -> 2, topic -> 3)
			ELSE json_array(json(?3), topic -> 0, topic -> 1, topic -> 2) END,
		consents = CASE WHEN ?5 IS NULL OR consents ->> '$[#-1][0]' = ?5 OR json_array_length(consents) >= ${MAX_CONSENTS} THEN consents
			ELSE json_insert(COALESCE(consents, '[]'), '$[#]', json_array(?5, excluded.last_message_at)) END
`;

/** One INSERT for both, so that no other turn of the session comes to stand between them. Its ?3 is the message as written, ?4 with marks. */
const MESSAGES_SQL = `
	INSERT INTO chat_messages (id, org_id, session_id, role, content, created_at, finish)
	SELECT v.column1, t.org_id, t.session_id, v.column2,
		CASE v.column2 WHEN 'user' THEN ${keptTextSql("t.org_id", { written: "?3", hidden: "?4", none: "''" })} ELSE '' END,
		t.begun_at, v.column3
	FROM turns t CROSS JOIN (VALUES (?2, 'user', NULL), (?1, 'assistant', 'pending')) v
	WHERE t.id = ?1
`;

/**
 * The statements that begin a turn, in the batch that admits it: the reservation, the session, the visitor's message and the
 * place of the answer, which is `pending` until it is there. The first gives one row, with `session_id`, where the
 * turn was begun, and none where it was not: then the others write nothing.
 */
export function beginStatements(db: D1Database, caller: SiteCaller, turn: ChatTurn): D1PreparedStatement[] {
	const { namedSessionId, newSessionId, visitorId } = turn;
	const idleSince = isoInstant(Date.parse(caller.now) - SESSION_IDLE_MS);
	return [
		db.prepare(OPEN_SQL).bind(...openTurnParameters(caller, turn), namedSessionId, newSessionId, visitorId, idleSince),
		db.prepare(SESSION_SQL).bind(turn.id, visitorId, turn.topic, turn.keepsTopic ? 1 : 0, turn.consent),
		db.prepare(MESSAGES_SQL).bind(turn.id, turn.userMessageId, turn.message.written, turn.message.hidden),
	];
}
