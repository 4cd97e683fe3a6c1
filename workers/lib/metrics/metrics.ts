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
 * @param visitorId counts this visitor, once a day; the statement then goes before the one that writes the visitor's session
 */
export function metricsStatement(
	db: D1Database,
	{ orgId, siteId, date, now }: MetricsDay,
	deltas: MetricsDeltas,
	visitorId?: string,
): D1PreparedStatement {
	const text = textOf(Object.keys(deltas), visitorId !== undefined);
	const visitor = visitorId === undefined ? [] : [visitorId];
	return db.prepare(text).bind(orgId, date, siteId, now, ...Object.values(deltas), ...visitor);
}

/** The texts made so far, by their columns. */
const texts = new Map<string, string>();

/** The column names come from the type above, never from input, so there are few texts. */
function textOf(counters: readonly string[], hasVisitor: boolean): string {
	const name = `${counters.join(" ")} ${hasVisitor}`;
	const known = texts.get(name);
	if (known !== undefined) return known;
	const columns = hasVisitor ? [...counters, "visitors"] : counters;
	const values = columns.map((_, index) => `?${index + 5}`);
	if (hasVisitor) {
		values[counters.length] = `NOT EXISTS (
				SELECT 1 FROM chat_sessions
				WHERE site_id = ?3 AND visitor_id = ?${counters.length + 5} AND last_active_date = ?2)`;
	}
	const text = `
			INSERT INTO metrics_daily (org_id, date, site_id, last_at, ${columns.join(", ")})
			VALUES (?1, ?2, ?3, ?4, ${values.join(", ")})
			ON CONFLICT (org_id, date, site_id) DO UPDATE
			SET last_at = MAX(last_at, excluded.last_at), ${columns.map((column) => `${column} = ${column} + excluded.${column}`).join(", ")}
		`;
	texts.set(name, text);
	return text;
}
