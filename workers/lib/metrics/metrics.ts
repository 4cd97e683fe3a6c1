import { latencyColumn } from "./latency.ts";
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

export interface MetricsDay {
	orgId: string;
	siteId: string;
	/** UTC day */
	date: string;
	/** ISO instant of the activity */
	now: string;
}

export type MetricsDeltas = Partial<Record<MetricsCounter, number>>;

/** What an answered turn of this latency adds. */
export function latencyDeltas(latencyMs: number): MetricsDeltas {
	return { latency_sum_ms: latencyMs, [latencyColumn(latencyMs)]: 1 };
}

/**
 * The statement that adds to a site's day, making its row on the first activity. The column names come from the type
 * above, never from input, so only the counters that move are in the text.
 * @param visitorId counts this visitor, once a day; the statement then goes before the one that writes the visitor's session
 */
export function metricsStatement(
	db: D1Database,
	day: MetricsDay,
	deltas: MetricsDeltas,
	visitorId?: string,
): D1PreparedStatement {
	const moved = Object.entries(deltas).filter(([, delta]) => delta !== 0);
	const columns = moved.map(([column]) => column);
	const values = moved.map((_, index) => `?${index + 5}`);
	const bound: (string | number)[] = moved.map(([, delta]) => delta);
	if (visitorId !== undefined) {
		columns.push("visitors");
		bound.push(visitorId);
		values.push(
			`NOT EXISTS (SELECT 1 FROM chat_sessions WHERE site_id = ?3 AND visitor_id = ?${bound.length + 4} AND last_active_date = ?2)`,
		);
	}
	const sums = columns.map((column) => `, ${column} = ${column} + excluded.${column}`).join("");
	return db
		.prepare(`
			INSERT INTO metrics_daily (${["org_id", "date", "site_id", "last_at", ...columns].join(", ")})
			VALUES (${["?1", "?2", "?3", "?4", ...values].join(", ")})
			ON CONFLICT (org_id, date, site_id) DO UPDATE SET last_at = MAX(last_at, excluded.last_at)${sums}
		`)
		.bind(day.orgId, day.date, day.siteId, day.now, ...bound);
}
