/** A statement that erases rows of an org (?1) that is itself erased: at most 1,000, those of indexes and triggers counted. */
export interface OrgErasure {
	/** Tables that have no row of the org left when `isLeft` gives none. */
	tables: readonly string[];
	/** What gives a row while there is something to erase, by an index. */
	isLeft: string;
	/** Where `erasures` counts the rows of the last statement. */
	counted: "conversations" | "messages" | "leads" | "other_rows";
	statements: readonly string[];
}

/** Rows by their table's primary key, which begins with org_id. */
function ofKey(table: string, key: string, limit: number): OrgErasure {
	const columns = `org_id, ${key}`;
	return {
		tables: [table],
		isLeft: `SELECT 1 FROM ${table} WHERE org_id = ?1`,
		counted: "other_rows",
		statements: [
			`DELETE FROM ${table} WHERE (${columns}) IN (SELECT ${columns} FROM ${table} WHERE org_id = ?1 LIMIT ${limit})`,
		],
	};
}

/** Rows that an index finds by the org. */
function ofIndex(
	table: string,
	index: string,
	limit: number,
	counted: OrgErasure["counted"] = "other_rows",
): OrgErasure {
	const from = `FROM ${table} INDEXED BY ${index} WHERE org_id = ?1`;
	const key = table === "stripe_events" || table === "swept_turns" ? "id" : "rowid";
	return {
		tables: [table],
		isLeft: `SELECT 1 ${from}`,
		counted,
		statements: [`DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} ${from} LIMIT ${limit})`],
	};
}

/** The one row that an org has in a table. */
function ofOne(table: string): OrgErasure {
	return {
		tables: [table],
		isLeft: `SELECT 1 FROM ${table} WHERE org_id = ?1`,
		counted: "other_rows",
		statements: [`DELETE FROM ${table} WHERE org_id = ?1`],
	};
}

const FIRST_SESSIONS =
	"SELECT rowid, id FROM chat_sessions INDEXED BY chat_sessions_by_org WHERE org_id = ?1 ORDER BY started_at, id LIMIT 40";
const FIRST_INDEXED = `FROM (${FIRST_SESSIONS}) listed CROSS JOIN session_index i ON i.session_id = listed.id`;
const FIRST_CALLS =
	"SELECT rowid FROM voice_sessions INDEXED BY voice_sessions_by_org WHERE org_id = ?1 ORDER BY opened_at LIMIT 100";
const FIRST_RUNS = `
	SELECT r.rowid FROM workflows w CROSS JOIN workflow_runs r INDEXED BY workflow_runs_by_workflow ON r.workflow_id = w.id
	WHERE w.org_id = ?1 LIMIT 100`;
const FIRST_RESULTS = `
	SELECT g.run_id, g.position FROM golden_runs r INDEXED BY golden_runs_by_org CROSS JOIN golden_results g ON g.run_id = r.id
	WHERE r.org_id = ?1 LIMIT 250`;
const FIRST_PASSAGES = `
	SELECT p.id FROM knowledge k INDEXED BY knowledge_by_org CROSS JOIN knowledge_passages p ON p.knowledge_id = k.id WHERE k.org_id = ?1 LIMIT 200`;

/**
 * All that an org has, what hangs on other rows before these: a foreign key or a trigger would else take any number of rows along. A
 * test holds the list against the schema: every table with an `org_id` is here, but `orgs` and the trace.
 */
