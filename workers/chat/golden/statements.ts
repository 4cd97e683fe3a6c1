import { numberColumn, textColumn, textColumnOrNull } from "../../lib/d1/row.ts";
import type { Row } from "../../lib/d1/row.ts";
import { asksAnyoneSql } from "../../lib/site/admission.ts";
import type { ProviderPolicy } from "../../lib/site/safeguards.ts";
import { DAY_MS, isoInstant, utcDate } from "../../lib/time.ts";

/** How long a step may be at work on a run before another may go on with it, ms: its questions have 20 s, its statements seconds. */
const LEASE_MS = 120_000;
/** A run that is not done by then never will be, ms. */
const MAX_AGE_MS = DAY_MS;
/** The hour, UTC, from which the nightly runs begin: night in America. */
const NIGHT_HOUR = 7;
/** Orgs whose nightly run begins in one minute; the others' begins in the next. */
const MAX_ORGS_A_MINUTE = 20;

/** Why a run ends before all its questions were answered. */
export type StoppedBy = "model_unavailable" | "budget_exhausted" | "org_inactive" | "internal";

/** Ends runs that nothing has become of. */
export function expiryStatement(db: D1Database, now: number): D1PreparedStatement {
	return db
		.prepare(`
			UPDATE golden_runs SET status = 'incomplete', stopped_by = 'expired', ended_at = ?1
			WHERE id IN (
				SELECT id FROM golden_runs INDEXED BY golden_runs_with_work
				WHERE status IN ('queued', 'running') AND busy_until <= ?1 AND created_at < ?2 LIMIT 50)
		`)
		.bind(isoInstant(now), isoInstant(now - MAX_AGE_MS));
}

/** Begins the night's runs of the orgs that have had none this day: a trigger makes the run. undefined = it is not night yet. */
export function nightStatement(db: D1Database, now: number): D1PreparedStatement | undefined {
	if (new Date(now).getUTCHours() < NIGHT_HOUR) return undefined;
	return db
		.prepare(`
			UPDATE golden_questions SET nightly_date = ?1
			WHERE org_id IN (
				SELECT org_id FROM golden_questions INDEXED BY golden_questions_by_night
				WHERE nightly_date < ?1 ORDER BY nightly_date, org_id LIMIT ${MAX_ORGS_A_MINUTE})
		`)
		.bind(utcDate(now));
}

/** Takes up the run that has waited longest since its last step. */
export function claimStatement(db: D1Database, now: number): D1PreparedStatement {
	return db
		.prepare(`
			UPDATE golden_runs SET status = 'running', busy_until = ?2
			WHERE id = (
				SELECT id FROM golden_runs INDEXED BY golden_runs_with_work
				WHERE status IN ('queued', 'running') AND busy_until <= ?1 ORDER BY busy_until, created_at LIMIT 1)
			RETURNING id, org_id, config
		`)
		.bind(isoInstant(now), isoInstant(now + LEASE_MS));
}

/** A run that was taken up. */
export interface ClaimedRun {
	id: string;
	orgId: string;
	/** JSON of the configuration that it asks. */
	config: string;
}

export function claimedRun(row: Row): ClaimedRun {
	return { id: textColumn(row, "id"), orgId: textColumn(row, "org_id"), config: textColumn(row, "config") };
}

/** The next questions of a run, up to `count`. */
export function questionsStatement(db: D1Database, runId: string, count: number): D1PreparedStatement {
	return db
		.prepare(`
			SELECT position, question FROM golden_results
			WHERE run_id = ?1 AND verdict IS NULL ORDER BY position LIMIT ?2
		`)
		.bind(runId, count);
}

/** Whose bot is asked: of the org's engines the oldest live one, by whose key its knowledge is found. */
export interface GoldenOrg {
	name: string;
	isActive: boolean;
	/** Its owner has written something. */
	hasKnowledge: boolean;
	siteKey: string | null;
	model: string | null;
	/** In force now, whatever the run's own configuration says. */
	providerPolicy: ProviderPolicy;
}

