import { DAY_MS, isoInstant, utcDate } from "../../lib/time.ts";
import type { Erasure, Work } from "./erasure.ts";

// Records and numbers that age by themselves, whoever's they are. Their periods stand in the README as well, in a table that a
// test holds against the schema.

/** Stripe delivers again for three days, and resends by hand for thirty. */
const STRIPE_EVENT_DAYS = 60;
const LEGACY_USAGE_DAYS = 60;
/** How long an org that keeps its conversations for good keeps its voice sessions: a year's bills can still be told apart. */
const VOICE_SESSION_DAYS = 400;
/** A page shows the runs of thirty days. */
const WORKFLOW_DAYS = 400;
/** Who did what: two years, as long as a dispute about it may take to come up. */
const AUDIT_DAYS = 730;
/** Two years and some: the longest range of a page is a year, and the range before it is shown beside it. */
const METRICS_DAYS = 800;
const USAGE_DAYS = 800;
/** Its rows stand for addresses: today and yesterday. */
const CLIENT_DAYS = 1;
const DEPLOYMENT_DAYS = 60;
const SIZE_DAYS = 400;

const STRIPE_EVENTS: Erasure = {
	of: "stripe_events",
	limit: 150,
	sql: `
		DELETE FROM stripe_events
		WHERE id IN (
			SELECT id FROM stripe_events INDEXED BY stripe_events_by_age WHERE processed_at < ?1 ORDER BY processed_at LIMIT 150)`,
};

const LEGACY_USAGE: Erasure = {
	of: "legacy_days",
	limit: 150,
	sql: `
		DELETE FROM legacy_usage
		WHERE (date, worker) IN (SELECT date, worker FROM legacy_usage WHERE date < ?1 ORDER BY date LIMIT 150)`,
};

const VOICE_SESSIONS: Erasure = {
	of: "voice_sessions",
	limit: 125,
	sql: `
		DELETE FROM voice_sessions
		WHERE rowid IN (
			SELECT rowid FROM voice_sessions INDEXED BY voice_sessions_by_age WHERE opened_at < ?1 ORDER BY opened_at LIMIT 125)`,
};

/** They go before the runs of their days, whose deletion would take them down to nothing by its trigger. */
const WORKFLOW_NUMBERS: Erasure = {
	of: "workflow_days",
	limit: 150,
	sql: `
		DELETE FROM workflow_daily
		WHERE (org_id, date, workflow_id) IN (
			SELECT org_id, date, workflow_id FROM workflow_daily INDEXED BY workflow_daily_by_age WHERE date < ?1 ORDER BY date LIMIT 150)`,
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

const AUDIT_LOG: Erasure = {
	of: "audit_rows",
	limit: 150,
	sql: `
		DELETE FROM audit_log
		WHERE id IN (SELECT id FROM audit_log INDEXED BY audit_log_by_age WHERE at < ?1 ORDER BY at LIMIT 150)`,
};

const METRICS: Erasure = {
	of: "metrics_days",
	limit: 150,
	sql: `
		DELETE FROM metrics_daily
		WHERE (org_id, date, site_id) IN (
			SELECT org_id, date, site_id FROM metrics_daily INDEXED BY metrics_daily_by_age WHERE date < ?1 ORDER BY date LIMIT 150)`,
};

/** A month goes before its days, each of which would by its trigger be taken out of it: a month is whole or it is not there. */
const USAGE_MONTHS: Erasure = {
	of: "usage_months",
	limit: 150,
	sql: `
		DELETE FROM usage_monthly
		WHERE (org_id, month) IN (
			SELECT org_id, month FROM usage_monthly INDEXED BY usage_monthly_by_age WHERE month < ?1 ORDER BY month LIMIT 150)`,
};

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

const CLIENTS: Erasure = {
	of: "client_days",
	limit: 150,
	sql: `
		DELETE FROM usage_clients
		WHERE (org_id, date, client) IN (
			SELECT org_id, date, client FROM usage_clients INDEXED BY usage_clients_by_age WHERE date < ?1 ORDER BY date LIMIT 150)`,
};

const DEPLOYMENT: Erasure = {
	of: "deployment_days",
	limit: 150,
	sql: `
		DELETE FROM usage_deployment
		WHERE date IN (SELECT date FROM usage_deployment WHERE date < ?1 ORDER BY date LIMIT 150)`,
};

const SIZES: Erasure = {
	of: "size_days",
	limit: 150,
	sql: `
		DELETE FROM database_sizes
		WHERE date IN (SELECT date FROM database_sizes WHERE date < ?1 ORDER BY date LIMIT 150)`,
};

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
		aged(month, USAGE_MONTHS, USAGE_DAYS_OF_MONTHS),
		aged(day(CLIENT_DAYS), CLIENTS),
		aged(day(DEPLOYMENT_DAYS), DEPLOYMENT),
		aged(day(SIZE_DAYS), SIZES),
	];
}

function aged(before: string, ...erasures: Erasure[]): Work {
	return { orgId: undefined, erasures, parameters: [before] };
}