export const ORG_ERASURES: readonly OrgErasure[] = [
	{
		tables: ["turns"],
		isLeft: "SELECT 1 FROM turns WHERE org_id = ?1",
		counted: "other_rows",
		// What they reserved of the deployment's brake is given back. Only what is under way has a row there.
		statements: [
			"UPDATE turns SET messages = 0, voice_characters = 0, cost_usd_micros = 0 WHERE id IN (SELECT id FROM turns WHERE org_id = ?1 LIMIT 100)",
			"DELETE FROM turns WHERE id IN (SELECT id FROM turns WHERE org_id = ?1 LIMIT 100)",
		],
	},
	ofIndex("swept_turns", "swept_turns_by_org", 250),
	{
		tables: ["voice_sessions"],
		isLeft: "SELECT 1 FROM voice_sessions INDEXED BY voice_sessions_by_org WHERE org_id = ?1",
		counted: "other_rows",
		// As with turns, for those that nobody has closed. Each of them changes rows of the usage by triggers.
		statements: [
			`UPDATE voice_sessions SET status = 'failed' WHERE rowid IN (${FIRST_CALLS}) AND status = 'open'`,
			`DELETE FROM voice_sessions WHERE rowid IN (${FIRST_CALLS})`,
		],
	},
	ofKey("erasure_tokens", "user_id", 200),
	ofIndex("leads", "leads_by_org", 150, "leads"),
	// Before what they are found by, whose trigger would take these along.
	ofKey("session_terms", "term, number", 400),
	{
		tables: ["session_index"],
		isLeft: `SELECT 1 ${FIRST_INDEXED}`,
		counted: "other_rows",
		statements: [`DELETE FROM session_index WHERE number IN (SELECT i.number ${FIRST_INDEXED})`],
	},
	{
		tables: ["chat_messages"],
		isLeft: `SELECT 1 FROM (${FIRST_SESSIONS}) c CROSS JOIN chat_messages m INDEXED BY chat_messages_by_session ON m.session_id = c.id`,
		counted: "messages",
		statements: [
			`DELETE FROM chat_messages WHERE rowid IN (
				SELECT m.rowid FROM (${FIRST_SESSIONS}) listed
				CROSS JOIN chat_messages m INDEXED BY chat_messages_by_session ON m.session_id = listed.id LIMIT 250)`,
		],
	},
	{
		tables: ["chat_sessions"],
		isLeft: "SELECT 1 FROM chat_sessions INDEXED BY chat_sessions_by_org WHERE org_id = ?1",
		counted: "conversations",
		statements: [
			`DELETE FROM chat_sessions WHERE rowid IN (SELECT listed.rowid FROM (${FIRST_SESSIONS}) listed)
				AND NOT EXISTS (SELECT 1 FROM chat_messages m INDEXED BY chat_messages_by_session WHERE m.session_id = chat_sessions.id)`,
		],
	},
	ofKey("visitors", "visitor_id", 200),
	ofKey("question_stats", "site_id, slot", 250),
	ofKey("workflow_daily", "date, workflow_id", 250),
	{
		tables: ["workflow_runs"],
		isLeft: FIRST_RUNS,
		counted: "other_rows",
		statements: [`DELETE FROM workflow_runs WHERE rowid IN (${FIRST_RUNS})`],
	},
	ofIndex("workflows", "workflows_by_org", 100),
	ofKey("knowledge_vectors", "model, dimensions, knowledge_id, first_position", 100),
	// Before the terms, whose triggers would take these along.
	ofKey("knowledge_spellings", "spelling, place, term", 400),
	ofKey("knowledge_term_counts", "term", 900),
	ofKey("knowledge_terms", "term, weight, passage_id", 400),
	{
		tables: ["knowledge_passages"],
		isLeft: FIRST_PASSAGES,
		counted: "other_rows",
		statements: [`DELETE FROM knowledge_passages WHERE id IN (${FIRST_PASSAGES})`],
	},
	ofIndex("knowledge", "knowledge_by_org", 100),
	ofKey("metrics_daily", "date, site_id", 250),
	ofKey("safety_daily", "date, class, tier", 250),
	ofKey("usage_monthly", "month", 250),
	ofKey("usage_daily", "date", 250),
	ofKey("usage_clients", "date, client", 400),
	ofIndex("stripe_events", "stripe_events_by_org", 250),
	ofIndex("audit_log", "audit_log_by_org", 100),
	ofKey("team_members", "user_id", 400),
	{
		tables: ["golden_results"],
		isLeft: FIRST_RESULTS,
		counted: "other_rows",
		statements: [`DELETE FROM golden_results WHERE (run_id, position) IN (${FIRST_RESULTS})`],
	},
	ofIndex("golden_runs", "golden_runs_by_org", 100),
	ofKey("golden_usage", "date", 250),
	ofOne("golden_questions"),
	ofOne("config_drafts"),
	ofOne("org_config"),
	ofKey("config_versions", "version", 250),
	ofIndex("portal_sites", "portal_sites_by_org", 20),
];