export function orgStatement(db: D1Database, orgId: string): D1PreparedStatement {
	return db
		.prepare(`
			SELECT o.name, o.status, o.knowledge_bytes, s.site_key, s.model, ${asksAnyoneSql("o.id")} AS asks_anyone
			FROM orgs o
			LEFT JOIN portal_sites s ON s.id = (
				SELECT id FROM portal_sites INDEXED BY portal_sites_by_org
				WHERE org_id = ?1 ORDER BY type, environment = 'live' DESC, created_at, id LIMIT 1)
			WHERE o.id = ?1
		`)
		.bind(orgId);
}

export function goldenOrg(row: Row): GoldenOrg {
	return {
		name: textColumn(row, "name"),
		isActive: !["churned", "inactive"].includes(textColumn(row, "status")),
		hasKnowledge: numberColumn(row, "knowledge_bytes") > 0,
		siteKey: textColumnOrNull(row, "site_key"),
		model: textColumnOrNull(row, "model"),
		providerPolicy: numberColumn(row, "asks_anyone") === 1 ? "any" : "baa",
	};
}

/** Reserves what a step may cost of the org's budget for the day; gives a row only where there is as much left. */
export function reservationStatement(
	db: D1Database,
	orgId: string,
	date: string,
	amounts: { worst: number; budget: number },
): D1PreparedStatement {
	return db
		.prepare(`
			INSERT INTO golden_usage (org_id, date, cost_usd_micros) SELECT ?1, ?2, ?3 WHERE ?3 <= ?4
			ON CONFLICT (org_id, date) DO UPDATE SET cost_usd_micros = cost_usd_micros + ?3 WHERE cost_usd_micros + ?3 <= ?4
			RETURNING cost_usd_micros
		`)
		.bind(orgId, date, amounts.worst, amounts.budget);
}

/** Gives back what of a reservation was not spent. */
export function settlementStatement(db: D1Database, orgId: string, date: string, unspent: number): D1PreparedStatement {
	return db
		.prepare("UPDATE golden_usage SET cost_usd_micros = MAX(0, cost_usd_micros - ?3) WHERE org_id = ?1 AND date = ?2")
		.bind(orgId, date, unspent);
}

/** What became of a question. */
export interface GoldenResult {
	position: number;
	faults: string[];
	/** ≤ 4,000 code points */
	answer: string;
	finish: string;
	/** Titles. */
	sources: string[];
}

export function resultStatement(db: D1Database, runId: string, result: GoldenResult): D1PreparedStatement {
	const { position, faults, answer, finish, sources } = result;
	return db
		.prepare(`
			UPDATE golden_results SET verdict = ?3, faults = ?4, answer = ?5, finish = ?6, sources = ?7
			WHERE run_id = ?1 AND position = ?2
		`)
		.bind(
			...[runId, position, faults.length === 0 ? "passed" : "failed"],
			...[JSON.stringify(faults), answer, finish, JSON.stringify(sources)],
		);
}

/** Ends a step: with the last question the run is complete, with a reason to stop it is not. */
export function stepEndStatement(
	db: D1Database,
	runId: string,
	{ now, spent, stoppedBy }: { now: number; spent: number; stoppedBy: StoppedBy | null },
): D1PreparedStatement {
	return db
		.prepare(`
			UPDATE golden_runs
			SET asked = counted.asked, passed = counted.passed, cost_usd_micros = cost_usd_micros + ?3, busy_until = ?2, stopped_by = ?4,
				status = CASE WHEN ?4 IS NOT NULL THEN 'incomplete' WHEN counted.asked = counted.questions THEN 'completed' ELSE 'running' END,
				ended_at = CASE WHEN ?4 IS NOT NULL OR counted.asked = counted.questions THEN ?2 END
			FROM (SELECT COUNT(*) AS questions, COUNT(verdict) AS asked, COUNT(*) FILTER (WHERE verdict = 'passed') AS passed
				FROM golden_results WHERE run_id = ?1) counted
			WHERE id = ?1 AND status = 'running'
			RETURNING status, total, asked, passed
		`)
		.bind(runId, isoInstant(now), spent, stoppedBy);
}

/** What the log tells of a run that has ended. */
export function endedRun(row: Row): { status: string; total: number; asked: number; passed: number } {
	return {
		status: textColumn(row, "status"),
		total: numberColumn(row, "total"),
		asked: numberColumn(row, "asked"),
		passed: numberColumn(row, "passed"),
	};
}
