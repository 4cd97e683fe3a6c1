import type { LatencyColumn } from "./latency.ts";

/** The counters of a site's day (units in schema/portal-schema.sql). */
export type MetricsCounter =
	| "sessions"
	| "messages"
	| "visitors"
	| "errors"
	| "blocked"
	| "cache_hits"
	| "curated"
	| "unanswered"
	| "feedback_up"
	| "feedback_down"
	| "leads"
	| "input_tokens"
	| "output_tokens"
	| "cost_usd_micros"
	| "voice_requests"
	| "voice_characters"
	| "voice_sessions"
	| "voice_seconds"
	| "latency_sum_ms"
	| LatencyColumn;

/** The row of metrics_daily that an activity counts in. */
export interface MetricsDay {
	orgId: string;
	siteId: string;
	/** UTC day */
	date: string;
	/** ISO instant of the activity */
	now: string;
}

/** How far counters move, each in its own unit; a counter that is not named stays. */
export type MetricsDeltas = Partial<Record<MetricsCounter, number>>;

/**
 * The statement that adds to a site's day, making its row on the first activity. Whoever always names the same counters, be
 * they 0, always sends the same text, which SQLite then compiles once.
 */
export function metricsStatement(
	db: D1Database,
	{ orgId, siteId, date, now }: MetricsDay,
	deltas: MetricsDeltas,
): D1PreparedStatement {
	const text = textOf(Object.keys(deltas), "day");
	return db.prepare(text).bind(orgId, date, siteId, now, ...Object.values(deltas));
}

/**
 * The statement that books what a turn adds to its site's day, and, if it is the first, its session and its visitor. It adds
 * nothing where the turn has ended already.
 * @param turnId the row in `turns` says whose day it is
 */
export function turnMetricsStatement(db: D1Database, turnId: string, deltas: MetricsDeltas): D1PreparedStatement {
	const text = textOf(Object.keys(deltas), "turn");
	return db.prepare(text).bind(turnId, ...Object.values(deltas));
}

/** Whose row a statement finds org, site and day by: that of a turn under way, or of one that the sweep has settled. */
export type TurnSource = "turns" | "swept_turns";

/**
 * The statement that moves a site's day for a turn that the sweep has settled, which counted its session and its visitor then. It moves
 * nothing where the turn was put back already.
 * @param at ISO instant of the activity
 */
export function sweptMetricsStatement(
	db: D1Database,
	turnId: string,
	at: string,
	deltas: MetricsDeltas,
): D1PreparedStatement {
	const counters = Object.keys(deltas);
	const sql = `
		INSERT INTO metrics_daily (org_id, date, site_id, last_at, ${counters.join(", ")})
		SELECT org_id, date, site_id, ?2, ${counters.map((_, index) => `?${index + 3}`).join(", ")}
		FROM swept_turns WHERE id = ?1
		${sumsOf(counters)}
	`;
	return db.prepare(sql).bind(turnId, at, ...Object.values(deltas));
}

/** The texts made so far, by their columns. */
const texts = new Map<string, string>();

/** The column names come from the type above, never from input, so there are few texts. */
function textOf(counters: readonly string[], source: "day" | "turn"): string {
	const name = `${source} ${counters.join(" ")}`;
	const text = texts.get(name) ?? (source === "day" ? dayText(counters) : turnText(counters));
	texts.set(name, text);
	return text;
}

function dayText(counters: readonly string[]): string {
	return `
		INSERT INTO metrics_daily (org_id, date, site_id, last_at, ${counters.join(", ")})
		VALUES (?1, ?2, ?3, ?4, ${counters.map((_, index) => `?${index + 5}`).join(", ")})
		${sumsOf(counters)}
	`;
}

function turnText(counters: readonly string[]): string {
	return `
		INSERT INTO metrics_daily (org_id, date, site_id, last_at, sessions, visitors, ${counters.join(", ")})
		SELECT org_id, date, site_id, begun_at, new_session, new_visitor, ${counters.map((_, index) => `?${index + 2}`).join(", ")}
		FROM turns WHERE id = ?1
		${sumsOf(["sessions", "visitors", ...counters])}
	`;
}

function sumsOf(columns: readonly string[]): string {
	const sums = columns.map((column) => `${column} = ${column} + excluded.${column}`);
	return `ON CONFLICT (org_id, date, site_id) DO UPDATE SET last_at = MAX(last_at, excluded.last_at), ${sums.join(", ")}`;
}
