import { DAY_MS, isoInstant, utcDate } from "../../lib/time.ts";
import { REPLAY_DAYS } from "../../lib/site/turns.ts";
import type { Counted, Erasure, Work } from "./erasure.ts";

// Records and numbers that age by themselves, whoever's they are. Their periods stand in docs/privacy.md as well, in a table that a
// test holds against the schema.

/** Stripe delivers again for three days, and resends by hand for thirty. */
const STRIPE_EVENT_DAYS = 60;
const LEGACY_USAGE_DAYS = 60;
/** How long an org that keeps its conversations for good keeps its voice sessions: a year's bills can still be told apart. */
export const VOICE_SESSION_DAYS = 400;
/** A page shows the runs of thirty days. */
const WORKFLOW_DAYS = 400;
/** Who did what: two years, as long as a dispute about it may take to come up. */
export const AUDIT_DAYS = 730;
/** Two years and some: the longest range of a page is a year, and the range before it is shown beside it. */
export const METRICS_DAYS = 800;
const USAGE_DAYS = 800;
const SAFETY_DAYS = 800;
/** Its rows stand for addresses: today and yesterday. */
const CLIENT_DAYS = 1;
const DEPLOYMENT_DAYS = 60;
const SIZE_DAYS = 400;
/** That something was erased: as long as the audit log tells who did what. */
export const ERASURE_DAYS = 730;
/** They are good for minutes. */
const TOKEN_DAYS = 1;
/** As long as the audit log tells who made them. */
export const CONFIG_VERSION_DAYS = 730;
export const GOLDEN_RUN_DAYS = 90;
const GOLDEN_USAGE_DAYS = 60;

/** Rows that one statement erases of a table with one index beside its key. */
const STEP_ROWS = 150;

/**
 * The statement that erases the oldest rows of a table. Names of tables and columns are this file's own.
 * @param key the primary key's columns
 * @param age the column that ?1 bounds
 * @param index by which they are found; absent = the primary key begins with their age
 * @param limit rows of the table, fewer where it has more indexes
 */
function oldest(of: Counted, table: string, key: string, age: string, index?: string, limit = STEP_ROWS): Erasure {
	const indexed = index === undefined ? "" : ` INDEXED BY ${index}`;
	return {
		of,
		limit,
		sql: `
		DELETE FROM ${table}
		WHERE (${key}) IN (SELECT ${key} FROM ${table}${indexed} WHERE ${age} < ?1 ORDER BY ${age} LIMIT ${limit})`,
	};
}

const STRIPE_EVENTS = oldest("stripe_events", "stripe_events", "id", "processed_at", "stripe_events_by_age");
const LEGACY_USAGE = oldest("legacy_days", "legacy_usage", "date, worker", "date");
/** Of its rows each has eight or nine of indexes. */
const AUDIT_LOG = oldest("audit_rows", "audit_log", "id", "at", "audit_log_by_age", 100);
const METRICS = oldest("metrics_days", "metrics_daily", "org_id, date, site_id", "date", "metrics_daily_by_age");
const SAFETY = oldest("safety_days", "safety_daily", "org_id, date, class, tier", "date", "safety_daily_by_age");
const CLIENTS = oldest("client_days", "usage_clients", "org_id, date, client", "date", "usage_clients_by_age");
const DEPLOYMENT = oldest("deployment_days", "usage_deployment", "date", "date");
const SIZES = oldest("size_days", "database_sizes", "date", "date");

/** They go before the runs of their days, whose deletion would take them down to nothing by its trigger. */
const WORKFLOW_NUMBERS = oldest(
	"workflow_days",
	"workflow_daily",
	"org_id, date, workflow_id",
	"date",
	"workflow_daily_by_age",
);

/** A month goes before its days, each of which would by its trigger be taken out of it: a month is whole or it is not there. */
const USAGE_MONTHS = oldest("usage_months", "usage_monthly", "org_id, month", "month", "usage_monthly_by_age");

const USAGE_DAYS_OF_MONTHS: Erasure = {
	of: "usage_days",
	limit: 150,
	sql: `
		DELETE FROM usage_daily
		WHERE (org_id, date) IN (
			SELECT d.org_id, d.date
			FROM usage_daily d INDEXED BY usage_daily_by_age
			WHERE d.date < ?1 AND NOT EXISTS (SELECT 1 FROM usage_monthly m WHERE m.org_id = d.org_id AND m.month = substr(d.date, 1, 7))
			ORDER BY d.date
			LIMIT 150)`,
};

