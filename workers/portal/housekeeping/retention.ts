import { batchChanges, repeatableBatch } from "../../lib/d1/batch.ts";
import { ApiError } from "../../lib/http/errors.ts";
import { log } from "../../lib/log.ts";
import { CONFIG_DEFAULTS } from "../../lib/site/config-defaults.ts";
import { DAY_MS, isoInstant, utcDate } from "../../lib/time.ts";
import { textColumn } from "../../lib/d1/row.ts";

// What is erased holds words, addresses or single acts. Numbers stay: metrics_daily and the usage tables (a day taken out of
// usage_daily would by its trigger go missing in its month), and so do audit_log and the knowledge.

/** Bounds of one step, which is one transaction: the database answers visitors in between. */
const STEP_SESSIONS = 200;
const STEP_MESSAGES = 2000;
const STEP_RECORDS = 200;
const STEP_TIME_LIMIT_MS = 20_000;
/** Bounds of a run; the next one goes on. D1 takes 1,000 statements of a run, and a step has five. */
const MAX_STEPS = 150;
const RUN_TIME_LIMIT_MS = 600_000;
/** Rows that a run takes from each table of records that age by themselves. */
const MAX_AGED_ROWS = 5000;

/** Stripe delivers again for three days, and resends by hand for thirty. */
const STRIPE_EVENT_DAYS = 60;
const LEGACY_USAGE_DAYS = 60;
/** How long an org that keeps its conversations for good keeps its voice sessions: a year's bills can still be told apart. */
const VOICE_SESSION_DAYS = 400;

interface DueOrg {
	id: string;
	/** ISO instant; what last happened before it is erased. */
	cutoff: string;
}

/** Rows erased, by what they were. */
type Counts = Record<
	"sessions" | "messages" | "leads" | "questions" | "voice_sessions" | "stripe_events" | "legacy_days",
	number
>;

/** How a run goes. */
interface Run {
	counts: Counts;
	steps: number;
	/** Orgs, and other work, left out after a fault. */
	failed: number;
}

/**
 * The daily run: erases, step by step and each org in turn, what is older than its org's `retention_days`, and records that
 * have aged. A fault of one org is logged and stops no other. Never rejects.
 * @param now epoch ms
 */
export async function runRetention(db: D1Database, now: number): Promise<void> {
	const counts = { sessions: 0, messages: 0, leads: 0, questions: 0, voice_sessions: 0, stripe_events: 0 };
	const run: Run = { counts: { ...counts, legacy_days: 0 }, steps: 0, failed: 0 };
	await attempt(run, undefined, () => eraseAged(db, now, run));
	const due = (await attempt(run, undefined, () => dueOrgs(db, now))) ?? [];
	const waiting = await eraseInTurn(db, due, run);
	log("info", "retention", { orgs: due.length, waiting, steps: run.steps, failed: run.failed, ...run.counts });
}

/** The result, or undefined when it failed, which is logged. */
async function attempt<T>(run: Run, orgId: string | undefined, work: () => Promise<T>): Promise<T | undefined> {
	try {
		return await work();
	} catch (error) {
		run.failed += 1;
		log("error", "retention_failed", { org_id: orgId, reason: error instanceof ApiError ? error.reason : "internal" });
		return undefined;
	}
}

/** @returns how many orgs the next run goes on with */
async function eraseInTurn(db: D1Database, due: readonly DueOrg[], run: Run): Promise<number> {
	const waiting = [...due];
	const deadline = Date.now() + RUN_TIME_LIMIT_MS;
	while (run.steps < MAX_STEPS && Date.now() < deadline) {
		const org = waiting.shift();
		if (org === undefined) break;
		run.steps += 1;
		const hasMore = await attempt(run, org.id, () => eraseStep(db, org, run));
		if (hasMore === true) waiting.push(org);
	}
	return waiting.length;
}

/** The orgs that have something to erase, in an order of chance, so that none comes last every day. */
async function dueOrgs(db: D1Database, now: number): Promise<DueOrg[]> {
	const statement = db
		.prepare(`
			SELECT listed.org_id, listed.cutoff
			FROM (
				SELECT o.id AS org_id, strftime('%Y-%m-%dT%H:%M:%fZ', ?1, '-' || COALESCE(c.retention_days, ${CONFIG_DEFAULTS.retention_days}) || ' days') AS cutoff
				FROM orgs o
				LEFT JOIN org_config c ON c.org_id = o.id
				WHERE c.retention_days IS NOT 0) listed
			WHERE EXISTS (SELECT 1 FROM chat_sessions c INDEXED BY chat_sessions_by_org WHERE c.org_id = listed.org_id AND c.started_at < listed.cutoff AND c.last_message_at < listed.cutoff)
				OR EXISTS (SELECT 1 FROM leads l WHERE l.org_id = listed.org_id AND l.created_at < listed.cutoff)
				OR EXISTS (SELECT 1 FROM question_stats q WHERE q.org_id = listed.org_id AND q.last_asked_at < listed.cutoff)
				OR EXISTS (SELECT 1 FROM voice_sessions v INDEXED BY voice_sessions_by_org WHERE v.org_id = listed.org_id AND v.opened_at < listed.cutoff)
			ORDER BY random()
			LIMIT ?2
		`)
		.bind(isoInstant(now), MAX_STEPS);
	const [rows = []] = await repeatableBatch(db, [statement]);
	return rows.map((row) => ({ id: textColumn(row, "org_id"), cutoff: textColumn(row, "cutoff") }));
}

