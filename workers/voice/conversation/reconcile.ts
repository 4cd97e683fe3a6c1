import { repeatableBatch } from "../../lib/d1/batch.ts";
import { textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import { toApiError } from "../../lib/http/errors.ts";
import { log } from "../../lib/log.ts";
import { DAY_MS, SECOND_MS, isoInstant } from "../../lib/time.ts";
import { ENDING_SECONDS, START_WINDOW_SECONDS } from "./job.ts";
import type { ElevenLabs } from "../elevenlabs/call.ts";
import { readConversation } from "../elevenlabs/conversation.ts";
import type { ConversationAccount } from "../elevenlabs/conversation.ts";
import type { Row } from "../../lib/d1/row.ts";

/** Conversations read back in one run. */
const MAX_SESSIONS = 60;
/** Read at once: a worker may hold six connections. */
const GROUP_SIZE = 5;
/** A conversation this young is not worth asking for. */
const YOUNG_MS = 120 * SECOND_MS;
/** After this long nobody will tell any more how a conversation went. */
const GIVE_UP_MS = 7 * DAY_MS;

export interface ReconcileJob {
	db: D1Database;
	vendor: ElevenLabs;
	/** Longest conversation booked, seconds. */
	maxSeconds: number;
	/** ms */
	now: number;
}

interface OpenSession {
	id: string;
	orgId: string;
	/** null = it was never minted. */
	conversationId: string | null;
	/** ms */
	openedAt: number;
}

/** How a session is to be closed; undefined = it stays open. */
interface Closing {
	status: "closed" | "expired" | "failed";
	durationSeconds: number | null;
	costUsdMicros: number | null;
	reason: string | null;
}

/**
 * The scheduled run: asks ElevenLabs how each open conversation went and books it once. ElevenLabs' account is the only source
 * of seconds and cost, as far as the session can have lasted and cost so much; what it cannot is logged and left out. The longest unasked come first, in groups; a group of which none can be read ends the run, and what was not
 * read is left for the next.
 * @throws {ApiError} unavailable
 */
export async function reconcile(job: ReconcileJob): Promise<void> {
	const begun = Date.now();
	const sessions = await openSessions(job);
	const counts = { closed: 0, expired: 0, failed: 0, open: 0, unread: 0 };
	for (let start = 0; start < sessions.length; start += GROUP_SIZE) {
		const group = sessions.slice(start, start + GROUP_SIZE);
		const accounts = await Promise.all(group.map((session) => accountOf(job, session, job.now + Date.now() - begun)));
		const statements = group.flatMap((session, index) => settle(job, session, accounts[index], counts));
		// Each asks whether its session is still open, so the batch may be sent again.
		await repeatableBatch(job.db, statements);
		if (accounts.every((account) => account === undefined)) break;
	}
	if (sessions.length > 0) log("info", "conversations_reconciled", counts);
}

async function openSessions({ db, now }: ReconcileJob): Promise<OpenSession[]> {
	const [rows = []] = await repeatableBatch(db, [
		db
			.prepare(`
				SELECT id, org_id, conversation_id, opened_at
				FROM voice_sessions
				WHERE status = 'open' AND opened_at < ?1
				ORDER BY checked_at
				LIMIT ?2
			`)
			.bind(isoInstant(now - YOUNG_MS), MAX_SESSIONS),
	]);
	return rows.map(openSession);
}

function openSession(row: Row): OpenSession {
	return {
		id: textColumn(row, "id"),
		orgId: textColumn(row, "org_id"),
		conversationId: textColumnOrNull(row, "conversation_id"),
		openedAt: Date.parse(textColumn(row, "opened_at")),
	};
}

/** undefined = ElevenLabs did not tell. A session that was never minted has nothing to tell. */
async function accountOf(
	job: ReconcileJob,
	{ id, conversationId, openedAt }: OpenSession,
	now: number,
): Promise<ConversationAccount | undefined> {
	if (conversationId === null) return { state: "unused" };
	const longest = Math.min(job.maxSeconds + ENDING_SECONDS, (now - openedAt) / SECOND_MS);
	try {
		const account = await readConversation(job.vendor, conversationId, longest);
		if (account.state === "over" && account.refused.length > 0)
			log("error", "conversation_numbers_refused", { session_id: id, fields: account.refused.join(" ") });
		return account;
	} catch (thrown) {
		const { code, reason } = toApiError(thrown);
		log("warn", "conversation_not_read", { session_id: id, code, reason });
		return undefined;
	}
}

type Counts = Record<Closing["status"] | "open" | "unread", number>;

function settle(
	job: ReconcileJob,
	session: OpenSession,
	account: ConversationAccount | undefined,
	counts: Counts,
): D1PreparedStatement[] {
	const closing = closingOf(session, account, job.now);
	if (closing === undefined) {
		counts[account === undefined ? "unread" : "open"] += 1;
		return [checkedStatement(job, session)];
	}
	counts[closing.status] += 1;
	return [bookStatement(job, session, closing), closeStatement(job, session, kept(closing, job))];
}

function closingOf(
	{ conversationId, openedAt }: OpenSession,
	account: ConversationAccount | undefined,
	now: number,
): Closing | undefined {
	const unbooked = { durationSeconds: null, costUsdMicros: null };
	if (account?.state === "over") {
		const { durationSeconds, costUsdMicros, reason } = account;
		return { status: "closed", durationSeconds, costUsdMicros, reason };
	}
	if (conversationId === null) return { status: "failed", ...unbooked, reason: "not_minted" };
	if (now - openedAt > GIVE_UP_MS) return { status: "failed", ...unbooked, reason: "no_account" };
	if (account?.state === "unused" && now - openedAt > START_WINDOW_SECONDS * SECOND_MS)
		return { status: "expired", ...unbooked, reason: "not_used" };
	return undefined;
}

/**
 * A closing as the row keeps it, by which a trigger counts in plan and brake: an account without a length counts as the longest, one
 * without a cost as its length may have cost. The metrics have neither.
 */
function kept(closing: Closing, { maxSeconds }: ReconcileJob): Closing {
	if (closing.status !== "closed" || closing.durationSeconds !== null) return closing;
	return { ...closing, durationSeconds: maxSeconds };
}

function checkedStatement({ db, now }: ReconcileJob, { id, orgId }: OpenSession): D1PreparedStatement {
	return db
		.prepare("UPDATE voice_sessions SET checked_at = ?3 WHERE id = ?1 AND org_id = ?2 AND status = 'open'")
		.bind(id, orgId, isoInstant(now));
}

/** On the day it was opened. It goes before the statement that closes, in one batch: of two runs at once the second finds nothing to book. */
function bookStatement(
	{ db }: ReconcileJob,
	{ id, orgId }: OpenSession,
	{ durationSeconds, costUsdMicros }: Closing,
): D1PreparedStatement {
	return db
		.prepare(`
			INSERT INTO metrics_daily (org_id, date, site_id, last_at, voice_seconds, cost_usd_micros)
			SELECT org_id, substr(opened_at, 1, 10), site_id, opened_at, ?3, ?4
			FROM voice_sessions
			WHERE id = ?1 AND org_id = ?2 AND status = 'open' AND ?3 + ?4 > 0
			ON CONFLICT (org_id, date, site_id) DO UPDATE
			SET voice_seconds = voice_seconds + excluded.voice_seconds, cost_usd_micros = cost_usd_micros + excluded.cost_usd_micros
		`)
		.bind(id, orgId, durationSeconds ?? 0, costUsdMicros ?? 0);
}

function closeStatement({ db, now }: ReconcileJob, { id, orgId }: OpenSession, closing: Closing): D1PreparedStatement {
	return db
		.prepare(`
			UPDATE voice_sessions
			SET status = ?3, closed_at = ?4, checked_at = ?4, duration_seconds = ?5, cost_usd_micros = ?6, reason = ?7, client_hash = NULL
			WHERE id = ?1 AND org_id = ?2 AND status = 'open'
		`)
		.bind(id, orgId, closing.status, isoInstant(now), closing.durationSeconds, closing.costUsdMicros, closing.reason);
}