const VOICE_SESSIONS: Erasure = {
	of: "voice_sessions",
	limit: 125,
	sql: `
		DELETE FROM voice_sessions
		WHERE rowid IN (
			SELECT rowid FROM voice_sessions INDEXED BY voice_sessions_by_age WHERE opened_at < ?1 ORDER BY opened_at LIMIT 125)`,
};

/** The last run of a workflow stays, since the workflow shows it. */
const WORKFLOW_RUNS: Erasure = {
	of: "workflow_runs",
	limit: 100,
	sql: `
		DELETE FROM workflow_runs
		WHERE rowid IN (
			SELECT r.rowid
			FROM workflow_runs r INDEXED BY workflow_runs_by_age
			WHERE r.started_at < ?1
				AND NOT EXISTS (SELECT 1 FROM workflow_daily d WHERE d.org_id = r.org_id AND d.date = substr(r.started_at, 1, 10) AND d.workflow_id = r.workflow_id)
				AND NOT EXISTS (SELECT 1 FROM workflows w WHERE w.id = r.workflow_id AND w.last_run_at = r.started_at)
			ORDER BY r.started_at
			LIMIT 100)`,
};

/** Of each of these two, rows of one more index. */
const ERASURES = oldest("erasures", "erasures", "id", "at", "erasures_by_age");
const TOKENS = oldest("erasure_tokens", "erasure_tokens", "org_id, user_id", "expires_at", "erasure_tokens_by_age");

/** The version in force stays, however old it is. */
const CONFIG_VERSIONS: Erasure = {
	of: "config_versions",
	limit: 150,
	sql: `
		DELETE FROM config_versions
		WHERE (org_id, version) IN (
			SELECT v.org_id, v.version
			FROM config_versions v INDEXED BY config_versions_by_age
			WHERE v.created_at < ?1 AND NOT EXISTS (SELECT 1 FROM org_config c WHERE c.org_id = v.org_id AND c.version = v.version)
			ORDER BY v.created_at
			LIMIT 150)`,
};

/** Up to a hundred results go with a run, by its foreign key. */
const GOLDEN_RUNS = oldest("golden_runs", "golden_runs", "id", "created_at", "golden_runs_by_age", 4);
const GOLDEN_USAGE = oldest("golden_days", "golden_usage", "org_id, date", "date", "golden_usage_by_age");

const SWEPT_TURNS = oldest("swept_turns", "swept_turns", "id", "swept_at", "swept_turns_by_age");
const BOOKING_NOTES = oldest("booking_notes", "booking_notes", "id", "at", "booking_notes_by_age");

/** @param now epoch ms */
export function agedWork(now: number): Work[] {
	const instant = (days: number) => isoInstant(now - days * DAY_MS);
	const day = (days: number) => utcDate(now - days * DAY_MS);
	// Before a month's text come the months and the days of earlier ones, so it bounds both.
	const month = day(USAGE_DAYS).slice(0, 7);
	return [
		aged(instant(STRIPE_EVENT_DAYS), STRIPE_EVENTS),
		aged(day(LEGACY_USAGE_DAYS), LEGACY_USAGE),
		aged(instant(VOICE_SESSION_DAYS), VOICE_SESSIONS),
		aged(day(WORKFLOW_DAYS), WORKFLOW_NUMBERS, WORKFLOW_RUNS),
		aged(instant(AUDIT_DAYS), AUDIT_LOG),
		aged(day(METRICS_DAYS), METRICS),
		aged(day(SAFETY_DAYS), SAFETY),
		aged(month, USAGE_MONTHS, USAGE_DAYS_OF_MONTHS),
		aged(day(CLIENT_DAYS), CLIENTS),
		aged(day(DEPLOYMENT_DAYS), DEPLOYMENT),
		aged(day(SIZE_DAYS), SIZES),
		aged(instant(ERASURE_DAYS), ERASURES),
		aged(instant(TOKEN_DAYS), TOKENS),
		aged(instant(CONFIG_VERSION_DAYS), CONFIG_VERSIONS),
		aged(instant(GOLDEN_RUN_DAYS), GOLDEN_RUNS),
		aged(day(GOLDEN_USAGE_DAYS), GOLDEN_USAGE),
		aged(instant(REPLAY_DAYS), SWEPT_TURNS),
		aged(instant(REPLAY_DAYS), BOOKING_NOTES),
	];
}

function aged(before: string, ...erasures: Erasure[]): Work {
	return { orgId: undefined, erasures, parameters: [before] };
}