/** @returns whether there is more to erase */
async function eraseStep(db: D1Database, { id, cutoff }: DueOrg, { counts }: Run): Promise<boolean> {
	const statements = [messagesStatement, sessionsStatement, leadsStatement, questionsStatement, voiceSessionsStatement];
	const bound = statements.map((statement) => statement(db).bind(id, cutoff));
	const [messages = 0, sessions = 0, leads = 0, questions = 0, voiceSessions = 0] = await batchChanges(
		db,
		bound,
		STEP_TIME_LIMIT_MS,
	);
	counts.messages += messages;
	counts.sessions += sessions;
	counts.leads += leads;
	counts.questions += questions;
	counts.voice_sessions += voiceSessions;
	return (
		messages === STEP_MESSAGES || sessions === STEP_SESSIONS || leads === STEP_RECORDS || voiceSessions === STEP_RECORDS
	);
}

/** The oldest sessions that have rested since the cutoff. None began after its last message, so the index finds them. */
const OLD_SESSIONS = `
	SELECT rowid, id FROM chat_sessions INDEXED BY chat_sessions_by_org
	WHERE org_id = ?1 AND started_at < ?2 AND last_message_at < ?2
	ORDER BY started_at, id
	LIMIT ${STEP_SESSIONS}`;

/** Goes before the sessions: they would take theirs with them by the foreign key, however many these are. */
function messagesStatement(db: D1Database): D1PreparedStatement {
	return db.prepare(`
		DELETE FROM chat_messages
		WHERE rowid IN (
			SELECT m.rowid
			FROM (${OLD_SESSIONS}) listed
			CROSS JOIN chat_messages m INDEXED BY chat_messages_by_session ON m.session_id = listed.id
			LIMIT ${STEP_MESSAGES})
	`);
}

function sessionsStatement(db: D1Database): D1PreparedStatement {
	return db.prepare(`
		DELETE FROM chat_sessions
		WHERE rowid IN (SELECT listed.rowid FROM (${OLD_SESSIONS}) listed)
			AND NOT EXISTS (SELECT 1 FROM chat_messages m INDEXED BY chat_messages_by_session WHERE m.session_id = chat_sessions.id)
	`);
}

function leadsStatement(db: D1Database): D1PreparedStatement {
	return db.prepare(`
		DELETE FROM leads
		WHERE rowid IN (SELECT rowid FROM leads WHERE org_id = ?1 AND created_at < ?2 ORDER BY created_at LIMIT ${STEP_RECORDS})
	`);
}

/** A site has at most 500 of them. */
function questionsStatement(db: D1Database): D1PreparedStatement {
	return db.prepare("DELETE FROM question_stats WHERE org_id = ?1 AND last_asked_at < ?2");
}

function voiceSessionsStatement(db: D1Database): D1PreparedStatement {
	return db.prepare(`
		DELETE FROM voice_sessions
		WHERE rowid IN (SELECT rowid FROM voice_sessions INDEXED BY voice_sessions_by_org WHERE org_id = ?1 AND opened_at < ?2 ORDER BY opened_at LIMIT ${STEP_RECORDS})
	`);
}

/** Records that age by themselves, whoever's they are. */
async function eraseAged(db: D1Database, now: number, { counts }: Run): Promise<void> {
	const before = (days: number) => isoInstant(now - days * DAY_MS);
	const events = db.prepare(`
		DELETE FROM stripe_events
		WHERE id IN (SELECT id FROM stripe_events WHERE processed_at < ?1 ORDER BY processed_at LIMIT ${MAX_AGED_ROWS})
	`);
	const voiceSessions = db.prepare(`
		DELETE FROM voice_sessions
		WHERE rowid IN (SELECT rowid FROM voice_sessions INDEXED BY voice_sessions_by_age WHERE opened_at < ?1 ORDER BY opened_at LIMIT ${MAX_AGED_ROWS})
	`);
	const legacy = db.prepare("DELETE FROM legacy_usage WHERE date < ?1");
	const bound = [
		events.bind(before(STRIPE_EVENT_DAYS)),
		voiceSessions.bind(before(VOICE_SESSION_DAYS)),
		legacy.bind(utcDate(now - LEGACY_USAGE_DAYS * DAY_MS)),
	];
	[counts.stripe_events = 0, counts.voice_sessions = 0, counts.legacy_days = 0] = await batchChanges(
		db,
		bound,
		STEP_TIME_LIMIT_MS,
	);
}
